"""A server and its client on one asyncio loop: accept, recv and close are made by the loop."""
import asyncio


async def answer(reader, writer):
    await reader.readexactly(5)
    writer.write(b"hi")
    await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"hello")
    await reader.read()
    writer.close()
    server.close()


asyncio.run(main())

# Calls of an asyncio program. See calls.py for the comments.
import asyncio


async def serve(reader, writer):
    data = await reader.read(100)
    writer.write(data)  #: sendto call writer.write(data)
    await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)  #: * call await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]  #: getsockname call server.sockets[0].getsockname()
    reader, writer = await asyncio.open_connection(host, port)  #: * call await asyncio.open_connection(host, port)
    writer.write(b"hello")  #: sendto call writer.write(b"hello")
    print(await reader.read(100))
    writer.close()
    server.close()  #: close call server.close()
    await server.wait_closed()


asyncio.run(main())  #: * call asyncio.run(main())

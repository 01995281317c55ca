"""A client and a server, two processes, exchange messages as often as the argument says; prints how many
sends and receives were made."""
import os
import socket
import sys

count = int(sys.argv[1])
listener = socket.create_server(("127.0.0.1", 0))
if os.fork() == 0:
    client = socket.create_connection(listener.getsockname())
    for _ in range(count):
        client.send(b"hello")
        client.recv(1024)
    client.close()
    os._exit(0)
server, _ = listener.accept()
while data := server.recv(1024):
    server.send(b"hi")
os.wait()
print(4 * count + 1)

#!/usr/bin/env python3
"""A hello/hi chat over TCP: the server.

Waits for one client, shows what it says, answers with what you type, and ends
when the client is gone. It is a first program and handles no failure: what goes
wrong ends in Python's own traceback. server_fixed.py is the corrected one.

One mistake is kept on purpose, because it is the lesson:
  An empty line is sent as b"", which is no bytes at all. The client gets
  nothing and goes on waiting, and this server waits for the client.
"""
import argparse
import socket

parser = argparse.ArgumentParser(description="hello/hi chat: the server")
parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
parser.add_argument("--port", default=12345, type=int, help="port to listen on (%(default)s)")
options = parser.parse_args()
host, port = options.host, options.port

# A socket of the internet family, for a stream of bytes: TCP.
serv_sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
# Its own address, ...
serv_sock.bind((host, port))
# ... and from now on the kernel accepts connections for it, up to ten in the queue.
serv_sock.listen(10)
print("waiting for the client", flush=True)

# Take the first connection out of the queue; it has a socket of its own.
clnt_sock, addr = serv_sock.accept()
print(f"the client {addr[0]}:{addr[1]} has connected", flush=True)

while True:
    data = clnt_sock.recv(1024)
    if not data:
        # Nothing at all means: the other side has closed.
        print("the client has disconnected")
        clnt_sock.close()
        break
    print("client: " + data.decode("utf-8"))
    msg = input("server: ")
    # Kept mistake: an empty msg sends nothing, and both sides then wait in recv.
    clnt_sock.send(msg.encode("utf-8"))

serv_sock.close()

#!/usr/bin/env python3
"""A hello/hi chat over TCP: the client.

Sends what you type, shows the answer, and ends when you type "exit". It is a
first program and handles no failure: what goes wrong ends in Python's own
traceback. client_fixed.py is the corrected one.

Two mistakes are kept on purpose, because they are the lesson:
  1. The socket is never closed. The "else" of a loop runs when the loop's
     condition becomes false, and never after "break"; this loop has no other
     way out. The kernel cleans up when the process ends.
  2. An empty line is sent as b"", which is no bytes at all. The server gets
     nothing and goes on waiting, and this client waits for the server.
"""
import argparse
import socket

parser = argparse.ArgumentParser(description="hello/hi chat: the client")
parser.add_argument("--host", default="127.0.0.1", help="the server's address (%(default)s)")
parser.add_argument("--port", default=12345, type=int, help="the server's port (%(default)s)")
options = parser.parse_args()
host, port = options.host, options.port

# A socket of the same kind as the server's.
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
# Its address is chosen by the kernel; only the server's has to be known.
sock.connect((host, port))

while True:
    msg = input("input: ")
    if msg == "exit":
        break
    # Kept mistake 2: an empty msg sends nothing, and both sides then wait in recv.
    sock.send(msg.encode("utf-8"))
    answer = sock.recv(1024)
    print("server: " + answer.decode("utf-8"))
else:
    # Kept mistake 1: "break" jumps over this branch.
    sock.close()

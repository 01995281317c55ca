# Sockets that are open when the interpreter ends. See calls.py for the comments.
import socket

a, b = socket.socketpair()  #: * call socket.socketpair()
b.send(b"x")  #: sendto call b.send(b"x")
#! close finalizing

# More frames than are kept, and many calls from a shallow stack. See calls.py for the comments.
import socket
import sys

sys.setrecursionlimit(2000)
a, b = socket.socketpair()  #: * call socket.socketpair()


def down(depth):
    if depth:
        return down(depth - 1)
    return a.send(b"x")  #: sendto call a.send(b"x")


for depth in (3, 200, 900, 3):
    down(depth)
for _ in range(300):
    a.send(b"y"), b.recv(9)  #: sendto call a.send(b"y") #: recvfrom call b.recv(9)
a.close(), b.close()  #: close call a.close() #: close call b.close()

"""Sends and receives one byte on a socketpair, as often as its argument says."""
import socket
import sys

left, right = socket.socketpair()


def exchange():
    left.send(b"x")
    right.recv(1)


for _ in range(int(sys.argv[1])):
    exchange()

"""Frames that lead round in a circle: what looks for the caller of a call must come to an end."""
import ctypes
import socket
import sys

PREVIOUS = 6  # struct _PyInterpreterFrame of CPython 3.11: its seventh word


def words(address, count):
    return (ctypes.c_uint64 * count).from_address(address)


def frame_of(python_frame):
    """The interpreter's own frame: f_frame, the fourth word of a PyFrameObject."""
    return words(id(python_frame), 4)[3]


def call_within(length, sock):
    """getsockname, called while the frames above lead back to this one after `length` of them."""
    frames = [frame_of(sys._getframe(depth)) for depth in range(length)]
    last = words(frames[-1], PREVIOUS + 1)
    before = last[PREVIOUS]
    last[PREVIOUS] = frames[0]
    try:
        sock.getsockname()
    finally:
        last[PREVIOUS] = before


def deeper(depth, length, sock):
    return call_within(length, sock) if depth == 0 else deeper(depth - 1, length, sock)


if sys.version_info[:2] == (3, 11):
    a, b = socket.socketpair()
    for circle in (1, 2, 5):
        deeper(6, circle, a)
        print("called in a circle of", circle)

# Sockets that are closed where no call is written. See calls.py for the comments.
import contextlib
import socket
import warnings

warnings.simplefilter("ignore")


def pair():
    return socket.socketpair()  #: * call socket.socketpair()


def left_block():
    a, b = pair()
    with a:  #: close leaving
        a.send(b"x")  #: sendto call a.send(b"x")
    with contextlib.closing(b) as sock:  #: close leaving
        sock.recv(1)  #: recvfrom call sock.recv(1)


def dropped_name():
    a, b = pair()
    del a  #: getsockname leaving a #: getpeername leaving a #: close leaving a
    b.recv(1)  #: recvfrom call b.recv(1)
    b = None  #: getsockname leaving b #: getpeername leaving b #: close leaving b


class Guard:
    def __init__(self, sock):
        self.sock = sock

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.sock.close()  #: close call self.sock.close()


def guarded():
    a, b = pair()
    with Guard(a) as guard, b:  #: close leaving
        guard.sock.send(b"x")  #: sendto call guard.sock.send(b"x")


left_block()
dropped_name()
guarded()

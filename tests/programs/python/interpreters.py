# One thread in two interpreters. See calls.py for the comments.
import socket
import sys

a, b = socket.socketpair()  #: * call socket.socketpair()
a.send(b"before")  #: sendto call a.send(b"before")
text = "import socket\nsock = socket.socket(fileno=%d)\nsock.send(b'within')\nsock.detach()\n" % a.fileno()
try:
    import _interpreters
    _interpreters.exec(_interpreters.create(), text)
except ImportError:
    import _xxsubinterpreters
    _xxsubinterpreters.run_string(_xxsubinterpreters.create(), text)
a.send(b"after")  #: sendto call a.send(b"after")
a.close(), b.close()  #: close call a.close() #: close call b.close()

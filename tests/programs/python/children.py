# Calls in a forked child and after a change of directory; also run by a relative path, by -m and as
# the text of -c. See calls.py for the comments.
import os
import socket

os.chdir("/")
a, b = socket.socketpair()  #: * call socket.socketpair()
child = os.fork()
if child == 0:
    a.send(b"from the child")  #: sendto call a.send(b"from the child")
    os._exit(0)


def hear():
    return b.recv(100)  #: recvfrom call b.recv(100)


assert os.waitpid(child, 0)[1] == 0
hear()
a.close(), b.close()  #: close call a.close() #: close call b.close()

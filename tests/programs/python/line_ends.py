# Line ends of another system, a byte order mark and wide characters. See calls.py for the comments.
import socket
a, b = socket.socketpair()  #: * call socket.socketpair()
name = "界😀"; a.send(name.encode()), print(b.recv(9))  #: sendto call a.send(name.encode()) #: recvfrom call b.recv(9)
a.close(); b.close()  #: close call a.close() #: close call b.close()

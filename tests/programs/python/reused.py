# Code objects that take each other's address: exec() of one text after another.
import socket

a, b = socket.socketpair()  #: * call socket.socketpair()
for round in range(50):
    exec(compile("\n" * round + "a.send(b'%d')" % round, "round %d" % round, "exec"))
a.close(), b.close()  #: close call a.close() #: close call b.close()

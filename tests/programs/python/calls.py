# Calls in every shape that one line or several can give them. A comment of the form
#   #: <system call, or *> <kind> <text>
# states what the tracer should say of that line (without text: any); several may follow each other.
# Every socket call of the file has one. #! states what has no line here; its text is the file.
import functools
import socket
import threading

a, b = socket.socketpair()  #: * call socket.socketpair()


def decorated(function):
    @functools.wraps(function)
    def around(*args):
        return function(*args)
    return around


@decorated
def send_decorated(sock, data):
    sock.send(data)  #: sendto call sock.send(data)


def pieces(sock):
    while True:
        yield sock.recv(1)  #: recvfrom call sock.recv(1)


class Peer:
    def __init__(self, sock):
        self.sock = sock

    def say(self, text):
        self.sock.sendall(text.encode())  #: sendto call self.sock.sendall(text.encode())
        return self

    def hear(self):
        return self.sock.recv(100)  #: recvfrom call self.sock.recv(100)


a.send(b"hello")  #: sendto call a.send(b"hello")
print(b.recv(1024).decode())  #: recvfrom call b.recv(1024)
a.send(b"1"); b.send(b"2")  #: sendto call a.send(b"1") #: sendto call b.send(b"2")
both = a.recv(1) + b.recv(1)  #: recvfrom call a.recv(1) #: recvfrom call b.recv(1)
word = "héllo wörld – 你好"; a.send(word.encode())  #: sendto call a.send(word.encode())
print("你好", b.recv(100).decode(), "→")  #: recvfrom call b.recv(100)
a.sendall(  #: sendto call a.sendall( b"spread over " b"lines", )
    # why
    b"spread over "
    b"lines",
)
print(
    b  #: recvfrom call b .recv(100)
    .recv(100)
    .decode()
)
send_decorated(a, b"xyz")
(lambda sock: sock.send(b"from a lambda"))(a)  #: sendto call sock.send(b"from a lambda")
assert [b.recv(1) for _ in range(3)] == [b"x", b"y", b"z"]  #: recvfrom call b.recv(1)
stream = pieces(b)
assert next(stream) + next(stream) == b"fr"
assert sum(len(b.recv(1)) for _ in range(2)) == 2  #: recvfrom call b.recv(1)
Peer(a).say("one").say("two")
Peer(b).hear()
a.send(b"last"), print(b.recv(max(len("last"), len(str(b.fileno())))))  #: sendto call a.send(b"last") #: recvfrom call b.recv(max(len("last"), len(str(b.fileno()))))
if a.send(b"?") and b.recv(1) == b"?":  #: sendto call a.send(b"?") #: recvfrom call b.recv(1)
    print("truth")


def in_thread():
    a.send(b"from a thread")  #: sendto call a.send(b"from a thread")


thread = threading.Thread(target=in_thread)
thread.start()
thread.join()
b.recv(100)  #: recvfrom call b.recv(100)
for sock in (a, b):
    sock.close()  #: close call sock.close()

"""One mistake a function, and beside it how it is done right: socktale has to tell them apart.

    mistakes.py NAME

Both ends are in this process unless a mistake needs two; pipes and blocking calls order what they do.
Nothing here prints what it found: the test reads the findings of the recorded run.
"""
import os
import select
import socket
import struct
import sys


def pair():
    """A client and the server's end of its connection, over TCP."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1)
        client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        client.connect(listening.getsockname())
        server, _ = listening.accept()
    return client, server


def never_closed():
    global client, server  # or leaving this function would close them
    client, server = pair()
    server.close()


def closed_in_with():
    client, server = pair()
    with client, server:
        client.send(b"hello")
        server.recv(1024)


def end_taken_for_data():
    client, server = pair()
    client.close()
    for _ in range(4):
        server.recv(1024)
    server.close()


def end_noticed():
    client, server = pair()
    client.send(b"hello")
    client.shutdown(socket.SHUT_WR)
    while server.recv(1024):
        pass
    server.send(b"hi")  # the peer still reads
    client.recv(1024)
    client.close()
    server.close()


def send_after_close():
    client, server = pair()
    server.close()
    try:
        while True:
            client.send(b"hello")
    except OSError:
        client.close()


def recv_per_send():
    client, server = pair()
    client.send(b"hello")
    client.send(b"world!")
    server.recv(1024)
    client.close()
    server.recv(1024)
    server.close()


def recv_per_line():
    client, server = pair()
    client.send(b"hello\n")
    client.send(b"world!\n")
    client.close()
    text = b""
    while True:
        data = server.recv(1024)
        if not data:
            break
        text += data
    server.close()


def cut_character():
    client, server = pair()
    client.send("你好".encode())
    client.close()
    print(server.recv(4).decode("utf-8", errors="replace"))
    print(server.recv(4).decode("utf-8", errors="replace"))
    server.close()


def collected_characters():
    client, server = pair()
    client.send("你好".encode())
    client.close()
    text = b""
    while True:
        data = server.recv(4)
        if not data:
            break
        text += data
    print(text.decode())
    server.close()


def short_send():
    client, server = pair()
    client.setblocking(False)
    client.send(b"x" * 50_000_000)
    client.close()
    while server.recv(1 << 20):
        pass
    server.close()


def rest_sent():
    client, server = pair()
    client.setblocking(False)
    left = memoryview(b"x" * 10_000_000)
    while left:
        try:
            left = left[client.send(left):]
        except BlockingIOError:
            server.recv(1 << 20)
    client.close()
    while server.recv(1 << 20):
        pass
    server.close()


def short_recv():
    client, server = pair()
    client.send(b"x" * 3000)
    server.recv(1024)
    server.close()
    client.close()


def empty_message():
    client, server = pair()
    if os.fork() == 0:
        client.close()
        server.recv(1024)
        os._exit(0)
    server.close()
    client.send(b"")
    client.recv(1024)


def both_waiting():
    client, server = pair()
    if os.fork() == 0:
        client.close()
        server.recv(1024)
        os._exit(0)
    server.close()
    client.recv(1024)


def port_lingers():
    client, server = pair()
    address = server.getsockname()
    server.close()
    client.recv(1024)
    client.close()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as again:
        try:
            again.bind(address)
        except OSError:
            pass


def port_reused():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", 0))
        listening.listen(1)
        address = listening.getsockname()
        client = socket.create_connection(address)
        server, _ = listening.accept()
    server.close()
    client.recv(1024)
    client.close()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(address)


def port_taken():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as first:
        first.bind(("127.0.0.1", 0))
        first.listen(1)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as second:
            second.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                second.bind(first.getsockname())
            except OSError:
                pass


def listen_before_bind():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.listen(1)
        try:
            server.bind(("127.0.0.1", 0))
        except OSError:
            pass


def refused(listen_at, connect_to, family=socket.AF_INET, v6only=False):
    """A connect to `connect_to`, at the port that a socket at `listen_at` has."""
    listening_family = socket.AF_INET6 if ":" in listen_at else socket.AF_INET
    with socket.socket(listening_family, socket.SOCK_STREAM) as server:
        if v6only:
            server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        server.bind((listen_at, 0))
        server.listen(1)
        port = server.getsockname()[1]
        with socket.socket(family, socket.SOCK_STREAM) as client:
            try:
                client.connect((connect_to, port))
            except OSError:
                pass


def refused_elsewhere():
    refused("127.0.0.1", "127.0.0.2")


def other_loopback():
    refused("127.0.0.1", "::1", socket.AF_INET6)


def only_inet6():
    refused("::", "127.0.0.1", v6only=True)


def every_address_tried():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        port = server.getsockname()[1]
        for family, host in ((socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.1")):
            with socket.socket(family, socket.SOCK_STREAM) as client:
                try:
                    client.connect((host, port))
                except OSError:
                    continue


def refused_too_early():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.bind(("127.0.0.1", 0))
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
            try:
                client.connect(server.getsockname())
            except OSError:
                pass
        server.listen(1)


def swapped_ports():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        low, high = struct.pack("<H", server.getsockname()[1])
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
            try:
                client.connect(("127.0.0.1", low << 8 | high))
            except OSError:
                pass


def full_backlog():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        clients = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(3)]
        for client in clients:
            client.settimeout(0.5)
            try:
                client.connect(server.getsockname())
            except OSError:
                pass
        for client in clients:
            client.close()


def blocking_in_loop():
    a, b = socket.socketpair()
    c, d = socket.socketpair()
    ready, go = os.pipe()
    if os.fork() == 0:
        b.close()
        d.close()
        a.send(b"hello")
        os.read(ready, 1)
        select.select([], [], [], 0.1)  # the other side is to wait for this
        a.send(b"more")
        c.send(b"hello")
        os._exit(0)
    a.close()
    c.close()
    poll = select.poll()
    poll.register(b, select.POLLIN)
    poll.register(d, select.POLLIN)
    poll.poll()
    b.recv(1024)
    os.write(go, b"x")
    b.recv(1024)
    poll.poll()
    d.recv(1024)
    b.close()
    d.close()
    os.wait()


if __name__ == "__main__":
    globals()[sys.argv[1]]()

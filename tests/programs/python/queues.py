"""Brings sockets into states that ss shows, then runs ss itself and keeps what it prints: unread bytes, a
connection that nobody has accepted, TIME_WAIT, for IPv4, IPv6 and IPv4 on an IPv6 socket; UDP and AF_UNIX
too. Prints one JSON object: ss's lines by command, and the ports and inodes that are its own. Nothing is
under way by then, so that ss sees what is to be seen at the end of the last call before it."""
import json
import os
import socket
import subprocess
import sys

FIN_WAIT2 = 5  # include/net/tcp_states.h
held = []  # stays open to the end


def keep(*sockets):
    held.extend(sockets)
    return sockets[0]


def tcp(family, host, client_family=None, client_host=None):
    """A listening socket with an accepted, an unaccepted and a closed connection; its port."""
    listener = keep(socket.socket(family))
    listener.bind((host, 0))
    listener.listen(5)
    port = listener.getsockname()[1]

    def connect():
        client = socket.socket(client_family or family)
        client.connect((client_host or host, port))
        return client

    closed = connect()
    accepted, _ = listener.accept()
    closed.close()
    accepted.close()  # both sides closed; the client was the first: TIME_WAIT

    client = keep(connect())
    server = keep(listener.accept()[0])
    client.send(b"unread")
    server.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    waiting = keep(connect())  # stays in the queue
    waiting.send(b"early")
    half = keep(connect())
    half.shutdown(socket.SHUT_WR)  # FIN_WAIT2, and CLOSE_WAIT at an end that nobody has accepted
    while half.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != FIN_WAIT2:
        os.sched_yield()  # the other end takes its time to acknowledge
    listener.listen(5)  # changes nothing; a call at whose end all of this stands as it will
    return port


def udp():
    receiver = keep(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    receiver.bind(("127.0.0.1", 0))
    sender = keep(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    sender.connect(receiver.getsockname())
    sender.send(b"datagram")
    unbound = keep(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    unbound.sendto(b"another", receiver.getsockname())  # gives it a port
    return [each.getsockname()[1] for each in (receiver, sender, unbound)]


def local():
    one, other = socket.socketpair()
    keep(one, other)
    one.send(b"hello")
    return [os.fstat(one.fileno()).st_ino, os.fstat(other.fileno()).st_ino]


def ss(*options):
    return subprocess.run(["ss", *options], capture_output=True, text=True, check=True).stdout.splitlines()


found = {"inodes": local(), "udp": udp()}
found["tcp"] = [tcp(socket.AF_INET, "127.0.0.1"), tcp(socket.AF_INET6, "::1"),
                tcp(socket.AF_INET6, "::", socket.AF_INET, "127.0.0.1")]
held[1].recv(1)  # the first message that is received: the report's moment
found["-tanH"] = ss("-tanH")
found["-uanH"] = ss("-uanH")
found["-xanH"] = ss("-xanH")
try:
    found["netstat"] = subprocess.run(["netstat", "-ant"], capture_output=True, text=True, check=True).stdout.splitlines()
except FileNotFoundError:
    found["netstat"] = None  # net-tools is not everywhere
json.dump(found, sys.stdout)

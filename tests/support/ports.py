"""Ports of the loopback interface. Shared by the Python tests and benchmarks."""
import pathlib
import re
import socket


def free_port():
    """A port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port):
    """Somebody takes connections at this port of an IPv4 address."""
    return re.search(rf":{port:04X} 00000000:0000 0A ", pathlib.Path("/proc/net/tcp").read_text()) is not None

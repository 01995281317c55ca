"""Real programs print the same under strace and under socktale, but for what README.md explains."""
import contextlib
import http.client
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

import lines
import running  # which says where those below are
from ports import free_port, listens
from processes import gone, state, switches, wait_until
import ssh_server

LEAST = 99.0  # percent of the lines
# Of every call, where less is a matter of chance, as README.md explains.
KNOWN = {"nc": 96.0, "socat": 97.0, "ssh": 96.0}
PATIENCE = 30  # seconds until something is taken to be in vain
PYTHON = "/usr/bin/python3"


def waking(folder, act):
    """What `act` gives, which wakes the program, once it sleeps again or has ended."""
    pid = pid_in(folder)
    before = switches(pid)
    result = act()
    wait_until(lambda: gone(pid) or (switches(pid) != before and sleeps(folder)), PATIENCE)
    return result


def once_waiting(folder, port):
    """A connection to a traced server, once it has slept until one came, and sleeps again."""
    wait_until(lambda: listens(port) and sleeps(folder), PATIENCE)
    return waking(folder, lambda: socket.create_connection(("127.0.0.1", port), timeout=30))


@contextlib.contextmanager
def served(answer, port, folder=None, to_its_end=False):
    """A server for one traced client: takes one connection after the other, reads, answers, closes. With
    the folder of with_pid, it answers once the client sleeps, and perhaps has sent all that it has, and closes
    when it sleeps again."""
    with socket.create_server(("127.0.0.1", port)) as server:
        def serve():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection:
                        while connection.recv(65536) and to_its_end:
                            continue
                        if folder:
                            wait_until(lambda: sleeps(folder), PATIENCE)
                            waking(folder, lambda: connection.sendall(answer))
                        else:
                            connection.sendall(answer)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)


@contextlib.contextmanager
def visited(folder, visit):
    """A visitor of a traced server; what it does has to end the server."""
    failures = []

    def go():
        try:
            visit(folder)
        except Exception as failure:  # pylint: disable=broad-except
            failures.append(failure)
            with contextlib.suppress(OSError, ValueError):
                end_server(folder, signal.SIGKILL)
    thread = threading.Thread(target=go, daemon=True)
    thread.start()
    yield
    thread.join(60)
    if failures:
        raise failures[0]


def with_pid(*command):
    """The command, with its pid written where end_server finds it."""
    return ["/bin/sh", "-c", 'echo $$ >pid; exec "$@"', "sh", *command]


def piped(*command):
    """The same, with something to read."""
    return ["/bin/sh", "-c", 'echo hello | exec "$@"', "sh", *with_pid(*command)]


def pid_in(folder):
    return int((folder / "pid").read_text())


def sleeps(folder):
    return state(pid_in(folder)) == "S"


def end_server(folder, number=signal.SIGTERM):
    os.kill(pid_in(folder), number)


@contextlib.contextmanager
def sshd(folder, port):
    with subprocess.Popen(ssh_server.server(folder, port), stderr=subprocess.DEVNULL) as server:
        try:
            wait_until(lambda: listens(port), PATIENCE)
            yield
        finally:
            server.terminate()


def timed(output):
    """Without what clocks make of each run: the time that a wait has left, and waits in which it ran out."""
    output = re.sub(r"(\], \d+, )[1-9]\d*\)", r"\1LEFT)", output)
    return re.sub(r"^\d+ +epoll_wait\(.*\[\], \d+, \w+\) += 0\n", "", output, flags=re.M)


def enciphered(output):
    """Nor what ciphers do: bytes of the connection, and into how many reads they fall."""
    output = re.sub(r'((?:read|write)\(\d+(?:<TCP[^>]*->[^>]*>)?, )"(?:[^"\\]|\\.)*"(?:\.\.\.)?', r"\1BYTES", output)
    output = re.sub(r"(read\([^,]*, BYTES, \d+\) += )[1-9]\d*", r"\1SOME", timed(output))
    return re.sub(r"^(.* poll\(.*\n.* read\(.*\n)\1+", r"\1", output, flags=re.M)


class Programs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if why := running.unusable():
            raise unittest.SkipTest(why)

    def needs(self, name):
        path = shutil.which(name)
        if path is None:
            self.skipTest(f"{name} is not installed")
        return path

    def check(self, name, program, around=None, forget=str):
        """Two runs of a program that others talk to may differ by chance, so it has three tries."""
        for last in (False, False, True):
            net = running.net_score(program, around, forget)
            every, decorated = running.descriptor_scores(program, around, forget)
            print()
            for what, score in (("%net", net), ("every call", every), ("descriptors", decorated)):
                print(f"   {name:14} {what:12} {score}", flush=True)
            wrong = [(what, score)
                     for what, score, least in (("%net", net, LEAST), ("every call", every, KNOWN.get(name, LEAST)))
                     if score.total == 0 or 100 * score.matched / score.total < least]
            if not wrong:
                return
            if last:
                self.fail("\n".join(f"{name}, {what}: {score}\n{lines.told(score)}" for what, score in wrong))

    def test_curl(self):
        port = free_port()
        answer = b"HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello\n"
        self.check("curl", with_pid(self.needs("curl"), "-s", f"http://127.0.0.1:{port}/"),
                   lambda folder: served(answer, port, folder), timed)

    def test_nc_client(self):
        port = free_port()
        self.check("nc", piped(self.needs("nc"), "-N", "127.0.0.1", str(port)),
                   lambda folder: served(b"answer\n", port, folder, True))

    def test_nc_server(self):
        port = free_port()

        def visit(folder):
            with once_waiting(folder, port) as connection:
                waking(folder, lambda: connection.sendall(b"hello\n"))
                connection.shutdown(socket.SHUT_WR)
                connection.recv(100)
        self.check("nc -l", with_pid(self.needs("nc"), "-l", "127.0.0.1", str(port)),
                   lambda folder: visited(folder, visit))

    def test_socat(self):
        port = free_port()
        self.check("socat", piped(self.needs("socat"), "-", f"TCP4:127.0.0.1:{port}"),
                   lambda folder: served(b"answer\n", port, folder, True))

    def test_http_server(self):
        port = free_port()

        def visit(folder):
            (folder / "page").write_text("hello\n")
            client = http.client.HTTPConnection("127.0.0.1", port)
            client.sock = once_waiting(folder, port)
            client.request("GET", "/page")
            client.getresponse().read()
            client.close()
            wait_until(lambda: len(os.listdir(f"/proc/{pid_in(folder)}/task")) == 1, PATIENCE)  # its thread has ended
            end_server(folder)
        self.check("http.server",
                   with_pid(PYTHON, "-m", "http.server", "--bind", "127.0.0.1", str(port)),
                   lambda folder: visited(folder, visit))

    def redis(self):
        """redis-tools has the server's program under another name."""
        return shutil.which("redis-server") or self.needs("redis-check-rdb")

    def test_redis_server(self):
        server, port = self.redis(), free_port()

        def visit(folder):
            with once_waiting(folder, port) as connection:
                for command in (b"PING\r\n", b"SET key value\r\n", b"GET key\r\n"):
                    connection.sendall(command)
                    connection.recv(4096)
                connection.sendall(b"SHUTDOWN NOSAVE\r\n")
                connection.recv(4096)
        program = ["/bin/bash", "-c", 'echo $$ >pid; exec -a redis-server "$@"', "bash", server,
                   "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        self.check("redis-server", program, lambda folder: visited(folder, visit), timed)

    def test_redis_cli(self):
        port = free_port()
        self.check("redis-cli", [self.needs("redis-cli"), "-p", str(port), "PING"],
                   lambda folder: served(b"+PONG\r\n", port))

    def test_ip(self):
        self.check("ip addr", [self.needs("ip"), "addr"])

    def test_getent(self):
        self.check("getent ahosts", [self.needs("getent"), "ahosts", "localhost"])

    def test_ssh(self):
        if why := ssh_server.missing():
            self.skipTest(why)
        self.needs("ssh")
        port = free_port()
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="socktale-ssh-")))
        ssh_server.make_keys(folder)
        with sshd(folder, port):
            self.check("ssh", ssh_server.client(folder, port, "echo hello"), forget=enciphered)


if __name__ == "__main__":
    unittest.main()

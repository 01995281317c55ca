"""Who talked to whom in programs that nobody here wrote: every connection has both ends and every
byte that was received is of a send."""
import json
import subprocess
import textwrap
import unittest

from servers import PAGE, THREADS, needs, nginx_script, redis_script
from support import PYTHON, SOCKTALE, TestCase, free_port, run

# The queue has room for one; the second client is in SYN_SENT until the first has been accepted.
FULL_QUEUE = """
import socket, threading
with socket.socket() as server:
    server.bind(("127.0.0.1", 0))
    server.listen(0)
    port = server.getsockname()[1]
    first, second = socket.socket(), socket.socket()
    first.connect(("127.0.0.1", port))
    thread = threading.Thread(target=second.connect, args=(("127.0.0.1", port),))
    thread.start()
    asks = lambda line: line.split()[2].endswith(f":{port:04X}") and line.split()[3] == "02"
    while not any(asks(line) for line in open("/proc/net/tcp")):
        pass
    accepted = server.accept()[0]
    thread.join()
    other = server.accept()[0]
    for each in (first, second, accepted, other): each.close()
"""

PAIR = """
import os, socket
one, two = socket.socketpair()
if os.fork() == 0:
    one.close()
    while data := two.recv(7): two.sendall(data * 2)
    os._exit(0)
two.close()
for size in (1, 10, 100):
    one.sendall(b"x" * size)
    left = 2 * size
    while left: left -= len(one.recv(64))
one.close()
os.wait()
"""

UNIX_DATAGRAMS = """
import os, socket, sys
one, two = (socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(2))
one.bind(sys.argv[1] + "/one"); two.bind(sys.argv[1] + "/two")
for text in (b"first", b"", b"a longer message"):
    one.sendto(text, sys.argv[1] + "/two")
    data, sender = two.recvfrom(8)
    two.sendto(data, sender)
    one.recv(100)
left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
left.send(b"pair"); left.send(b"of"); right.recv(10); right.recv(10)
"""

UDP = """
import socket
server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
server.bind(("::", 0))
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(5):
    client.sendto(b"question %d" % number, ("127.0.0.1", server.getsockname()[1]))
    data, sender = server.recvfrom(100)
    server.sendto(b"answer to " + data, sender)
    client.recvfrom(100)
"""


class Talk(TestCase):
    def told(self, *command, **options):
        """The JSON report of a recorded command."""
        self.trace("run", "--", *command, **options)
        return self.report(self.folder / "trace.jsonl")

    def complete(self, report, connections):
        """All have both ends, and what was received was sent."""
        self.assertEqual(len(report["connections"]), connections)
        for one in report["connections"]:
            self.assertTrue(all(end["socket"] for end in one["ends"]), one)
        self.received_was_sent(report)

    def received_was_sent(self, report):
        moved = {}
        for transfer in report["transfers"]:
            self.assertIsNotNone(transfer["send"], transfer)
            self.assertFalse(transfer["contradicted"], transfer)
            if transfer["recv"] is not None:
                moved[transfer["recv"]] = moved.get(transfer["recv"], 0) + transfer["length"]
        calls = [call for step in report["steps"] for call in step["calls"]]
        takers = ("read", "readv", "recvfrom", "recvmsg")
        for call in calls:
            peeked = any("MSG_PEEK" in arg["text"] for arg in call["args"] if arg["name"] == "flags")
            if call["name"] in takers and call["outcome"] and call["outcome"]["result"] > 0 and not peeked:
                self.assertEqual(moved.get(call["id"]), call["outcome"]["result"], call["text"])
        self.assertTrue(moved)

    def program(self, text, *arguments):
        path = self.folder / "program.py"
        path.write_text(textwrap.dedent(text))
        return self.told(PYTHON, path, *arguments)

    def test_socketserver_with_twenty_threads(self):
        report = self.program(THREADS.format(queue=64))
        self.complete(report, 20)
        self.assertTrue(all(one["closed_first"] == 0 for one in report["connections"]))

    def test_a_connect_waits_for_room_in_the_queue(self):
        report = self.program(FULL_QUEUE)
        self.assertEqual(len(report["connections"]), 2)
        wait, = [wait for wait in report["waits"] if wait["for"] == "queue"]
        calls = {call["id"]: call for step in report["steps"] for call in step["calls"]}
        self.assertEqual(calls[wait["call"]]["name"], "connect")
        self.assertTrue(calls[wait["released_by"]]["name"].startswith("accept"))
        self.assertIn("which was full", wait["says"])

    def test_socketpair_across_a_fork(self):
        self.complete(self.program(PAIR), 1)

    def test_unix_datagrams(self):
        report = self.program(UNIX_DATAGRAMS, self.folder)
        self.complete(report, 2)
        self.assertEqual([t["cut"] for t in report["transfers"] if t["cut"]], [8])

    def test_udp_from_a_socket_without_a_name(self):
        report = self.program(UDP)
        self.complete(report, 1)
        self.assertEqual(len(report["transfers"]), 10)

    @needs("redis-server", "redis-benchmark", "redis-cli")
    def test_redis(self):
        report = self.told("sh", "-c", redis_script(free_port()))
        self.assertGreaterEqual(len(report["connections"]), 100)
        self.complete(report, len(report["connections"]))

    @needs("nginx", "curl")
    def test_curl_on_nginx(self):
        report = self.told("sh", "-c", nginx_script(self.folder, free_port()))
        self.assertEqual((self.folder / "got").read_text(), PAGE)
        web = [one for one in report["connections"] if one["ends"][0]["address"] and one["ends"][0]["address"]["family"] == "AF_INET"]
        self.assertTrue(web)
        for one in web:
            self.assertTrue(all(end["socket"] for end in one["ends"]), one)
        self.received_was_sent(report)

    def test_traces_taken_apart(self):
        folder = self.folder
        server = textwrap.dedent("""
            import socket, sys
            with socket.create_server(("127.0.0.1", 0)) as server:
                print(server.getsockname()[1], flush=True)
                sock, _ = server.accept()
                with sock:
                    while data := sock.recv(3): sock.sendall(data)
            """)
        client = textwrap.dedent("""
            import socket, sys
            with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as sock:
                for text in (b"one", b"two words", b"three"):
                    sock.sendall(text)
                    left = len(text)
                    while left: left -= len(sock.recv(100))
            """)
        command = [SOCKTALE, "run", "-q", "--role", "server", "-o", folder / "s.jsonl", "--", PYTHON, "-c", server]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            port = process.stdout.readline().strip()
            result = run("run", "-q", "--role", "client", "-o", folder / "c.jsonl", "--", PYTHON, "-c", client, port)
            self.assertEqual(result.returncode, 0, result.stderr)
        # The client's machine has another idea of the date.
        lines = (folder / "c.jsonl").read_text().splitlines(keepends=True)
        header = json.loads(lines[0])
        header["began_at_ns"] -= 3600 * 10**9
        (folder / "c.jsonl").write_text("".join([json.dumps(header) + "\n", *lines[1:]]))
        result = run("report", folder / "s.jsonl", folder / "c.jsonl", "--to", "json")
        self.assertEqual(result.returncode, 0, result.stderr)
        report = json.loads(result.stdout)
        self.complete(report, 1)
        self.assertTrue(any("give or take" in remark for remark in report["remarks"]), report["remarks"])
        self.assertEqual({side["role"] for side in report["sides"]}, {"server", "client"})


if __name__ == "__main__":
    unittest.main()

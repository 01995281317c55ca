"""Exports in the programs that they are for: tshark and PlantUML; ShiViz by what its clocks must be."""
import json
import os
import pty
import re
import shutil
import subprocess
import unittest

from support import PYTHON, ROOT, SOCKTALE, TestCase, free_port, run

CHECKS = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"]
TROUBLE = " || ".join([
    "_ws.malformed", "tcp.analysis.retransmission", "tcp.analysis.lost_segment", "tcp.analysis.out_of_order",
    "tcp.analysis.ack_lost_segment", "tcp.analysis.duplicate_ack", "tcp.analysis.window_full",
    "tcp.checksum.status == 0", "ip.checksum.status == 0", "udp.checksum.status == 0"])

HTTP = """
import http.server, subprocess, sys, threading
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
thread = threading.Thread(target=server.handle_request)
thread.start()
subprocess.run(["curl", "-s", "-o", "/dev/null", f"http://127.0.0.1:{server.server_port}/"], check=True)
thread.join()
server.server_close()
"""

MANY = """
import socket, sys, threading
server = socket.create_server(("127.0.0.1", 0))
data = bytes(range(256)) * 2000
def serve():
    peer, _ = server.accept()
    with peer:
        while part := peer.recv(70001): peer.sendall(part)
        peer.shutdown(socket.SHUT_WR)
thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(server.getsockname()) as sock:
    sender = threading.Thread(target=lambda: (sock.sendall(data), sock.shutdown(socket.SHUT_WR)))
    sender.start()
    while sock.recv(3000): pass
    sender.join()
thread.join()
"""

DATAGRAMS = """
import socket
for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    one, two = (socket.socket(family, socket.SOCK_DGRAM) for _ in range(2))
    one.bind((host, 0))
    for text in (b"question", b"", b"x" * 9000):
        two.sendto(text, one.getsockname())
        data, sender = one.recvfrom(10000)
        one.sendto(data, sender)
        two.recv(10000)
left, right = socket.socketpair()
left.sendall(b"over a pair"); right.recv(100)
"""


class Packets(TestCase):
    def setUp(self):
        super().setUp()
        if not shutil.which("tshark"):
            self.skipTest("tshark is not installed")

    def capture(self, *command, payload=None):
        trace = self.folder / "trace.jsonl"
        more = [] if payload is None else ["--payload", payload]
        self.trace(*command[:1], *more, *command[1:])
        self.file = self.folder / "run.pcapng"
        result = run("report", trace, "--to", "pcapng", "-o", self.file)
        self.assertEqual(result.returncode, 0, result.stderr)

    def tshark(self, *arguments):
        # What a person has set up, and files of other sessions, are no matter of the test.
        result = subprocess.run(["tshark", "-n", "-r", self.file, *CHECKS, *arguments], capture_output=True,
                                text=True, check=False, timeout=120, env={**os.environ, "HOME": str(self.folder)})
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def fields(self, *names, only=""):
        more = [argument for name in names for argument in ("-e", name)]
        table = self.tshark("-Y", only or "frame", "-T", "fields", "-E", "occurrence=a", *more)
        return [line.split("\t") for line in table.splitlines()]

    def sound(self):
        self.assertEqual(self.tshark("-Y", TROUBLE, "-V"), "")

    def followed(self, stream=0):
        """The bytes of both directions as tshark puts them together."""
        text = self.tshark("-q", "-z", f"follow,tcp,raw,{stream}")
        sides = ["", ""]
        for line in text.splitlines():
            if re.fullmatch(r"\t?[0-9a-f]+", line):
                sides[line.startswith("\t")] += line.strip()
        return [bytes.fromhex(side) for side in sides]

    def test_a_chat(self):
        for family in ("inet", "inet6", "unix"):
            with self.subTest(family):
                self.capture("chat", "--port", free_port(), "--family", family, "--server", "cpp", "--client", "cpp")
                self.sound()
                self.assertEqual(self.followed(), [b"hello", b"hi"])
                syn, = self.fields("frame.comment", only="tcp.flags.syn == 1 && tcp.flags.ack == 0")
                self.assertRegex(syn[0], r"client pid \d+ tid \d+ fd 3: connect\(.* client\.cpp:\d+ ")
                for comment, in self.fields("frame.comment", only="tcp.len > 0"):
                    self.assertRegex(comment, r"(client|server) pid \d+ tid \d+ fd \d+: .* message\.cpp:\d+ send")
                self.assertEqual(len(self.fields("frame.number", only="tcp.flags.fin == 1")), 2)

    def test_it_says_that_it_is_made(self):
        self.capture("chat", "--port", free_port())
        about = subprocess.run(["capinfos", self.file], capture_output=True, text=True, check=False).stdout
        self.assertIn("synthetic: made from recorded calls, not captured", about)
        self.assertIn("nanoseconds", about)

    def test_http(self):
        if not shutil.which("curl"):
            self.skipTest("curl is not installed")
        self.capture("run", "--", PYTHON, "-c", HTTP)
        self.sound()
        self.assertEqual(self.fields("http.request.method", only="http.request"), [["GET"]])
        self.assertEqual(self.fields("http.response.code", only="http.response"), [["200"]])

    def test_many_bytes_of_two_threads(self):
        self.capture("run", "--", PYTHON, "-c", MANY, payload=1 << 20)
        self.sound()
        self.assertEqual(self.followed(), [bytes(range(256)) * 2000] * 2)

    def test_bytes_that_were_not_recorded(self):
        self.capture("run", "--", PYTHON, "-c", MANY, payload=100)
        self.assertEqual(self.fields("frame.number", only="tcp.analysis.retransmission || tcp.analysis.out_of_order"), [])
        cut = [(int(kept), int(whole)) for kept, whole in self.fields("frame.cap_len", "frame.len", only="tcp.len > 100")]
        self.assertTrue(cut)
        self.assertTrue(all(kept < whole for kept, whole in cut))
        self.assertEqual(sum(int(length) for length, in self.fields("tcp.len")), 2 * 256 * 2000)

    def test_datagrams(self):
        self.capture("run", "--", PYTHON, "-c", DATAGRAMS)
        self.assertEqual(self.tshark("-Y", f"({TROUBLE}) && frame.cap_len == frame.len", "-V"), "")
        lengths = [int(length) - 8 for length, in self.fields("udp.length", only="udp")]
        self.assertEqual(lengths, [8, 8, 0, 0, 9000, 9000] * 2)
        self.assertEqual(self.followed(), [b"over a pair", b""])

    def test_not_to_a_terminal(self):
        self.capture("chat", "--port", free_port())
        ours, theirs = pty.openpty()
        result = subprocess.run([SOCKTALE, "report", self.folder / "trace.jsonl", "--to", "pcapng"], stdout=theirs,
                                stderr=subprocess.PIPE, text=True, check=False)
        os.close(theirs)
        os.close(ours)
        self.assertEqual(result.returncode, 64)
        self.assertIn("hint: ", result.stderr)


class Clocks(TestCase):
    """Each host counts its own events one by one; who received knows all that the sender knew."""

    def events(self, text):
        found = list(re.finditer(r"(?P<host>\S*) (?P<clock>{.*})\n(?P<event>.*)", text))
        self.assertEqual("".join(match[0] + "\n" for match in found), text)
        return [(match["host"], json.loads(match["clock"]), match["event"]) for match in found]

    def check(self, text):
        last = {}
        events = self.events(text)
        for host, clock, event in events:
            before = last.get(host, {})
            self.assertEqual(clock[host], before.get(host, 0) + 1, event)
            for known, count in before.items():
                self.assertGreaterEqual(clock[known], count, event)
            for known, count in clock.items():
                if known == host:
                    continue
                # All that the other one knew at that event of its.
                theirs = next(c for h, c, _ in events if h == known and c[known] == count)
                self.assertTrue(all(clock.get(name, 0) >= value for name, value in theirs.items()), event)
            last[host] = clock
        return events

    def test_chat(self):
        self.trace("chat", "--port", free_port())
        events = self.check(self.report(self.folder / "trace.jsonl", "shiviz"))
        hosts = {host for host, _, _ in events}
        self.assertEqual(hosts, {"server", "client"})
        accept = next(clock for _, clock, event in events if event.startswith("accept4 ="))
        self.assertIn("client", accept)

    def test_threads(self):
        self.trace("run", "--", PYTHON, "-c", MANY)
        self.assertGreater(len({host for host, _, _ in self.check(self.report(self.folder / "trace.jsonl", "shiviz"))}), 2)


class Drawn(TestCase):
    def test_plantuml(self):
        if not shutil.which("plantuml"):
            self.skipTest("plantuml is not installed")
        for name in ("python-chat", "both-waiting"):
            text = self.report(ROOT / f"tests/traces/{name}.jsonl", "plantuml")
            result = subprocess.run(["plantuml", "-tsvg", "-pipe", "-failfast2"], input=text, capture_output=True,
                                    text=True, check=False, timeout=240,
                                    env={**os.environ, "JAVA_TOOL_OPTIONS": "-Djava.awt.headless=true",
                                         "PLANTUML_SECURITY_PROFILE": "SANDBOX"})
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("<svg", result.stdout)
            self.assertNotIn("Syntax Error", result.stdout)


if __name__ == "__main__":
    unittest.main()

"""Calls on sockets are seen wherever their descriptors are, and other calls stop for nobody."""
import os
import pathlib
import socket
import subprocess
import unittest

from support import SOCKTALE, TestCase, Trace

WATCHED = pathlib.Path(os.environ["SOCKTALE_FIXTURES"]) / "behaviour" / "watched"
MOVING = {"socketpair", "read", "write", "close", "dup2"}


class EveryCallOnASocket(TestCase):
    def recorded(self, *arguments, stdin=subprocess.DEVNULL):
        """What the command printed, and its trace."""
        path = self.folder / "trace.jsonl"
        result = subprocess.run([SOCKTALE, "run", "-q", "-o", path, *map(str, arguments)], stdin=stdin,
                                capture_output=True, text=True, check=False, timeout=120)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout, Trace(path)

    def counted(self, *arguments, options=()):
        """The trace of one way of the program, once it is sure that nothing is missing."""
        made, trace = self.recorded(*options, "--", WATCHED, *arguments)
        seen = [call for call in trace.calls() if call["name"] in MOVING]
        self.assertEqual(len(seen), int(made), arguments)
        return trace

    def test_files_beside_sockets_do_not_stop(self):
        for way in ("files", "root"):
            with self.subTest(way=way):
                few = self.counted(way, "1")
                many = self.counted(way, "50000")
                self.assertEqual(few.of("end")[0]["stops"], many.of("end")[0]["stops"])

    def test_every_way(self):
        for way in ("threads", "many", "signals", "drop", "filter", "forks", "shared"):
            for options in ((), ("--no-seccomp",)):
                with self.subTest(way=way, options=options):
                    self.counted(way, options=options)

    def test_a_socket_from_the_start(self):
        """Standard input is one; nothing that the program does brings it into the book."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.sendall(b"a line\n")
            printed, trace = self.recorded("--", "head", "-n", "1", stdin=theirs)
        self.assertEqual(printed, "a line\n")
        self.assertIn("read", [call["name"] for call in trace.calls()])


if __name__ == "__main__":
    unittest.main()

"""A traced program sends what a terminal, a Markdown table or JSON could stumble over; the page of it is
tested in tests/web."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from support import PYTHON, ROOT, TestCase, run

PROGRAM = ROOT / "tests" / "web" / "hostile_program.py"
# Controls but the line's end, C1, and marks that turn the direction of writing.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class HostilePayload(TestCase):
    def setUp(self):
        super().setUp()
        self.trace("run", "--", PYTHON, PROGRAM)

    def shown(self, form, *options):
        result = run("report", self.folder / "trace.jsonl", "--to", form, *options)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("onerror", result.stdout)
        return result.stdout

    def test_terminal(self):
        for language in ("en", "zh_CN"):
            self.assertIsNone(UNSEEN.search(self.shown("terminal", "--lang", language)))

    def test_live_lines(self):
        result = run("run", "--color", "never", "--", PYTHON, PROGRAM)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("onerror", result.stderr)
        self.assertIsNone(UNSEEN.search(result.stderr))

    def test_markdown(self):
        text = self.shown("markdown")
        self.assertIsNone(UNSEEN.search(text))
        self.assertIsNone(re.search("(?m)^# heading", text))
        # A bar in a cell is one of the table's unless it is escaped, also in code.
        columns, fenced = 0, False
        for line in text.splitlines():
            fenced ^= line.startswith("```")
            if fenced or not line.startswith("|"):
                columns = 0
                continue
            bars = len(re.findall(r"(?<!\\)\|", line))
            self.assertEqual(columns or bars, bars, line)
            columns = bars

    def test_json(self):
        text = self.shown("json")
        json.loads(text)
        self.assertIsNone(UNSEEN.search(text))


NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


@unittest.skipIf(os.geteuid() != 0, "not root: socktale has no rights then that the program lacks")
class OthersFiles(TestCase):
    """A program names a file as its source that it may not read, but socktale may."""

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)
        self.secret = self.folder / "secret.c"
        self.secret.write_text("\nsocketpair(SECRET);\n")
        self.secret.chmod(0o600)

    def told(self, *command):
        trace = self.folder / "others.jsonl"
        result = run("run", "-q", "-o", trace, "--", *command)
        self.assertEqual(result.returncode, 0, result.stderr)
        text = trace.read_text()
        self.assertIn('"socketpair"', text)
        return text

    def test_python(self):
        program = f"import socket; exec(compile('\\nsocket.socketpair()\\n', {str(self.secret)!r}, 'exec'))"
        self.assertNotIn("SECRET", self.told(*NOBODY, PYTHON, "-c", program))
        self.assertIn("SECRET", self.told(PYTHON, "-c", program))

    def test_python_that_gives_its_rights_up(self):
        program = ("import os, socket; os.setgroups([]); os.setgid(65534); os.setuid(65534); "
                   f"exec(compile('\\nsocket.socketpair()\\n', {str(self.secret)!r}, 'exec')); input()")
        trace = self.folder / "others.jsonl"
        process = subprocess.Popen([os.environ["SOCKTALE"], "run", "-q", "-o", trace, "--", PYTHON, "-c", program],
                                   stdin=subprocess.PIPE)
        while '"socketpair"' not in (trace.read_text() if trace.exists() else ""):
            self.assertIsNone(process.poll(), "it waits for its input, when it has made its call")
        process.communicate(b"\n")
        self.assertNotIn("SECRET", trace.read_text())

    @unittest.skipUnless(shutil.which("gcc"), "not installed: gcc")
    def test_debug_information(self):
        source = self.folder / "mine.c"
        source.write_text("#include <sys/socket.h>\nint main(void) {\n  int pair[2];\n"
                          f'#line 2 "{self.secret}"\n  return socketpair(AF_UNIX, SOCK_STREAM, 0, pair);\n}}\n')
        binary = self.folder / "mine"
        subprocess.run(["gcc", "-g", "-o", binary, source], check=True)
        os.chown(binary, 65534, 65534)
        self.assertNotIn("SECRET", self.told(*NOBODY, binary))
        os.chown(binary, 0, 0)
        self.assertIn("SECRET", self.told(binary))


"""Running socktale on real programs and reading what it recorded. Shared by the tests beside it."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from ports import free_port  # noqa: E402, F401 (where it lies is known only now; for the tests beside this)

SOCKTALE = os.environ["SOCKTALE"]
# The interpreter of the tests, not one that a shim on PATH would choose.
PYTHON = "/usr/bin/python3"
# One in which "python3" is that interpreter: a shim is a launcher, and may make calls of its own.
PLAIN = {**os.environ, "PATH": "/usr/bin:/bin", "LANG": "C", "LC_ALL": "C",
         "HOME": os.environ.get("HOME", "/")}  # without it, Python asks nscd for the user


def run(*arguments, **options):
    """socktale with these arguments; its output as text."""
    options.setdefault("timeout", 120)
    return subprocess.run([SOCKTALE, *map(str, arguments)], capture_output=True, text=True,
                          check=False, stdin=subprocess.DEVNULL, **options)


class Trace:
    """A recorded trace: its header and events."""

    def __init__(self, path):
        lines = [json.loads(line) for line in pathlib.Path(path).read_text("utf-8").splitlines()]
        self.header, self.events = lines[0], lines[1:]

    def of(self, kind):
        return [event for event in self.events if event["type"] == kind]

    def roles(self):
        return {event["pid"]: event["role"] for event in self.of("born")}

    def calls(self, role=None):
        """The calls in the order in which they were entered."""
        roles = self.roles()
        calls = [call for call in self.of("call") if role in (None, roles.get(call["pid"]))]
        return sorted(calls, key=lambda call: call["id"])

    def written(self, role):
        """What the programmer wrote: (kernel call, expression) of calls with a line of the user's."""
        return [(call["name"], call["place"].get("text", "")) for call in self.calls(role)
                if call.get("place", {}).get("kind") == "call"]


class TestCase(unittest.TestCase):
    """With a folder of its own for what is written."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="socktale-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def trace(self, *arguments, expect=0, **options):
        """Records with -o and returns the trace; the command must end with `expect`."""
        path = self.folder / "trace.jsonl"
        command, *rest = arguments
        result = run(command, "-q", "-o", path, *rest, **options)
        self.assertEqual(result.returncode, expect, result.stderr + result.stdout)
        return Trace(path)

    def report(self, trace_path, form="json"):
        result = run("report", trace_path, "--to", form)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout) if form == "json" else result.stdout

    def refused(self, result, code, *words):
        """The command failed with this exit code, an error and a hint, and says these words."""
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        self.assertIn("error: ", result.stderr)
        self.assertIn("hint: ", result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

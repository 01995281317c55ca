"""Programs that are joined by socktale attach, and left. Shared by the tests of it beside this."""
import os
import pathlib
import signal
import subprocess

from support import SOCKTALE, TestCase, Trace  # which says where those below are
from processes import state, status, wait_until

FIXTURES = pathlib.Path(os.environ["SOCKTALE_FIXTURES"])
WAITS = FIXTURES / "attached"
HIDES = FIXTURES / "behaviour" / "hides"


class AttachTest(TestCase):
    def start(self, *command, **options):
        """A program to be joined, with pipes for its input and output."""
        options.setdefault("stderr", subprocess.DEVNULL)
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                   cwd=self.folder, **options)
        self.addCleanup(process.wait)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)
        return process

    def attach(self, *pids, options=(), name="trace"):
        """socktale, when it has joined all threads of these."""
        self.path = self.folder / f"{name}.jsonl"
        self.path.unlink(missing_ok=True)
        tracer = subprocess.Popen([SOCKTALE, "attach", "-q", "-o", self.path, *options, *map(str, pids)],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(tracer.wait)
        self.addCleanup(lambda: tracer.poll() is None and tracer.kill())
        self.addCleanup(tracer.stdout.close)
        wait_until(lambda: tracer.poll() is not None or (self.path.exists() and
                   self.path.read_text().count('"code":"attached"') == len(pids)))
        self.assertIsNone(tracer.poll(), tracer.stdout.read() if tracer.poll() is not None else "")
        return tracer

    def let_go(self, tracer, number=signal.SIGINT):
        """The trace, once socktale was asked to end."""
        tracer.send_signal(number)
        self.assertEqual(tracer.wait(60), 0, tracer.stdout.read())
        return self.recorded()

    def recorded(self):
        trace = Trace(self.path)
        self.assertEqual(trace.events[-1]["type"], "end")
        return trace

    def assert_free(self, pid):
        for tid in os.listdir(f"/proc/{pid}/task"):
            self.assertIn(status(pid, "TracerPid", tid), ("0", None))  # None: it has ended
            self.assertNotIn(state(pid, tid), "tT")

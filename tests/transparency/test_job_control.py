"""A shell's job control on a terminal, with the shell and its jobs traced: Ctrl-Z, bg, fg, Ctrl-C."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

SOCKTALE = os.environ["SOCKTALE"]


@unittest.skipUnless(shutil.which("tmux"), "not installed: tmux")
class JobControl(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="socktale-jobs-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.terminals = self.words = 0

    def terminal(self, *command):
        """A server of its own: one that is about to end would still be asked for the next session."""
        self.terminals += 1
        self.tmux = ["tmux", "-S", str(self.folder / f"socket{self.terminals}"), "-f", "/dev/null"]
        self.addCleanup(subprocess.run, [*self.tmux, "kill-server"], check=False, stderr=subprocess.DEVNULL)
        subprocess.run([*self.tmux, "new-session", "-d", "-x", "100", "-y", "50", *command], check=True,
                       env={**os.environ, "PS1": "$ ", "HISTFILE": ""})

    def screen(self):
        return subprocess.run([*self.tmux, "capture-pane", "-p", "-S", "-"], capture_output=True, text=True, check=True).stdout

    def type(self, *keys):
        subprocess.run([*self.tmux, "send-keys", *keys], check=True)

    def until(self, text, count=1):
        deadline = time.monotonic() + 30
        while self.screen().count(text) < count:
            self.assertLess(time.monotonic(), deadline, self.screen())
            os.sched_yield()

    def answered(self):
        """Until cat has the terminal. What is typed while the shell hands it over may be lost, untraced too."""
        for _ in range(30):
            self.words += 1
            word = f"word{self.words}."
            self.type(word, "Enter")
            deadline = time.monotonic() + 1
            while time.monotonic() < deadline:
                if self.screen().count(word) == 2:  # as typed, and from cat
                    return
                os.sched_yield()
        self.fail(self.screen())

    def jobs(self, *tracer):
        """What the terminal shows at the end of a session of job control."""
        self.terminal(*tracer, "bash", "--norc", "--noprofile", "+o", "history")
        self.until("$")
        self.type("cat", "Enter")
        self.answered()
        self.type("C-z")
        self.until("Stopped")
        self.type("jobs", "Enter")
        self.until("Stopped", 2)
        self.type("fg", "Enter")
        self.until("cat", 4)
        self.answered()
        self.type("C-z")
        self.until("Stopped", 3)
        self.type("bg; echo said", "Enter")  # it reads the terminal, which stops it again (SIGTTIN)
        self.until("said", 2)
        self.type("sleep 1000 | cat & jobs -l | wc -l; kill %2; fg %1", "Enter")
        self.answered()
        self.type("C-c")
        self.type("echo status $?", "Enter")
        self.until("status 130")
        self.type("exit", "Enter")
        return True

    def test_untraced(self):
        self.assertTrue(self.jobs())

    def test_traced(self):
        for options in ((), ("--no-seccomp",)):
            with self.subTest(options=options):
                self.assertTrue(self.jobs(SOCKTALE, "run", "-q", *options, "--"))


if __name__ == "__main__":
    unittest.main()

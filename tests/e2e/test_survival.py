"""What happened until then can be read, whatever ends the recording; the programs are not left stopped;
and no bytes are a trace that a report would not come to an end with."""
import os
import pathlib
import random
import re
import resource
import signal
import subprocess
import unittest

from support import PYTHON, ROOT, SOCKTALE, TestCase, Trace, run  # which says where those below are
from processes import gone, wait_until
from sanitizer import sanitized

# Busy for ever in processes and threads, whose ids it says.
BUSY = """
import os, signal, socket, threading
signal.signal(signal.SIGINT, signal.SIG_DFL)
def talk():
    a, b = socket.socketpair()
    while True: a.send(b"x" * 50); b.recv(50)
for child in range(3):
    if os.fork() == 0: break
os.write(1, b"%d\\n" % os.getpid())
threads = [threading.Thread(target=talk) for _ in range(3)]
for each in threads: each.start()
"""
# So many calls that a small file cannot hold them; then it says so.
MANY = "import socket\na, b = socket.socketpair()\nfor i in range(800): a.send(b'x'); b.recv(1)\nprint('all sent')"
BOUND = 1 << 30  # bytes of address space for a report


class Ended(TestCase):
    def busy(self, *options):
        """socktale with a busy program, and the processes of that, as a job of a terminal is."""
        self.path = self.folder / "trace.jsonl"
        tracer = subprocess.Popen([SOCKTALE, "run", "-q", "-o", self.path, *options, "--", PYTHON, "-c", BUSY],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0)
        self.addCleanup(tracer.wait)
        self.addCleanup(lambda: tracer.poll() is None and tracer.kill())
        self.addCleanup(tracer.stdout.close)
        self.addCleanup(tracer.stderr.close)
        pids = [int(tracer.stdout.readline()) for _ in range(4)]
        wait_until(lambda: self.path.stat().st_size > 200_000)
        return tracer, pids

    def assert_readable(self, ended):
        """The trace is one up to its last whole line."""
        data = self.path.read_bytes()
        whole = data[:data.rfind(b"\n") + 1]
        self.assertEqual(run("report", self.path, "--to", "json").returncode, 0)
        self.path.write_bytes(whole)
        trace = Trace(self.path)
        self.assertGreater(len(trace.calls()), 10)
        self.assertEqual(trace.events[-1]["type"] == "end", ended)
        return trace

    def test_kill_9_in_the_middle(self):
        for options in ((), ("--no-seccomp",)):
            tracer, pids = self.busy(*options)
            tracer.kill()
            tracer.wait(30)
            wait_until(lambda: all(gone(pid) for pid in pids))
            self.assert_readable(ended=False)

    def test_signals_in_the_middle(self):
        # The first one is passed on to what socktale was given to run, not to the children of that.
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            tracer, pids = self.busy()
            tracer.send_signal(number)
            wait_until(lambda: any(gone(pid) for pid in pids))
            while tracer.poll() is None:  # the second one ends all of it
                tracer.send_signal(number)
                os.sched_yield()
            wait_until(lambda: all(gone(pid) for pid in pids))
            self.assertIn("interrupted", [note["code"] for note in self.assert_readable(ended=True).of("note")])

    def test_ctrl_c_in_the_middle(self):
        """Tracer and programs get it from the terminal, all at once."""
        for options in ((), ("--no-seccomp",)):
            with self.subTest(options=options):
                tracer, pids = self.busy(*options)
                os.killpg(tracer.pid, signal.SIGINT)
                self.assertEqual(tracer.wait(30), -signal.SIGINT)
                wait_until(lambda: all(gone(pid) for pid in pids))
                self.assertIn("interrupted", [note["code"] for note in self.assert_readable(ended=True).of("note")])

    def test_several_tracers_for_one_file(self):
        tracer, pids = self.busy()
        for command in (("run", "-o", self.path, "--", "true"), ("chat", "-o", self.path), ("attach", "-o", self.path, os.getpid())):
            self.refused(run(*command), 73, "another socktale")
        self.assertIsNone(tracer.poll())
        tracer.kill()
        tracer.wait(30)
        wait_until(lambda: all(gone(pid) for pid in pids))
        self.assert_readable(ended=False)


class NoRoom(TestCase):
    def broke_off(self, path, result, *words):
        """The program did not notice, the command says it, and what was written is a trace."""
        self.assertIn("all sent", result.stdout)
        self.refused(result, 74, "broke off", *words)
        data = path.read_bytes()
        self.assertTrue(data.endswith(b"\n"))
        self.assertGreater(len(Trace(path).events), 10)
        self.assertEqual(run("report", path).returncode, 0)

    def test_a_limit_on_file_sizes(self):
        path = self.folder / "trace.jsonl"
        for blocks in (40, 41, 47):  # of 512 bytes in sh
            result = subprocess.run(["sh", "-c", f'ulimit -f {blocks}; exec "$@"', "sh", SOCKTALE, "run", "-q", "-o", path, "--",
                                     PYTHON, "-c", MANY], capture_output=True, text=True, check=False, timeout=60)
            self.broke_off(path, result)
            self.assertLessEqual(path.stat().st_size, blocks * 512)

    @unittest.skipUnless(os.geteuid() == 0, "mounting needs root")
    def test_a_full_disk(self):
        kept = self.folder / "kept.jsonl"
        script = ('mount -t tmpfs -o size=64k none "$1" || exit 99; trace=$1/trace.jsonl; shift; '
                  f'"$@"; status=$?; cp "$trace" {kept}; exit $status')
        place = self.folder / "small"
        place.mkdir()
        result = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", place, SOCKTALE, "run", "-q", "-o", place / "trace.jsonl",
                                 "--", PYTHON, "-c", MANY], capture_output=True, text=True, check=False, timeout=60)
        if result.returncode == 99 or "unshare:" in result.stderr:
            self.skipTest(f"no filesystem can be mounted here: {result.stderr.strip()}")
        self.broke_off(kept, result, "No space left on device")

    def test_a_reader_that_goes_away(self):
        """Of the trace, of lines, and of what a terminal would have shown: the program runs to its end."""
        for how in ("-q -o /dev/fd/3", "-q --to strace -o /dev/fd/3", "--to strace -o /dev/fd/3 -q --payload none"):
            with self.subTest(how=how):
                script = f'{{ "{SOCKTALE}" run {how} -- "$@" 3>&1 >&4 4>&- | head -n 1 >/dev/null; }} 4>&1'
                result = subprocess.run(["bash", "-c", script, "bash", PYTHON, "-c", MANY], capture_output=True, text=True,
                                        check=False, timeout=60)
                self.assertEqual(result.stdout, "all sent\n")
        script = f'{{ "{SOCKTALE}" run -- "$@" 2>&1 >&4 4>&- | head -n 1; }} 4>&2'
        result = subprocess.run(["bash", "-c", script, "bash", PYTHON, "-c", MANY], capture_output=True, text=True, check=False,
                                timeout=60)
        self.assertIn("socketpair", result.stdout)
        self.assertEqual(result.stderr, "all sent\n")


class AnyBytes(TestCase):
    """Of the reader alone unit.fuzz sees more; this is the whole command."""
    FORMS = ("terminal", "markdown", "json", "html", "strace", "csv", "otlp", "perfetto", "mermaid", "plantuml", "shiviz", "pcapng")

    def ends(self, path, form):
        result = subprocess.run([SOCKTALE, "report", path, "--to", form, "-o", self.folder / "out"], capture_output=True, text=True,
                                check=False, timeout=60, stdin=subprocess.DEVNULL, errors="replace",
                                preexec_fn=None if sanitized(SOCKTALE) else self.bounded)
        self.assertIn(result.returncode, (0, 65, 76), (path, form, result.stderr))
        self.assertIsNone(re.search("[\x00-\x08\x0b-\x1f\x7f]", result.stderr))
        return result.returncode

    @staticmethod
    def bounded():
        resource.setrlimit(resource.RLIMIT_AS, (BOUND, BOUND))

    def mutated(self, seed):
        """A trace of ours with a few lines broken, doubled, moved, or with other numbers in them."""
        chance = random.Random(seed)
        traces = sorted((ROOT / "tests" / "traces").glob("*.jsonl"))
        lines = chance.choice(traces).read_bytes().splitlines(keepends=True)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(lines))
            line = bytearray(lines[at])
            way = chance.randrange(6)
            if way == 0:
                line[chance.randrange(len(line))] = chance.randrange(256)
            elif way == 1:
                del line[chance.randrange(len(line)):]
            elif way == 2:
                lines.insert(chance.randrange(len(lines) + 1), bytes(line))
            elif way == 3:
                del lines[at:at + chance.randrange(4)]
            elif numbers := list(re.finditer(rb"\d+", line)):
                number = chance.choice(numbers)
                line[slice(*number.span())] = chance.choice(
                    (b"-1", b"0", b"4294967295", b"9223372036854775807", b"18446744073709551615", b"1e308", b"null", b'"x"', b"[]"))
            if way not in (2, 3) and at < len(lines):
                lines[at] = bytes(line)
            if not lines:
                return b""
        data = b"".join(lines)
        return data[:chance.randrange(len(data) + 1)] if chance.random() < 0.2 else data

    def test_mutated_traces(self):
        path = self.folder / "trace.jsonl"
        codes = set()
        for seed in range(60):
            path.write_bytes(self.mutated(seed))
            codes.add(self.ends(path, self.FORMS[seed % len(self.FORMS)]))
        self.assertEqual(codes - {76}, {0, 65})  # some are still traces, some are none any more

    def test_what_has_no_end_or_no_bottom(self):
        path = self.folder / "trace.jsonl"
        header = (ROOT / "tests/traces/python-chat.jsonl").read_bytes().split(b"\n")[0] + b"\n"
        with open(path, "wb") as file:
            file.truncate(10 << 30)
        self.assertEqual(self.ends(path, "terminal"), 65)
        self.assertEqual(self.ends("/dev/zero", "terminal"), 65)
        self.assertEqual(self.ends("/dev/null", "terminal"), 65)
        for deep in (b"[" * 1_000_000, b'{"a":' * 1_000_000, b'{"type":"call","args":' * 100_000):
            path.write_bytes(header + deep + b"\n")
            self.assertEqual(self.ends(path, "json"), 65)
            path.write_bytes(deep)
            self.assertEqual(self.ends(path, "json"), 65)
        # An event in all else, so that it would be read to its bottom.
        call = ('{"seq":1,"t":1,"type":"call","id":1,"pid":1,"tid":1,"name":"close","nr":3,"raw":["0x0","0x0","0x0","0x0","0x0","0x0"],'
                '"args":{"fd":{"in":%s}},"entered":1}\n')
        for depth, code in ((10, 0), (300_000, 65)):
            path.write_bytes(header + (call % ("[" * depth + "]" * depth)).encode())
            self.assertEqual(self.ends(path, "json"), code)


if __name__ == "__main__":
    unittest.main()

"""Programs that nobody here wrote, launchers, exit statuses, and the program's own input and output."""
import base64
import os
import re
import signal
import subprocess
import sys
import time
import unittest

from support import PYTHON, SOCKTALE, TestCase, Trace, free_port, run  # which says where those below are
from processes import gone, only_child, state, wait_until


class OtherPeoplesPrograms(TestCase):
    def http_server(self, *prefix):
        """A web server on a port of its own choosing, listening when this returns."""
        process = subprocess.Popen([*prefix, PYTHON, "-u", "-m", "http.server", "--bind", "127.0.0.1", "0"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=self.folder)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        return process, re.search(r"port (\d+)", process.stdout.readline()).group(1)

    def test_curl(self):
        _, port = self.http_server()
        (self.folder / "page.txt").write_text("a page\n")
        path = self.folder / "trace.jsonl"
        result = run("run", "-q", "-o", path, "--", "curl", "-s", "--noproxy", "*", f"http://127.0.0.1:{port}/page.txt")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout, "a page\n")
        calls = Trace(path).calls()
        names = [call["name"] for call in calls]
        for name in ("socket", "connect", "sendto", "recvfrom", "close"):
            self.assertIn(name, names)
        sent = next(call for call in calls if call["name"] == "sendto")
        self.assertTrue(sent["args"]["buf"]["in"]["text"].startswith("GET /page.txt HTTP/1.1"))
        self.assertEqual(sent["place"]["libc"], "send")

    def test_http_server_with_curl_as_client(self):
        path = self.folder / "trace.jsonl"
        server, port = self.http_server(SOCKTALE, "run", "-q", "-o", path, "--")
        got = subprocess.run(["curl", "-s", "--noproxy", "*", f"http://127.0.0.1:{port}/"],
                             capture_output=True, text=True, check=True)
        self.assertIn("Directory listing", got.stdout)
        # curl has its answer before the server has closed; after that the server waits in poll again.
        wait_until(lambda: '"name":"shutdown"' in path.read_text())
        server.send_signal(signal.SIGINT)
        server.wait(30)
        trace = Trace(path)
        names = [call["name"] for call in trace.calls()]
        for name in ("socket", "setsockopt", "bind", "listen", "poll", "accept4", "recvfrom", "sendto", "shutdown", "close"):
            self.assertIn(name, names)
        self.assertEqual(trace.events[-1]["type"], "end")

    def test_a_shim_that_execs_the_interpreter_is_folded(self):
        shim = self.folder / "python3"
        shim.write_text(f'#!/bin/sh\n/bin/true\nexec {PYTHON} "$@"\n')
        shim.chmod(0o755)
        program = self.folder / "own.py"
        program.write_text("import socket\nsocket.socketpair()\n")
        self.trace("run", "--role", "own", "--", shim, program)
        sides = self.report(self.folder / "trace.jsonl")["sides"]
        self.assertEqual(len(sides), 1)
        report = self.report(self.folder / "trace.jsonl", "terminal")
        self.assertIn("own.py:2", report)
        self.assertIn("socket.socketpair()", report)


class TheCommandsOwn(TestCase):
    def test_exit_status_is_passed_on(self):
        for status in (0, 1, 42, 255):
            self.assertEqual(run("run", "-q", "--", "sh", "-c", f"exit {status}").returncode, status)

    def test_a_deadly_signal_is_passed_on(self):
        for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV):
            self.assertEqual(run("run", "-q", "--", "sh", "-c", f"kill -{int(number)} $$").returncode, -number)

    def test_streams_stay_untouched(self):
        result = subprocess.run([SOCKTALE, "run", "--", "sh", "-c", "cat; echo trouble >&2"], input="typed\n",
                                capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(result.stdout, "typed\n")
        self.assertEqual(result.stderr, "trouble\n")

    def test_live_lines_go_to_standard_error_without_colour(self):
        result = run("run", "--", PYTHON, "-c", "import socket; socket.socketpair()")
        self.assertEqual(result.stdout, "")
        self.assertIn("socketpair(AF_UNIX, SOCK_STREAM", result.stderr)
        self.assertNotIn("\x1b", result.stderr)

    def test_colours_when_asked_for(self):
        result = run("run", "--color", "always", "--", PYTHON, "-c", "import socket; socket.socketpair()")
        self.assertIn("\x1b[", result.stderr)

    def test_without_a_filter_the_table_is_the_same(self):
        program = "import socket; a, b = socket.socketpair(); a.send(b'x'); b.recv(1)"
        names = [[call["name"] for call in self.trace("run", *how, "--", PYTHON, "-c", program).calls()]
                 for how in ((), ("--no-seccomp",))]
        self.assertEqual(names[0], names[1])

    def test_payload_can_be_limited_or_withheld(self):
        program = "import socket; a, b = socket.socketpair(); a.send(b'secret'); b.recv(9)"
        limited = self.trace("run", "--payload", "3", "--", PYTHON, "-c", program)
        sent = next(call for call in limited.calls() if call["name"] == "sendto")
        self.assertEqual(sent["args"]["buf"]["in"], {"text": "sec", "length": 6})
        path = self.folder / "trace.jsonl"
        withheld = self.trace("run", "--no-payload", "--no-lines", "--", PYTHON, "-c", program)
        self.assertTrue(withheld.header["payload"]["withheld"])
        calls = [line for line in path.read_text().splitlines() if '"type":"call"' in line]
        self.assertTrue(calls)
        self.assertNotIn("secret", "".join(calls))
        self.assertIn("withheld", self.report(path, "terminal"))

    def test_payload_policies_are_told(self):
        program = "import socket; a, b = socket.socketpair(); a.send(b'secret'); b.recv(9)"

        def sent(*how):
            trace = self.trace("run", *how, "--no-lines", "--", PYTHON, "-c", program)
            call = next(call for call in trace.calls() if call["name"] == "sendto")
            return trace.header["payload"], call["args"]["buf"]["in"], self.report(self.folder / "trace.jsonl", "markdown")

        policy, value, report = sent("--payload", "full")
        self.assertEqual((policy["limit"], value), (8 << 20, {"text": "secret", "length": 6}))
        self.assertIn("recorded in full", report)
        policy, value, report = sent("--payload", "len")
        self.assertEqual((policy["withheld"], value), (True, {"withheld": True, "length": 6}))
        self.assertIn("only its lengths", report)
        policy, value, report = sent("--payload", "none")
        self.assertEqual((policy["unseen"], list(value)), (True, ["pointer"]))
        self.assertIn("left out when recording", report)
        policy, value, report = sent("--redact", "cr.", "--redact", "^s")
        self.assertEqual((policy["patterns"], value), (2, {"text": "*e***t", "length": 6, "redacted": 4}))
        self.assertIn("matched 2 patterns", report)

    def test_what_was_not_to_be_kept_is_nowhere(self):
        word = "Sw0rdfish"
        program = ("import os, socket; a, b = socket.socketpair(); word = bytes.fromhex(os.environ['WORD']);"
                   "a.send(b'is ' + word); b.recv(99); a.sendmsg([b'\\xff' + word[:4], word[4:]]); b.recvmsg(99)")
        for how in (("--redact", "Sw.{7}"), ("--redact", "Sw.{7}", "--payload", "6"), ("--payload", "len"), ("--payload", "none")):
            live = run("run", *how, "-o", self.folder / "trace.jsonl", "--", PYTHON, "-c", program,
                       env={**os.environ, "WORD": word.encode().hex()})
            self.assertEqual(live.returncode, 0, live.stderr)
            told = {"trace": (self.folder / "trace.jsonl").read_text(), "lines": live.stderr}
            for form in ("terminal", "markdown", "json", "html", "strace", "csv", "otlp", "perfetto", "mermaid", "plantuml",
                         "shiviz"):
                told[form] = str(self.report(self.folder / "trace.jsonl", form))
            out = self.folder / "out.pcapng"
            run("report", self.folder / "trace.jsonl", "--to", "pcapng", "-o", out)
            told["pcapng"] = out.read_bytes().decode("latin-1")
            for form, text in told.items():
                for piece in (word[:4], word[4:], base64.b64encode(b"\xff" + word.encode()).decode()[:6]):
                    self.assertNotIn(piece, text, f"{how}, {form}")

    def test_a_pattern_that_is_none_is_refused(self):
        result = run("run", "--redact", "(", "--", "true")
        self.assertEqual(result.returncode, 64)
        self.assertRegex(result.stderr, r"error: --redact: \( is no regular expression")
        self.assertIn("hint: ", result.stderr)
        result = run("run", "--redact", "", "--", "true")
        self.assertEqual(result.returncode, 64)
        self.assertIn("empty pattern", result.stderr)


class Interrupted(TestCase):
    def blocked(self):
        """socktale tracing a program, the program, which waits in recv, and the trace's path."""
        path = self.folder / "trace.jsonl"
        program = "import socket; a, b = socket.socketpair(); print('ready', flush=True); a.recv(1)"
        process = subprocess.Popen([SOCKTALE, "run", "-q", "-o", path, "--", PYTHON, "-c", program],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(process.stdout.close)
        self.assertEqual(process.stdout.readline(), "ready\n")
        pid = only_child(process.pid)
        # A signal before its call would not end the call: Python looks between calls, then waits for ever.
        wait_until(lambda: state(pid) == "S")
        return process, pid, path

    def test_ctrl_c_ends_the_program_and_keeps_the_trace(self):
        process, _, path = self.blocked()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), -signal.SIGINT)  # as Python ends when interrupted
        trace = Trace(path)
        self.assertEqual([call["name"] for call in trace.calls()][:3], ["socketpair", "getsockname", "getsockname"])
        self.assertIn("interrupted", [note["code"] for note in trace.of("note")])
        self.assertEqual(trace.events[-1]["type"], "end")

    def test_sigterm_is_handed_on(self):
        process, _, path = self.blocked()
        process.terminate()
        self.assertEqual(process.wait(30), -signal.SIGTERM)
        self.assertEqual(Trace(path).events[-1]["type"], "end")

    def test_a_second_signal_gives_up_on_a_program_that_ignores_the_first(self):
        path = self.folder / "trace.jsonl"
        program = ("import signal, socket; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
                   "a, b = socket.socketpair(); print('ready', flush=True); a.recv(1)")
        process = subprocess.Popen([SOCKTALE, "run", "-q", "-o", path, "--", PYTHON, "-c", program],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.assertEqual(process.stdout.readline(), "ready\n")
        process.terminate()
        deadline = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < deadline:
            try:
                process.wait(0.2)
            except subprocess.TimeoutExpired:
                process.terminate()
        self.assertIsNotNone(process.returncode)
        self.assertEqual(Trace(path).events[-1]["type"], "end")

    def test_kill_9_leaves_whole_lines_and_no_program(self):
        process, pid, path = self.blocked()
        wait_until(lambda: "socketpair" in path.read_text())  # while nothing more happens
        process.kill()
        process.wait(30)
        for line in path.read_text().splitlines():
            self.assertTrue(line.startswith("{") and line.endswith("}"))
        wait_until(lambda: gone(pid))


if __name__ == "__main__":
    sys.exit(unittest.main())

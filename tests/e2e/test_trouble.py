"""Bad input and bad use: an error, a hint, an exit code of its own, and nothing lost."""
import json
import os
import re
import resource
import socket
import subprocess
import unittest

from support import PYTHON, SOCKTALE, TestCase, Trace, free_port, run
from sanitizer import sanitized


class Commands(TestCase):
    def test_not_found_and_not_executable(self):
        self.refused(run("run", "--", "no-such-command-here"), 127, "not found")
        self.refused(run("run", "--", "/etc/passwd"), 126, "not an executable")
        self.refused(run("run", "--", "/etc"), 126)
        broken = self.folder / "broken"
        broken.write_bytes(b"\x7fELF but not really")
        broken.chmod(0o755)
        self.refused(run("run", "--", broken), 126, "Exec format error", "CONFIG_IA32_EMULATION")
        missing = self.folder / "missing-interpreter"
        missing.write_text("#!/no/such/interpreter\n")
        missing.chmod(0o755)
        self.refused(run("run", "--", missing), 127)

    def test_a_script_without_an_interpreter_line_runs_in_the_shell(self):
        script = self.folder / "script"
        script.write_text("echo from the shell\n")
        script.chmod(0o755)
        self.assertEqual(run("run", "-q", "--", script).stdout, "from the shell\n")

    def test_bad_usage(self):
        for arguments in ((), ("nonsense",), ("run",), ("run", "--payload", "many", "--", "true"),
                          ("report",), ("report", "x", "--to", "poetry"), ("chat", "--port", "0"),
                          ("chat", "--server", "cobol"), ("check", "x"), ("explain",)):
            with self.subTest(arguments=arguments):
                self.refused(run(*arguments), 64)

    def test_help_and_version(self):
        for arguments in (("--help",), ("run", "--help"), ("chat", "--help"), ("report", "--help"),
                          ("check", "--help"), ("explain", "--help")):
            result = run(*arguments)
            self.assertEqual(result.returncode, 0)
            self.assertIn("xamples", result.stdout)
        self.assertRegex(run("--version").stdout, r"^socktale \d+\.\d+\.\d+\n$")

    def test_explain(self):
        self.assertIn("man 2 accept4", run("explain", "accept4").stdout)
        self.assertIn("98", run("explain", "EADDRINUSE").stdout)
        self.refused(run("explain", "acept"), 64, "accept")

    def test_ptrace_refused(self):
        # A filter that answers ptrace(2) with EPERM, as containers do.
        wrapper = ("import ctypes, os, struct, sys\n"
                   "libc = ctypes.CDLL(None, use_errno=True)\n"
                   "code = struct.pack('HBBI' * 4, 0x20,0,0,0, 0x15,0,1,101, 0x06,0,0,0x50001, 0x06,0,0,0x7fff0000)\n"
                   "buffer = ctypes.create_string_buffer(code)\n"
                   "class Prog(ctypes.Structure): _fields_ = [('len', ctypes.c_ushort), ('filter', ctypes.c_void_p)]\n"
                   "prog = Prog(4, ctypes.addressof(buffer))\n"
                   "assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, ctypes.byref(prog)) == 0\n"
                   "os.execv(sys.argv[1], sys.argv[1:])\n")
        # A sanitized build could not look for leaks without ptrace.
        result = subprocess.run([PYTHON, "-c", wrapper, SOCKTALE, "run", "--", "true"],
                                env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"},
                                capture_output=True, text=True, check=False, timeout=60)
        self.refused(result, 77, "ptrace")


class Traces(TestCase):
    def recorded(self):
        self.trace("run", "--role", "pair", "--", PYTHON, "-c", "import socket; socket.socketpair()")
        return self.folder / "trace.jsonl"

    def lengthened(self, mib):
        """The same, with so much of what no report knows before its last line."""
        lines = self.recorded().read_text().splitlines(keepends=True)
        padding = json.dumps({"seq": 1, "t": 1, "type": "padding", "text": "x" * 1000}) + "\n"
        path = self.folder / "long.jsonl"
        path.write_text("".join([*lines[:-1], padding * (mib * 1100), lines[-1]]))
        return path

    def test_a_long_trace_is_read_as_far_as_is_wanted(self):
        path = self.lengthened(2)
        for arguments in ((), ("--most", "3"), ("--most", "0")):
            whole = run("report", path, "--to", "markdown", *arguments)
            self.assertEqual((whole.returncode, whole.stderr), (0, ""))
            self.assertNotIn("Only the first", whole.stdout)
            self.assertIn("2200 lines of the trace are left out", whole.stdout)
        part = run("report", path, "--to", "markdown", "--most", "1")
        self.assertEqual(part.returncode, 0)
        self.assertIn("Only the first 1 MiB of the trace were read", part.stdout)
        self.assertIn("socketpair(", part.stdout)
        self.assertIn("warning: ", part.stderr)
        self.assertIn("hint: --most 0", part.stderr)
        piped = subprocess.run([SOCKTALE, "report", "-", "--to", "csv", "--most", "1"], stdin=path.open(),
                               capture_output=True, text=True, check=False, timeout=60)
        self.assertIn("warning: ", piped.stderr)  # CSV has no place for it
        self.assertIn("socketpair", piped.stdout)
        self.refused(run("report", path, "--most", "-1"), 64)

    @unittest.skipIf(sanitized(SOCKTALE), "a sanitizer's own memory has no such bound")
    def test_too_little_memory_is_said(self):
        lines = self.recorded().read_text().splitlines(keepends=True)
        call = next(line for line in lines if '"socketpair"' in line)
        path = self.folder / "long.jsonl"
        path.write_text("".join([*lines[:-1], call * 200_000, lines[-1]]))
        bounded = lambda: resource.setrlimit(resource.RLIMIT_AS, (100 << 20, 100 << 20))
        result = subprocess.run([SOCKTALE, "report", path, "--to", "csv"], preexec_fn=bounded, capture_output=True,
                                text=True, check=False, timeout=60)
        self.refused(result, 71, "memory", "--most")

    def test_not_there_and_not_a_trace(self):
        self.refused(run("report", self.folder / "none.jsonl"), 66)
        for name, text in (("empty", ""), ("text", "hello\n"), ("json", '{"a": 1}\n'), ("binary", "\x00\x01\x02")):
            path = self.folder / name
            path.write_text(text)
            with self.subTest(name=name):
                self.refused(run("report", path), 65)
        self.refused(run("report", self.folder), 66)

    def test_newer_schema(self):
        path = self.recorded()
        lines = path.read_text().splitlines()
        header = json.loads(lines[0])
        header["socktale"] = 99
        path.write_text("\n".join([json.dumps(header), *lines[1:]]) + "\n")
        self.refused(run("report", path), 76)

    def test_cut_in_the_middle_of_a_line(self):
        path = self.recorded()
        whole = path.read_bytes()
        path.write_bytes(whole[:-30])
        result = run("report", path)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("socketpair", result.stdout)

    def test_broken_in_the_middle(self):
        path = self.recorded()
        lines = path.read_text().splitlines()
        lines[2] = lines[2][:-5]
        path.write_text("\n".join(lines) + "\n")
        self.refused(run("report", path), 65, "line 3")

    def test_every_cut_ends_with_a_report_or_an_error(self):
        path = self.recorded()
        whole = path.read_bytes()
        for size in range(0, len(whole), max(1, len(whole) // 40)):
            path.write_bytes(whole[:size])
            self.assertIn(run("report", path).returncode, (0, 65), size)

    def test_unwritable_output(self):
        self.refused(run("run", "-o", "/no/such/folder/t.jsonl", "--", "true"), 73)
        self.refused(run("report", self.recorded(), "-o", "/no/such/folder/t.md"), 73)
        program = "import socket\nfor i in range(300): socket.socketpair()"
        self.refused(run("run", "-q", "-o", "/dev/full", "--", PYTHON, "-c", program), 74)
        self.refused(run("report", self.recorded(), "-o", "/dev/full"), 74)

    def test_two_tracers_do_not_share_a_file(self):
        path = self.folder / "trace.jsonl"
        program = "import socket; a, b = socket.socketpair(); print('ready', flush=True); a.recv(1)"
        first = subprocess.Popen([SOCKTALE, "run", "-q", "-o", path, "--", PYTHON, "-c", program],
                                 stdout=subprocess.PIPE, text=True)
        self.addCleanup(first.stdout.close)
        self.assertEqual(first.stdout.readline(), "ready\n")
        self.refused(run("run", "-o", path, "--", "true"), 73)
        first.terminate()
        first.wait(30)
        self.assertIn("socketpair", [call["name"] for call in Trace(path).calls()])

    def test_a_closed_pipe_is_no_trouble(self):
        path = self.recorded()
        result = subprocess.run(["sh", "-c", f"'{SOCKTALE}' report '{path}' | head -1"],
                                capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(result.stderr, "")


class Chat(TestCase):
    def test_port_in_use_ends_with_the_row_and_its_holder(self):
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            trace = self.trace("chat", "--port", holder.getsockname()[1], expect=1)
        last = [call for call in trace.calls("server") if call["name"] == "bind"][-1]
        self.assertEqual(last["outcome"]["error"], "EADDRINUSE")
        note = next(note for note in trace.of("note") if note["code"] == "port-holder")
        self.assertIn(str(os.getpid()), json.dumps(note))
        self.assertIn(str(os.getpid()), self.report(self.folder / "trace.jsonl", "terminal"))
        self.assertEqual(trace.calls("client"), [])

    def test_a_script_of_nonsense(self):
        script = self.folder / "say"
        script.write_text("nobody says this\n")
        self.refused(run("chat", "--say", script), 65)
        self.refused(run("chat", "--say", self.folder / "none"), 66)

    def test_hostile_payload_is_shown_and_runs_nowhere(self):
        script = self.folder / "say"
        attack = "</script><img src=x onerror=alert(1)> | `x` \x1b[31m \u202e **bold**"
        script.write_text(f"client: {attack}\nserver: \x1b]0;title\x07\n", encoding="utf-8")
        path = self.folder / "trace.jsonl"
        shown = run("chat", "-q", "-o", path, "--port", free_port(), "--say", script)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        for text in (shown.stdout, path.read_text("utf-8"), self.report(path, "terminal"), self.report(path, "markdown")):
            self.assertNotIn("\x1b", text)
            self.assertNotIn("\u202e", text)
        # Code spans show their content as it is; outside of them no tag may stand.
        self.assertNotIn("<img", re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", self.report(path, "markdown")))


if __name__ == "__main__":
    unittest.main()

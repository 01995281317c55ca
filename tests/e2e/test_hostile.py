"""A traced program sends what a terminal, a Markdown table or JSON could stumble over; the page of it is
tested in tests/web."""
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import unittest
from random import Random

from support import PYTHON, ROOT, SOCKTALE, TestCase, Trace, run  # which says where those below are
from sanitizer import sanitized

PROGRAM = ROOT / "tests" / "web" / "hostile_program.py"
# Controls but the line's end, C1, and marks that turn the direction of writing.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class HostilePayload(TestCase):
    def setUp(self):
        super().setUp()
        self.trace("run", "--", PYTHON, PROGRAM)

    def shown(self, form, *options):
        """The whole payload is in it: what steers a terminal comes late."""
        result = run("report", self.folder / "trace.jsonl", "--to", form, "-s", "200", *options)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("heading", result.stdout)
        return result.stdout

    def test_terminal(self):
        for language in ("en", "zh_CN"):
            self.assertIsNone(UNSEEN.search(self.shown("terminal", "--lang", language)))

    def test_live_lines(self):
        result = run("run", "--color", "never", "-s", "200", "--", PYTHON, PROGRAM)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("heading", result.stderr)
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


class HostileCalls(TestCase):
    """What programs/hostile gives the kernel is the kernel's to refuse: the program sees the same as untraced,
    and neither time nor memory is a matter of what a length says."""
    PROGRAM = pathlib.Path(os.environ["SOCKTALE_FIXTURES"]) / "hostile/hostile"
    BOUND = 256 << 10  # KiB

    def traced(self, *options, command):
        """What the program prints under socktale, which stays within its bound."""
        path = self.folder / "trace.jsonl"
        with open(self.folder / "out", "w+", encoding="utf-8") as out:
            process = subprocess.Popen([SOCKTALE, "run", "-q", "-o", path, *options, "--", *command], stdout=out)
            status, usage = os.wait4(process.pid, 0)[1:]
            process.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(process.returncode, 0)
            if not sanitized(SOCKTALE):
                self.assertLess(usage.ru_maxrss, self.BOUND)
            out.seek(0)
            return out.read(), Trace(path)

    def told(self):
        """Every report comes to an end."""
        for form in ("terminal", "markdown", "json", "html", "strace", "pcapng"):
            result = run("report", self.folder / "trace.jsonl", "--to", form, "-o", self.folder / "report")
            self.assertEqual(result.returncode, 0, form + result.stderr)

    def test_calls(self):
        for way in ("pointers", "lengths", "vectors", "lists", "stacks"):
            expected = subprocess.run([self.PROGRAM, way], capture_output=True, text=True, check=True).stdout
            self.assertGreaterEqual(len(expected.splitlines()), 5)
            for options in ((), ("--no-seccomp",)):
                with self.subTest(way=way, options=options):
                    out, trace = self.traced(*options, command=[self.PROGRAM, way])
                    self.assertEqual(out, expected)
                    # A wait for what cannot be read is not known to be for a socket.
                    names = [line.split()[0] for line in expected.splitlines() if "poll" not in line and "select" not in line]
                    self.assertGreaterEqual(len(trace.calls()), len(names))
                    self.told()

    def test_vectors_are_bounded_for_all_messages_together(self):
        _, trace = self.traced(command=[self.PROGRAM, "vectors"])
        sent = next(call for call in trace.calls() if call["name"] == "sendmmsg")
        headers = [one["struct"]["msg_hdr"]["struct"] for one in sent["args"]["msgvec"]["in"]["items"]]
        self.assertEqual([header["msg_iovlen"] for header in headers], [1024] * 1024)
        kept = [header["msg_iov"] for header in headers]
        self.assertEqual(len(kept[0]), 1024)
        self.assertEqual(kept[1], {"items": [], "length": 1024})

    def test_forks(self):
        _, trace = self.traced(command=[self.PROGRAM, "forks"])
        self.assertEqual(len(trace.of("born")), 128)
        self.assertEqual(len([call for call in trace.calls() if call["name"] == "socketpair"]), 128)
        self.told()

    def test_frames_in_a_circle(self):
        program = ROOT / "tests/programs/python/circle.py"
        out, trace = self.traced(command=[PYTHON, program])
        self.assertEqual(out, "".join(f"called in a circle of {size}\n" for size in (1, 2, 5)))
        called = [call for call in trace.calls() if call["name"] == "getsockname" and
                  call["place"].get("function") == "call_within"]
        self.assertEqual(len(called), 3)
        self.told()


class ForgedDebugInformation(TestCase):
    """What stands in a program's file about itself is read by a library in our process: it spoils a stack, not the run."""
    PROGRAM = pathlib.Path(os.environ["SOCKTALE_FIXTURES"]) / "native/cpp_optimized"
    SECTION = struct.Struct("<IIQQQQIIQQ")  # Elf64_Shdr

    def sections(self, data):
        """Where those of them are that the program itself does without: name -> (begin, end)."""
        table, = struct.unpack_from("<Q", data, 40)  # Elf64_Ehdr: e_shoff, e_shnum, e_shstrndx
        count, names = struct.unpack_from("<HH", data, 60)
        rows = [self.SECTION.unpack_from(data, table + i * self.SECTION.size) for i in range(count)]
        named = {data[(at := rows[names][4] + row[0]):data.index(0, at)].decode(): (row[4], row[4] + row[5]) for row in rows}
        return {name: span for name, span in named.items() if name.startswith(".debug_") or name in (".symtab", ".strtab", ".eh_frame_hdr")}

    def traced(self, program):
        """What it prints and which calls it makes."""
        trace = self.folder / "forged.jsonl"
        result = run("run", "-q", "-o", trace, "--", program, "1")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        calls = [call["name"] for call in Trace(trace).calls()]
        trace.unlink()
        return result.stdout, calls

    def test_sections_of_anything(self):
        data = self.PROGRAM.read_bytes()
        expected, calls = self.traced(self.PROGRAM)
        sections = self.sections(data)
        self.assertLessEqual({".debug_info", ".debug_line", ".debug_abbrev", ".debug_str"}, set(sections))
        random = Random(20261126)
        fillings = {"zeros": bytes, "ones": lambda size: b"\xff" * size, "noise": random.randbytes}
        for name, (begin, end) in sections.items():
            for filling, make in fillings.items():
                with self.subTest(section=name, filling=filling):
                    program = self.folder / "forged"
                    program.write_bytes(data[:begin] + make(end - begin) + data[end:])
                    program.chmod(0o755)
                    self.assertEqual(self.traced(program), (expected, calls))


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


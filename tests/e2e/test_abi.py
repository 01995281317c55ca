"""Programs of other ABIs: the 32-bit ones that the course builds, calls by int $0x80 and by x32."""
import os
import pathlib
import subprocess
import unittest

from support import TestCase, Trace, free_port, run  # which says where those below are
import narrow

FIXTURES = pathlib.Path(os.environ["SOCKTALE_FIXTURES"])


def result_of(call):
    return call["outcome"]["result"]


class NarrowPrograms(TestCase):
    def record(self, program, *options):
        """The trace of a program, and the lines that it has written."""
        path = self.folder / "trace.jsonl"
        result = run("run", "-q", "-o", path, *options, "--", program)
        self.assertEqual(result.returncode, 0, result.stderr)
        return Trace(path), result.stdout.splitlines()

    @narrow.NEEDED
    def test_every_way_to_ask_for_a_call(self):
        for options in ((), ("--no-seccomp",)):
            with self.subTest(options=options):
                trace, told = self.record(narrow.NARROW / "numbers", *options)
                seen = [f"{call['name']} {call.get('via', '-')} {result_of(call)}" for call in trace.calls()]
                self.assertEqual(seen, told)
                self.assertEqual({call["abi"] for call in trace.calls()}, {"i386"})

    @narrow.NEEDED
    def test_arguments_have_the_layout_of_32_bits(self):
        trace, _ = self.record(narrow.NARROW / "narrow_static")
        calls = trace.calls()
        args = lambda name, nth=0: [call for call in calls if call["name"] == name][nth]["args"]
        self.assertEqual(args("setsockopt")["optval"]["as"]["struct"], {"tv_sec": 7, "tv_usec": 500000})
        sent = args("sendmsg")["msg"]["in"]["struct"]
        self.assertEqual([each["struct"]["iov_base"]["text"] for each in sent["msg_iov"]], ["abcd", "efghijkl"])
        control = sent["msg_control"][0]["struct"]
        self.assertEqual((control["cmsg_len"], control["cmsg_type"]["name"]), (16, "SCM_RIGHTS"))
        self.assertEqual(args("writev")["iov"]["in"][0]["struct"]["iov_base"]["text"], "abcd")
        waited = next(call for call in calls if call["name"] in ("select", "pselect6"))
        timeout = waited["args"]["timeout"]["in"]["struct"]
        self.assertIn(timeout, ({"tv_sec": 5, "tv_usec": 250000}, {"tv_sec": 5, "tv_nsec": 250000000}))
        self.assertEqual([call["name"] for call in calls if "recv" in call["name"]], ["recvfrom", "recvmsg"])

    @narrow.NEEDED
    def test_lines_and_functions(self):
        for program in ("narrow_static", "narrow_dynamic", "narrow_optimized"):
            with self.subTest(program=program):
                trace, told = self.record(narrow.NARROW / program)
                seen = [f"{call['place'].get('line')} {call['place'].get('function')}" for call in trace.calls()]
                self.assertEqual(seen, [" ".join(line.split()[:2]) for line in told])

    @narrow.NEEDED
    def test_chat_as_the_course_builds_it(self):
        port = free_port()
        path = self.folder / "chat.jsonl"
        result = run("chat", "-q", "--server", "c32", "--client", "c32", "--port", port, "-o", path)
        self.assertEqual(result.returncode, 0, result.stderr)
        trace = Trace(path)
        wide_path = self.folder / "wide.jsonl"
        result = run("chat", "-q", "--server", "c", "--client", "c", "--port", free_port(), "-o", wide_path)
        self.assertEqual(result.returncode, 0, result.stderr)
        wide = Trace(wide_path)
        # The same program in the other ABI: the same lines make the same calls. (Where x86-64 has no
        # accept, socketcall has.)
        self.assertEqual(trace.written("server"), wide.written("server"))
        self.assertEqual(trace.written("client"), wide.written("client"))
        self.assertEqual({call.get("abi") for call in trace.calls()}, {"i386"})
        text = self.report(path, "terminal")
        self.assertIn("socketcall(SYS_", text)

    @narrow.NEEDED
    def test_int_0x80_in_a_64_bit_program(self):
        trace, told = self.record(FIXTURES / "behaviour" / "int80")
        calls = trace.calls()
        self.assertEqual([(call["name"], call.get("abi"), str(result_of(call))) for call in calls],
                         list(zip(["socket"] * 2, ["i386", None], told[0].split())))
        self.assertEqual(calls[0]["args"], calls[1]["args"])


if __name__ == "__main__":
    unittest.main()

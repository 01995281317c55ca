"""What of a program cannot be seen is said, in every report."""
import errno
import json
import os
import pathlib
import stat
import struct
import subprocess
import unittest

from support import SOCKTALE, TestCase, Trace, run

HIDES = pathlib.Path(os.environ["SOCKTALE_FIXTURES"]) / "behaviour" / "hides"


class Unseen(TestCase):
    def hide(self, way, *options):
        """The trace of the fixture, and what its call gave."""
        self.path = self.folder / f"{way}.jsonl"
        result = run("run", "-q", "-o", self.path, *options, "--", HIDES, way)
        self.assertEqual(result.returncode, 0, result.stderr)
        return Trace(self.path), int(result.stdout)

    def codes(self, trace):
        return [note["code"] for note in trace.of("note")]

    def said(self, *words):
        """Each report says these words."""
        for form in ("terminal", "markdown", "json", "html"):
            result = run("report", self.path, "--to", form)
            self.assertEqual(result.returncode, 0, result.stderr)
            text = " ".join(result.stdout.split())
            for word in words:
                self.assertIn(word, text, form)

    def test_io_uring(self):
        trace, result = self.hide("ring")
        if result != 0:
            self.skipTest(f"this kernel lets nobody set up an io_uring: {errno.errorcode[-result]}")
        self.assertEqual(self.codes(trace), ["io-uring"])
        self.said("io_uring")

    def test_a_filter_of_its_own(self):
        for way in ("filter", "filter-prctl"):
            with self.subTest(way=way):
                trace, result = self.hide(way)
                self.assertEqual(result, -errno.EACCES)
                self.assertEqual(self.codes(trace), ["own-filter"])
                self.assertEqual(trace.calls(), [])
                self.said("--no-seccomp")
                trace, _ = self.hide(way, "--no-seccomp")
                self.assertEqual([call["outcome"]["error"] for call in trace.calls()], ["EACCES"])

    def test_an_untraced_child(self):
        for way in ("untraced", "untraced-clone3"):
            with self.subTest(way=way):
                for options in ((), ("--no-seccomp",)):
                    trace, result = self.hide(way, *options)
                    self.assertEqual(result, 0)
                    self.assertEqual(self.codes(trace), [])
                    self.assertEqual([call["name"] for call in trace.calls()], ["socket"])

    def test_strict_mode(self):
        for options in ((), ("--no-seccomp",)):
            with self.subTest(options=options):
                trace, result = self.hide("strict", *options)
                self.assertEqual(result, 0)
                self.assertEqual(self.codes(trace), ["strict-seccomp"])

    def test_a_tracer_of_its_own_children(self):
        """Refused as the kernel does for whoever has a tracer; and said, of both who asked."""
        for options in ((), ("--no-seccomp",)):
            with self.subTest(options=options):
                trace, result = self.hide("traces", *options)
                self.assertEqual(result, -errno.EPERM)
                self.assertEqual(self.codes(trace), ["one-tracer", "one-tracer"])
                self.assertEqual(len({note["pid"] for note in trace.of("note")}), 2)
                self.said("one tracer at a time")
                trace, result = self.hide("traces-itself", *options)
                self.assertEqual(result, -errno.EPERM)
                self.assertEqual(self.codes(trace), [])

    def test_x32(self):
        for options in ((), ("--no-seccomp",)):
            trace, _ = self.hide("x32", *options)
            self.assertEqual(self.codes(trace), ["x32-call"])
            self.assertEqual(trace.calls(), [])

    @unittest.skipIf(os.geteuid() != 0, "not root: no file can be given to another user")
    def test_privileges_that_a_file_would_give(self):
        """Only where the tracer lacks them the program does."""
        nobody = 65534
        self.folder.chmod(0o777)
        binary, program = self.folder / "socktale", self.folder / "id"
        for copy, source in ((binary, SOCKTALE), (program, "/usr/bin/id")):
            copy.write_bytes(pathlib.Path(source).read_bytes())
            copy.chmod(0o755)
        raw_sockets = struct.pack("<5I", 0x02000001, 1 << 13, 0, 0, 0)  # struct vfs_cap_data: CAP_NET_RAW
        for what, give in (("user", lambda: (os.chown(program, 0, 0), program.chmod(0o755 | stat.S_ISUID))),
                           ("group", lambda: (os.chown(program, nobody, 0), program.chmod(0o755 | stat.S_ISGID))),
                           ("capabilities", lambda: (os.chown(program, nobody, nobody),
                                                     os.setxattr(program, "security.capability", raw_sockets))),
                           ("nothing", lambda: os.chown(program, nobody, nobody))):
            give()
            lost = [] if what == "nothing" else ["no-set-user-id"]
            for uid, codes, effective in ((nobody, lost, "nobody"), (0, [], "root")):
                with self.subTest(what=what, uid=uid):
                    self.path = path = self.folder / f"trace-{uid}-{what}.jsonl"
                    result = subprocess.run(["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", binary, "run", "-q",
                                             "-o", path, "--", program, "-un"],
                                            capture_output=True, text=True, check=False, timeout=60)
                    self.assertEqual((result.returncode, result.stdout), (0, effective + "\n"), result.stderr)
                    self.assertEqual(self.codes(Trace(path)), codes)
                    if codes:
                        self.said("set-user-ID")

    def test_an_address_that_another_thread_changes(self):
        trace, result = self.hide("changed")
        self.assertEqual(result, 0)
        self.assertEqual(self.codes(trace), ["changed-argument"])
        note = trace.of("note")[0]
        call = next(call for call in trace.calls() if str(call["id"]) == note["about"]["call"])
        self.assertEqual((call["name"], note["about"]["argument"]), ("connect", "addr"))
        self.assertIn("asocktale-", json.dumps(call["args"]["addr"]["in"]))
        self.assertIn("bsocktale-", json.dumps(call["args"]["addr"]["out"]))
        unchanged = [each for each in trace.calls() if each["name"] == "connect"][0]
        self.assertNotIn("out", unchanged["args"]["addr"])
        self.said("another thread")


    def test_a_message_whose_destination_another_thread_changes(self):
        trace, result = self.hide("changed-name")
        self.assertEqual(result, 0)
        self.assertEqual(self.codes(trace), ["changed-argument"])
        note = trace.of("note")[0]
        self.assertEqual((note["about"]["name"], note["about"]["argument"]), ("sendmsg", "msg_name"))
        calls = [call for call in trace.calls() if call["name"] == "sendmsg"]
        self.assertEqual(str(calls[-1]["id"]), note["about"]["call"])
        told = json.dumps(calls[-1]["args"]["msg"])
        self.assertIn("asocktale-", told)
        self.assertIn("bsocktale-", told)
        self.assertNotIn("bsocktale-", json.dumps(calls[0]["args"]["msg"]))


if __name__ == "__main__":
    unittest.main()

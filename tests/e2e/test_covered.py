"""Every row has a fixture that makes the call: the calls of `socktale explain --list`, and each address,
option and control message of tests/programs/values/cases.h, which a unit test compares with the tables."""
import os
import pathlib
import re
import subprocess
import unittest

from support import TestCase, Trace, run

FIXTURES = pathlib.Path(os.environ["SOCKTALE_FIXTURES"])


class Covered(TestCase):
    def calls_of(self, program):
        """The calls that a fixture really made, whatever it exits with: some end by a signal."""
        path = self.folder / "trace.jsonl"
        run("run", "-q", "--no-lines", "--no-samples", "-o", path, "--", program, cwd=self.folder)
        return Trace(path).calls()

    def test_every_call_of_the_table_is_made_by_a_fixture(self):
        rows = set(re.findall(r"^\| `(\w+)\(", run("explain", "--list").stdout, re.MULTILINE))
        self.assertGreater(len(rows), 30)
        programs = sorted(each for each in (FIXTURES / "strace").iterdir()
                          if each.is_file() and os.access(each, os.X_OK))
        made = {call["name"] for program in programs for call in self.calls_of(program)
                if call.get("outcome")}
        self.assertEqual(rows - made, set(), "rows of tracer/tables/syscalls.cpp without a fixture "
                         "in tests/programs/strace")

    def test_every_case_of_the_values_is_seen(self):
        program = FIXTURES / "values" / "values"
        told = subprocess.run([program, "tell"], capture_output=True, text=True, check=True).stdout.splitlines()
        seen = self.calls_of(program)
        self.assertEqual(len(seen), len(told))
        kinds = ("connect", "setsockopt", "sendmsg")
        self.assertEqual({call["name"] for call in seen}, set(kinds))
        for call in seen:
            self.assertEqual(call["outcome"]["error"], "EBADF")


if __name__ == "__main__":
    unittest.main()

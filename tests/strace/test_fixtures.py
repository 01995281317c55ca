"""Every program of tests/programs/strace prints the same under strace and under socktale."""
import os
import pathlib
import unittest

import lines
import running  # which says where those below are
import narrow

FIXTURES = pathlib.Path(os.environ.get("SOCKTALE_FIXTURES",
                                       running.ROOT / "build/release/tests/programs")) / "strace"
SOURCES = sorted((running.ROOT / "tests/programs/strace").glob("*.c"))


class Fixtures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if why := running.unusable():
            raise unittest.SkipTest(why)

    def check(self, subject, what, score):
        print(f"   {subject:14} {what:12} {score}", flush=True)
        with self.subTest(fixture=subject, what=what):
            if score.matched != score.total:
                self.fail(f"{subject}, {what}: {score}\n{lines.told(score)}")

    def test_programs(self):
        print()
        self.assertGreaterEqual(len(SOURCES), 10)
        for source in SOURCES:
            with self.subTest(fixture=source.stem):
                program = [str(FIXTURES / source.stem)]
                self.check(source.stem, "%net", running.net_score(program))
                every, decorated = running.descriptor_scores(program)
                self.check(source.stem, "every call", every)
                self.check(source.stem, "descriptors", decorated)

    def test_values(self):
        """Every address, option and control message of tests/programs/values/cases.h."""
        print()
        self.check("values", "%net", running.net_score([str(FIXTURES.parent / "values/values")]))

    @narrow.NEEDED
    def test_32_bit_programs(self):
        """socketcall(2) is printed as what was asked for, send and recv too."""
        print()
        for name in ("numbers", "narrow_static"):
            self.check(name, "%net", running.net_score([str(narrow.NARROW / name)]))

    def test_results_stand_where_strace_puts_them(self):
        expected, _ = running.by_strace([str(FIXTURES / "errors")], "-e", "trace=%net")
        self.assertIn(") = ", expected)
        self.assertTrue(any(line.startswith("= ", 40) for line in expected.splitlines()))


class Comparison(unittest.TestCase):
    """The comparison itself sees what it is for."""

    def score(self, expected, actual):
        return lines.compare(lines.comparable(expected), lines.comparable(actual))

    def test_renames_what_differs_from_run_to_run(self):
        one = "12    bind(3, {sin_port=htons(4711)}, 16) = 0\n13    close(3) = 0\n"
        two = "98    bind(3, {sin_port=htons(5000)}, 16) = 0\n99    close(3) = 0\n"
        self.assertEqual(str(self.score(one, two)), "2/2 lines (100.00 %)")

    def test_sees_what_is_different(self):
        same = "12    close(3) = 0\n"
        for other in ("12    close(4) = 0\n", "12    close(3)  = 0\n", same + same, "",
                      "12    close(3) = 0\n13    close(3) = 0\n"):
            score = self.score(same, other)
            self.assertLess(score.matched, score.total, other)

    def test_joins_what_was_broken_off(self):
        broken = ("12    accept(3,  <unfinished ...>\n13    close(4) = 0\n"
                  "12    <... accept resumed>NULL, NULL) = 5\n")
        whole = "12    accept(3, NULL, NULL) = 5\n13    close(4) = 0\n"
        early = broken.replace("accept(3,  <", "accept(3 <").replace(">NULL", ">, NULL")
        self.assertEqual(self.score(broken, whole).matched, 2)
        self.assertEqual(self.score(broken, early).matched, 1)

    def test_takes_tasks_as_they_were_born(self):
        self.assertEqual(lines.eldest_first([12, 14, 11]), [11, 12, 14])
        self.assertEqual(lines.eldest_first([301, 32766, 300, 32700]), [32700, 32766, 300, 301])
        self.assertEqual(lines.eldest_first([]), [])

    def test_keeps_quotes_when_it_takes_decorations_away(self):
        text = 'sendto(3<UNIX-STREAM:[1->2,"a>b"]>, "5<x>", 4)'
        self.assertEqual(lines.undecorated(text), 'sendto(3, "5<x>", 4)')


if __name__ == "__main__":
    unittest.main()

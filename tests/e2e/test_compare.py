"""socktale compare on real runs: of one program, of two languages, and with hostile names."""
import json
import unittest

import jsonschema

from support import ROOT, TestCase, free_port, run

SCHEMA = json.loads((ROOT / "reports/schema/compare.schema.json").read_text("utf-8"))


class Compare(TestCase):
    def record(self, name, *options):
        path = self.folder / f"{name}.jsonl"
        result = run("chat", "-q", "-o", path, "--port", free_port(), *options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return path

    def compare(self, *arguments, expect):
        """What `compare` prints as JSON, which fits its schema, with that exit status."""
        result = run("compare", *arguments, "--to", "json")
        self.assertEqual(result.returncode, expect, result.stdout + result.stderr)
        told = json.loads(result.stdout)
        jsonschema.validate(told, SCHEMA)
        self.assertEqual(told["same"], expect == 0)
        return told

    def test_two_runs_of_one_program_are_the_same(self):
        for language in ("python", "cpp"):
            with self.subTest(language):
                pair = [self.record(f"{language}{i}", "--server", language, "--client", language)
                        for i in (1, 2)]
                told = self.compare(*pair, expect=0)
                self.assertEqual(told["as"], "runs")
                self.assertEqual(run("compare", "-q", *pair).stdout, "")

    def test_two_languages_differ_in_what_is_known_of_them(self):
        python = self.record("python")
        cpp = self.record("cpp", "--server", "cpp", "--client", "cpp")
        told = self.compare(python, cpp, expect=1)
        self.assertEqual(told["as"], "languages")
        self.assertEqual([column["name"] for column in told["columns"]], ["Python", "C++"])
        server, client = told["roles"]
        self.assertIn("make a socket: SOCK_CLOEXEC only in Python", server["differences"])
        self.assertIn("accept: accept4 in Python; accept in C++", server["differences"])
        self.assertIn("accept: hidden getsockname only in Python", server["differences"])
        self.assertIn("send: send → sendto in all", client["alike"])
        self.assertTrue([text for text in client["differences"] if "never closed" in text])
        self.assertEqual([row["what"] for row in server["rows"]],
                         ["make a socket", "give it an address", "listen", "accept", "receive", "send",
                          "receive: the peer has closed", "close the connection", "close the listening socket"])
        for row in server["rows"]:
            self.assertNotIn(None, row["cells"])

    def test_another_payload_is_another_run(self):
        script = self.folder / "say"
        script.write_text("client: hullo\nserver: hi\n")
        pair = [self.record("a"), self.record("b", "--say", script)]
        told = self.compare(*pair, expect=1)
        self.assertEqual(told["as"], "runs")
        self.assertIn('send: buf: "hello" in a; "hullo" in b', told["roles"][1]["differences"])
        self.assertEqual(run("compare", "-q", *pair).returncode, 1)

    def test_the_kind_of_comparison_can_be_chosen(self):
        pair = [self.record("a"), self.record("b")]
        self.assertEqual(self.compare(*pair, "--as", "languages", expect=0)["as"], "languages")
        self.refused(run("compare", *pair, "--as", "nothing"), 64)

    def test_hostile_names_and_payload_show_as_themselves(self):
        script = self.folder / "say"
        script.write_text("client: |<img src=x>`**\u202e\x1b[31m\nserver: hi\n", "utf-8")
        bad = self.record("\x1b]0;|<i>`", "--say", script)
        good = self.record("good")
        for form in ("terminal", "markdown"):
            shown = run("compare", good, bad, "--to", form, "--color", "never").stdout
            self.assertNotIn("\x1b", shown)
            self.assertNotIn("\u202e", shown)
        for line in shown.splitlines():
            if "<img" in line:
                self.assertRegex(line, r"`[^`]*<img|<code>")
            if line.startswith("| "):
                self.assertEqual(line.replace("\\|", "").count("|"), 5, line)

    def test_bad_use_and_bad_files(self):
        one = self.record("one")
        self.refused(run("compare", one), 64)
        self.refused(run("compare", "-", "-"), 64)
        self.refused(run("compare", one, self.folder / "none.jsonl"), 66)
        other = self.folder / "other.jsonl"
        other.write_text("no trace\n")
        self.refused(run("compare", one, other), 65)


if __name__ == "__main__":
    unittest.main()

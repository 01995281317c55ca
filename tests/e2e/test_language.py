"""The language: who chooses it, and that everything people read is in it."""
import json
import os
import re
import unittest

from support import ROOT, PYTHON, TestCase, run

TRACE = ROOT / "tests/traces/python-chat.jsonl"
VARIABLES = ("SOCKTALE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH_SENTENCE = re.compile(r"(?<![\w/.-])[A-Za-z]{2,}(?: [a-z]{2,}){3,}")


def run_with(variables, *arguments):
    """socktale with just these of the variables that choose the language."""
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return run(*arguments, env=environment | variables)


class Choice(TestCase):
    def language(self, variables, *options):
        return json.loads(run_with(variables, "report", TRACE, "--to", "json", *options).stdout)["lang"]

    def test_english_unless_asked(self):
        self.assertEqual(self.language({}), "en")
        self.assertEqual(self.language({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}), "en")
        self.assertEqual(self.language({"LANG": "de_DE.UTF-8"}), "en")

    def test_the_environment_chooses(self):
        for name in VARIABLES:
            self.assertEqual(self.language({name: "zh_CN.UTF-8"}), "zh_CN")
        self.assertEqual(self.language({"SOCKTALE_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}), "en")

    def test_the_option_is_stronger_and_may_stand_anywhere(self):
        self.assertEqual(self.language({"SOCKTALE_LANG": "en"}, "--lang", "zh_CN"), "zh_CN")
        self.assertEqual(self.language({"SOCKTALE_LANG": "zh_CN"}, "--lang=en"), "en")
        before = run_with({}, "--lang", "zh_CN", "report", TRACE, "--to", "json")
        self.assertEqual(json.loads(before.stdout)["lang"], "zh_CN")

    def test_the_option_of_a_traced_command_is_its_own(self):
        result = run_with({}, "run", "-q", "--", PYTHON, "-c", "import sys; print(sys.argv[1:])",
                          "--lang", "zh_CN")
        self.assertEqual(result.stdout, "['--lang', 'zh_CN']\n")
        failed = run_with({}, "run", "--", "no-such-command", "--lang", "zh_CN")
        self.assertIn("error: ", failed.stderr)

    def test_another_language_is_bad_usage(self):
        for value in ("xx", "zh", "", "zh_CN.UTF-8"):
            result = run_with({}, "report", TRACE, f"--lang={value}")
            self.assertEqual(result.returncode, 64, value)
            self.assertIn("hint: ", result.stderr)


class Chinese(TestCase):
    def test_help(self):
        for command in ((), ("run",), ("chat",), ("report",), ("check",), ("compare",),
                        ("explain",)):
            with self.subTest(command=command):
                text = run_with({}, *command, "--lang", "zh_CN", "--help").stdout
                self.assertIn("用法", text)
                self.assertIn("示例", text)
                self.assertIsNone(ENGLISH_SENTENCE.search(text.replace("echo the same", "")))

    def test_errors(self):
        for arguments in ((), ("nonsense",), ("run",), ("run", "--payload", "many", "--", "true"),
                          ("report",), ("report", "x", "--to", "poetry"), ("chat", "--port", "0"),
                          ("chat", "--server", "cobol"), ("check", "x"), ("explain",),
                          ("explain", "acept"), ("explain", "bind", "--list"),
                          ("report", "/no/such/file"), ("report", "/etc/passwd"),
                          ("report", TRACE, "-o", "/no/such/folder/x"),
                          ("report", TRACE, "--color", "blue"), ("compare", TRACE),
                          ("check", "--expect", "/etc/passwd", TRACE),
                          ("run", "--", "no-such-command"), ("run", "--", "/etc/passwd")):
            with self.subTest(arguments=arguments):
                result = run_with({}, "--lang", "zh_CN", *arguments)
                self.assertNotEqual(result.returncode, 0)
                self.assertRegex(result.stderr, "^错误：.*\n提示：.*\n$")
                for line in result.stderr.splitlines():
                    self.assertRegex(line, CHINESE)
                self.assertIsNone(ENGLISH_SENTENCE.search(result.stderr), result.stderr)

    def test_live_lines(self):
        code = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.close()"
        result = run_with({"SOCKTALE_LANG": "zh_CN"}, "run", "--", PYTHON, "-c", code)
        self.assertIn("向内核申请了一个套接字（TCP/IPv4）", result.stderr)
        self.assertNotIn("Asked", result.stderr)

    def test_explain(self):
        for topic in ("accept4", "EADDRINUSE", "recv"):
            text = run_with({"SOCKTALE_LANG": "zh_CN"}, "explain", topic).stdout
            self.assertRegex(text, CHINESE)
            self.assertIsNone(ENGLISH_SENTENCE.search(text), text)


if __name__ == "__main__":
    unittest.main()

"""The README cannot lie: its call table is the program's own, its transcript is what the chat prints,
its commands exist."""
import re
import unittest

from support import ROOT, TestCase, free_port, run

README = (ROOT / "README.md").read_text("utf-8")


def block(name):
    """What stands between the markers of this name."""
    return re.search(f"<!-- {name} -->\n(.*?)<!-- /{name} -->", README, re.S).group(1)


def plain(text):
    """A report without what differs from run to run, without its line breaks and blanks."""
    text = re.sub(r"\b\d+(\.\d+)? (us|ms|s)\b", "", text)
    text = re.sub(r"htons\(\d+\)|:\d{4,5}\b|process \d+", "", text)
    return re.sub(r"\s+", "", text)


class Readme(TestCase):
    def test_the_call_table_is_the_programs_own(self):
        self.assertEqual(block("calls"), run("explain", "--list").stdout)

    def test_the_transcript_is_what_the_chat_prints(self):
        path = self.folder / "trace.jsonl"
        self.trace("chat", "--port", free_port())
        printed = plain(run("report", path, env={"COLUMNS": "100", "PATH": "/usr/bin:/bin"}).stdout)
        shown = block("transcript").replace("```text", "").replace("```", "")
        steps = shown[shown.index("▣ server"):].split("▣ server", 2)[1].split("\n", 1)[1]
        self.assertGreater(len(plain(steps)), 1000)
        self.assertIn(plain(steps), printed)

    def test_commands_in_the_readme_are_understood(self):
        for line in re.findall(r"^    (socktale .*)$", README, re.M):
            command = line.split()[1]
            options = re.findall(r"(?<= )--?[a-z][a-z-]*", line.split(" -- ")[0])
            listed = run(command, "--help").stdout
            for option in options:
                self.assertIn(option, listed, line)


if __name__ == "__main__":
    unittest.main()

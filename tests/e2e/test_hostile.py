"""A traced program sends what a terminal, a Markdown table or JSON could stumble over; the page of it is
tested in tests/web."""
import json
import re

from support import PYTHON, ROOT, TestCase, run

PROGRAM = ROOT / "tests" / "web" / "hostile_program.py"
# Controls but the line's end, C1, and marks that turn the direction of writing.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class HostilePayload(TestCase):
    def setUp(self):
        super().setUp()
        self.trace("run", "--", PYTHON, PROGRAM)

    def shown(self, form, *options):
        result = run("report", self.folder / "trace.jsonl", "--to", form, *options)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("onerror", result.stdout)
        return result.stdout

    def test_terminal(self):
        for language in ("en", "zh_CN"):
            self.assertIsNone(UNSEEN.search(self.shown("terminal", "--lang", language)))

    def test_live_lines(self):
        result = run("run", "--color", "never", "--", PYTHON, PROGRAM)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("onerror", result.stderr)
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

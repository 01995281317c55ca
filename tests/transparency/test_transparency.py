"""What a program sees is the same untraced and traced, in each of socktale's modes; the table of it in
tests/README.md is checked here, and written anew with SOCKTALE_UPDATE_TABLE=1."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SOCKTALE = pathlib.Path(os.environ["SOCKTALE"])
SCENES = pathlib.Path(os.environ["SOCKTALE_FIXTURES"]) / "transparency" / "scenes"
README = pathlib.Path(__file__).resolve().parents[1] / "README.md"
BEGIN, END = "<!-- transparency -->\n", "<!-- /transparency -->\n"
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

# The kernel has no other answer: scene -> ways in which the program sees something else, and why.
BY_RULE = {
    "strict-mode": ({"filter", "setarch", "nobody"}, "exit 33",
                    "seccomp(2): a task has one mode; noted in the trace, and not so with `--no-seccomp`"),
    "traces-its-child": ({"filter", "no-seccomp", "setarch", "nobody", "nobody-no-seccomp", "strace"}, "PTRACE_TRACEME EPERM",
                         "ptrace(2): one tracer at a time; noted in the trace"),
}


def scenes():
    return subprocess.run([SCENES], capture_output=True, text=True, check=True).stdout.split()


class Transparency(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Where everybody may read and run: the tree may be in a folder of root's.
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="socktale-transparency-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.folder.chmod(0o755)
        cls.scenes = shutil.copy(SCENES, cls.folder)
        socktale = shutil.copy(SOCKTALE, cls.folder)
        run = [socktale, "run", "-q"]
        cls.ways = {"filter": [*run, "--"], "no-seccomp": [*run, "--no-seccomp", "--"],
                    "setarch": ["setarch", "-R", *run, "--"]}
        if os.geteuid() == 0:
            cls.ways["nobody"] = [*NOBODY, *run, "--"]
            cls.ways["nobody-no-seccomp"] = [*NOBODY, *run, "--no-seccomp", "--"]
        if shutil.which("strace"):
            cls.ways["strace"] = ["strace", "-f", "-o", "/dev/null"]

    def seen(self, scene, *how):
        """What the program printed, and how it ended."""
        result = subprocess.run([*how, self.scenes, scene], capture_output=True, text=True, check=False, timeout=60,
                                cwd=self.folder)
        self.assertEqual(result.stderr, "", (scene, how))
        self.assertEqual(result.returncode, 0, (scene, how))
        return result.stdout.strip()

    def test_every_scene(self):
        rows = []
        for scene in scenes():
            plain = {"root": self.seen(scene)}
            if os.geteuid() == 0:
                plain["nobody"] = self.seen(scene, *NOBODY)
            shown = {}
            excepted, other, _ = BY_RULE.get(scene, (set(), None, ""))
            for way, how in self.ways.items():
                with self.subTest(scene=scene, way=way):
                    shown[way] = self.seen(scene, *how)
                    expected = plain.get("nobody", plain["root"]) if way.startswith("nobody") else plain["root"]
                    self.assertEqual(shown[way], other if way in excepted else expected)
            rows.append((scene, plain["root"], shown))
        self.check_table(rows)

    def check_table(self, rows):
        table = ["| scene | untraced | socktale | `--no-seccomp` | strace |\n", "|---|---|---|---|---|\n"]
        for scene, plain, shown in rows:
            cells = ["the same" if shown.get(way, plain) == plain else shown[way] for way in ("filter", "no-seccomp", "strace")]
            rule = BY_RULE.get(scene, ("", "", ""))[2]
            table.append(f"| {scene} | {plain} | {cells[0]}{f' ({rule})' if rule else ''} | {cells[1]} | {cells[2]} |\n")
        text = README.read_text("utf-8")
        before, rest = text.split(BEGIN)
        written, after = rest.split(END)
        if os.environ.get("SOCKTALE_UPDATE_TABLE"):
            README.write_text(before + BEGIN + "".join(table) + END + after, "utf-8")
        elif "strace" in self.ways and os.geteuid() == 0:
            self.assertEqual(written, "".join(table), "SOCKTALE_UPDATE_TABLE=1 writes it anew")


if __name__ == "__main__":
    unittest.main()

"""What a program sees is the same untraced and traced, in each of socktale's modes; the table of it in
tests/README.md is checked here, and written anew with SOCKTALE_UPDATE_TABLE=1."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import narrow  # noqa: E402 (where it lies is known only now)

SOCKTALE = pathlib.Path(os.environ["SOCKTALE"])
SCENES = pathlib.Path(os.environ["SOCKTALE_FIXTURES"]) / "transparency" / "scenes"
README = pathlib.Path(__file__).resolve().parents[1] / "README.md"
BEGIN, END = "<!-- transparency -->\n", "<!-- /transparency -->\n"
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

# The kernel has no other answer: scene -> ways in which the program sees something else, and why.
BY_RULE = {
    "traces-its-child": ({"32-bit", "32-bit-no-seccomp", "filter", "no-seccomp", "setarch", "nobody", "nobody-no-seccomp", "strace"}, "PTRACE_TRACEME EPERM",
                         "ptrace(2): one tracer at a time; noted in the trace"),
    "set-user-id": ({"nobody", "nobody-no-seccomp"}, "effective user 65534",
                    "under a tracer without privileges the program has none, execve(2); noted in the trace"),
}


def scenes():
    return subprocess.run([SCENES], capture_output=True, text=True, check=True).stdout.split()


def filtered():
    """We run behind a filter of somebody's, as in some containers: programs see it, traced or not."""
    return "Seccomp:\t0\n" not in pathlib.Path("/proc/self/status").read_text()


class Transparency(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Where everybody may read and run: the tree may be in a folder of root's.
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="socktale-transparency-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.folder.chmod(0o755)
        cls.scenes = cls.program(SCENES)
        socktale = shutil.copy(SOCKTALE, cls.folder)
        run = [socktale, "run", "-q"]
        cls.ways = {"filter": [*run, "--"], "no-seccomp": [*run, "--no-seccomp", "--"],
                    "setarch": ["setarch", "-R", *run, "--"]}
        if os.geteuid() == 0:
            cls.ways["nobody"] = [*NOBODY, *run, "--"]
            cls.ways["nobody-no-seccomp"] = [*NOBODY, *run, "--no-seccomp", "--"]
        if narrow.WHY_NOT:
            print("32-bit programs are not tried:", narrow.WHY_NOT)
        else:
            cls.narrow = cls.program(narrow.NARROW / "narrow_scenes")
            cls.ways["32-bit"] = cls.ways["filter"]
            cls.ways["32-bit-no-seccomp"] = cls.ways["no-seccomp"]
        if shutil.which("strace"):
            cls.ways["strace"] = ["strace", "-f", "-o", "/dev/null"]

    @classmethod
    def program(cls, source):
        """A copy, with one beside it that has another user's privileges, where root may give it them."""
        copy = shutil.copy(source, cls.folder)
        other = shutil.copy(source, cls.folder / f"{source.name}-set-uid")
        if os.geteuid() == 0:
            os.chown(other, 1, 1)
            other.chmod(0o4755)
        return copy

    def seen(self, scene, *how, program=None):
        """What the program printed, and how it ended."""
        result = subprocess.run([*how, program or self.scenes, scene], capture_output=True, text=True, check=False, timeout=60,
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
                    shown[way] = self.seen(scene, *how, program=self.narrow if way.startswith("32-bit") else None)
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
        elif "strace" in self.ways and os.geteuid() == 0 and not filtered():
            self.assertEqual(written, "".join(table), "SOCKTALE_UPDATE_TABLE=1 writes it anew")


if __name__ == "__main__":
    unittest.main()

"""What an installation has beside the program: the man page and the completions, made of the command
line itself, and the Debian package, which runs from wherever it was unpacked."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from support import SOCKTALE, TestCase, free_port, run

BUILD = pathlib.Path(SOCKTALE).resolve().parents[1]
COMPLETE = '''. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _socktale; printf '%s\\n' "${COMPREPLY[@]}"'''


def commands():
    """{name: its options}, as help has them."""
    listed = run("--help").stdout.split("Subcommands:\n")[1].split("\n\n")[0]
    names = re.findall(r"^  ([a-z]+) ", listed, re.MULTILINE)
    assert {"run", "chat", "report", "explain"} <= set(names), names
    return {name: re.findall(r"^  (?:-\w,)?(--[a-z-]+)", run(name, "--help").stdout, re.MULTILINE)
            for name in names}


class Beside(TestCase):
    def test_the_man_page_has_every_command_and_option(self):
        page = run("generate", "man").stdout
        sections = dict(re.findall(r"^\.SS socktale (\w+)\n(.*?)(?=^\.S)", page, re.MULTILINE | re.DOTALL))
        for name, options in commands().items():
            for option in options:
                self.assertIn(option.replace("-", "\\-"), sections[name], name)
        for word in ("accept4", "EADDRINUSE", "Exit status"):
            self.assertIn(word, page)

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed (Debian's package: groff-base)")
    def test_groff_warns_of_nothing(self):
        page = run("generate", "man").stdout
        checked = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=page, capture_output=True,
                                 text=True, check=True)
        self.assertEqual(checked.stderr, "")

    def completed(self, *words):
        script = self.folder / "socktale"
        script.write_text(run("generate", "bash").stdout)
        return subprocess.run(["bash", "--norc", "-c", COMPLETE, "bash", script, "socktale", *words],
                              capture_output=True, text=True, check=True, cwd=self.folder).stdout.split()

    def test_bash_completes(self):
        (self.folder / "trace.jsonl").write_text("")
        self.assertEqual(self.completed("r"), ["run", "report"])
        self.assertEqual(self.completed("run", "--to", "mark"), ["markdown"])
        self.assertEqual(self.completed("--lang", "z"), ["zh_CN"])
        self.assertEqual(self.completed("explain", "EADDRI"), ["EADDRINUSE"])
        self.assertEqual(self.completed("lesson", "who-sh"), ["who-shakes-hands"])
        self.assertEqual(self.completed("report", "tr"), ["trace.jsonl"])
        self.assertIn("getent", self.completed("run", "-o", "trace.jsonl", "--", "getent"))
        self.assertEqual(self.completed("run", "--", "cat", "--", "tr"), ["trace.jsonl"])
        for name, options in commands().items():
            self.assertIn(name, self.completed(""))
            self.assertEqual(set(options) - set(self.completed(name, "-")), set())

    def test_the_other_shells_know_every_option(self):
        for name, options in commands().items():
            for option in options:
                self.assertIn(option, run("generate", "zsh").stdout)
                self.assertRegex(run("generate", "fish").stdout, f"(?m)^.*from {name}'.* -l {option[2:]} ")


NEEDED = [each for each in ("cpack", "dpkg-deb", "dpkg-shlibdeps", "file") if shutil.which(each) is None]


@unittest.skipIf(NEEDED, f"no package can be made without {', '.join(NEEDED)}")
class Package(TestCase):
    def test_it_is_made_and_runs_from_where_it_was_unpacked(self):
        made = subprocess.run(["cpack", "-G", "DEB", "-B", self.folder, "--config", BUILD / "CPackConfig.cmake"],
                              capture_output=True, text=True, check=False, cwd=self.folder)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        package, = self.folder.glob("socktale_*.deb")
        fields = subprocess.run(["dpkg-deb", "-f", package], capture_output=True, text=True, check=True).stdout
        for library in ("libc6", "libdw1", "libseccomp2", "libmnl0"):
            self.assertRegex(fields, rf"Depends: .*\b{library} ")
        root = self.folder / "root"
        subprocess.run(["dpkg-deb", "-x", package, root], check=True)
        for file in ("man/man1/socktale.1.gz", "bash-completion/completions/socktale", "doc/socktale/copyright",
                     "zsh/vendor-completions/_socktale", "fish/vendor_completions.d/socktale.fish"):
            self.assertGreater((root / "usr/share" / file).stat().st_size, 0)
        self.runs(root / "usr/bin/socktale", root / "usr")

    def runs(self, program, prefix):
        trace = self.folder / "chat.jsonl"
        subprocess.run([program, "chat", "-q", "--client", "cpp", "--port", str(free_port()), "-o", trace],
                       check=True, stdin=subprocess.DEVNULL, timeout=120)
        header = json.loads(trace.read_text("utf-8").splitlines()[0])
        for folder in ("share/socktale/chat/python", "libexec/socktale/cpp"):
            self.assertIn(str(prefix / folder), json.dumps(header))
        told = subprocess.run([program, "lesson", "--lang", "zh_CN"], capture_output=True, text=True, check=True,
                              env=os.environ | {"SOCKTALE_LANG": "en"}).stdout
        self.assertIn("who-shakes-hands", told)


if __name__ == "__main__":
    unittest.main()

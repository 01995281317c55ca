#!/usr/bin/env python3
"""Breaks one promise of the tracer after the other, each in a copy of one source file, and sees that the test
which is there for it fails. The tree and its build are not touched. Of all that is listed here the tests pass
as things are; that is the business of scripts/test, not of this.

    tests/mutants/mutants.py [BUILD_FOLDER] [NAME...]
"""
import concurrent.futures
import contextlib
import json
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import tempfile

from table import MUTANTS

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 20  # seconds for a scene, ten times what the longest takes
MEMORY = 4 << 30  # bytes of address space: a mutant may want more than there is
SCENES = "tests/programs/transparency/scenes"


class Broken(Exception):
    """The table does not fit the tree any more."""


def mutated(source, changes):
    text = (ROOT / source).read_text("utf-8")
    for old, new in changes:
        if text.count(old) != 1:
            raise Broken(f"{source} has not once: {old}")
        text = text.replace(old, new)
    return text


class Build:
    """One that scripts/test made: how it compiled a file, and how it linked socktale."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        commands = json.loads((self.folder / "compile_commands.json").read_text())
        # Some files are also in tests that have them under a sanitizer.
        self.compiled = {each["file"]: shlex.split(each["command"]) for each in commands if " -o tests/" not in each["command"]}
        link = subprocess.run(["ninja", "-C", self.folder, "-t", "commands", "bin/socktale"], check=True, capture_output=True,
                              text=True).stdout.splitlines()[-1]
        self.link = shlex.split(link.removeprefix(": && ").removesuffix(" && :"))

    def mutant(self, source, changes, folder):
        """socktale with the file as it was changed. Its object comes before the libraries, so theirs is not taken."""
        copy, made, binary = folder / pathlib.Path(source).name, folder / "mutant.o", folder / "socktale"
        copy.write_text(mutated(source, changes), "utf-8")
        compile_command = [str(copy) if word == str(ROOT / source) else word for word in self.compiled[str(ROOT / source)]]
        compile_command[compile_command.index("-o") + 1] = str(made)
        link = list(self.link)
        link[link.index("-o") + 1] = str(binary)
        link.insert(next(i for i, word in enumerate(link) if word.endswith(".a")), str(made))
        for command in (compile_command, link):
            done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise Broken(f"{source} does not compile any more:\n{done.stderr[:2000]}")
        return binary


def end_session(leader):
    """Everything that was started in it: a mutant may leave programs behind."""
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended
            session = stat.read_text("utf-8", "replace").rpartition(")")[2].split()[3]  # proc(5)
            if int(session) == leader:
                os.kill(int(stat.parent.name), signal.SIGKILL)


def seen(scenes, scene, tracer=()):
    """What the program printed and how it ended; nothing when it did not."""
    with subprocess.Popen([*tracer, scenes, scene], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          start_new_session=True) as process:
        try:
            return process.communicate(timeout=PATIENCE)[0], process.returncode
        except subprocess.TimeoutExpired:
            return None
        finally:
            end_session(process.pid)


def passes(build, binary, test):
    folder, name = test.split("/")
    environment = os.environ | {"SOCKTALE": str(binary), "SOCKTALE_LANG": "en",
                                "SOCKTALE_FIXTURES": str(build.folder / "tests/programs")}
    with subprocess.Popen(["prlimit", f"--as={MEMORY}", "/usr/bin/python3", "-B", "-m", "unittest", name], cwd=ROOT / "tests" / folder, env=environment,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            return process.wait(8 * PATIENCE) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            end_session(process.pid)


def noticed(build, mutant):
    """Which of the mutant's tests and scenes fail, and which do not."""
    with tempfile.TemporaryDirectory(prefix="socktale-mutant-") as folder:
        folder = pathlib.Path(folder)
        binary = build.mutant(mutant.source, mutant.changes, folder)
        scenes = build.folder / SCENES
        result = {}
        for what in mutant.noticed_by:
            if "/" in what:
                result[what] = not passes(build, binary, what)
            else:
                result[what] = seen(scenes, what, [binary, "run", "-q", "-o", folder / "trace", "--"]) != seen(scenes, what)
        return result


def main():
    arguments = sys.argv[1:]
    build = Build(arguments[0] if arguments else ROOT / "build/release")
    chosen = [mutant for mutant in MUTANTS if mutant.name in arguments[1:]] or MUTANTS
    missed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        for mutant, found in zip(chosen, workers.map(lambda mutant: noticed(build, mutant), chosen)):
            for what, failed in found.items():
                missed += not failed
                print(f"{mutant.name:32} {what:60} {'fails' if failed else 'PASSES'}", flush=True)
    print(f"{len(chosen)} mutants, {missed} times a test passed that should not")
    return missed != 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Broken as broken:
        sys.exit(f"error: {broken}\nhint: tests/mutants/table.py names the lines that are changed")

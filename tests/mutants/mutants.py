#!/usr/bin/env python3
"""Breaks one promise of the tracer after the other, each in a copy of the source file that keeps it, and sees that the
test which is there for it fails. The tree and its build are not touched. Of all that is listed here the tests pass
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
    """One that scripts/test made: how it compiled a file, and how it linked a program."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        commands = json.loads((self.folder / "compile_commands.json").read_text())
        # Some files are also in tests that have them under a sanitizer.
        self.compiled = {each["file"]: shlex.split(each["command"]) for each in commands if " -o tests/" not in each["command"]}

    def run(self, command):
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Broken(f"a mutant is not to be built any more:\n{done.stderr[:2000]}")
        return done.stdout

    def mutant(self, source, changes, folder):
        """The object of the file as it was changed, with those that are compiled together with it."""
        original, copy, made = str(ROOT / source), folder / pathlib.Path(source).name, folder / "mutant.o"
        copy.write_text(mutated(source, changes), "utf-8")
        unit = original if original in self.compiled else self.unit_with(original)
        changed = copy
        if unit != original:
            changed = folder / "unit.cxx"
            changed.write_text(pathlib.Path(unit).read_text("utf-8").replace(f'"{original}"', f'"{copy}"'), "utf-8")
        command = [str(changed) if word == unit else word for word in self.compiled[unit]]
        command[command.index("-o") + 1] = str(made)
        self.run(command)
        return str(made)

    def unit_with(self, source):
        """What CMake made to compile several files at once (UNITY_BUILD), this one among them."""
        for unit in self.compiled:
            if "/Unity/" in unit and f'"{source}"' in pathlib.Path(unit).read_text("utf-8"):
                return unit
        raise Broken(f"nothing compiles {source}")

    def linked(self, program, made, folder):
        """The program with that object. It comes before the libraries, so theirs is not taken."""
        last = self.run(["ninja", "-t", "commands", program]).splitlines()[-1]
        link, binary = shlex.split(last.removeprefix(": && ").removesuffix(" && :")), folder / pathlib.Path(program).name
        link[link.index("-o") + 1] = str(binary)
        first = next(i for i, word in enumerate(link) if word.endswith(".a"))
        self.run([*link[:first], made, *link[first:]])
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


def program_of(test):
    return f"tests/{test.split('/')[0]}" if test.startswith("unit_") else "bin/socktale"


def command_of(binary, test):
    """What runs one test of the mutant, and where."""
    folder, name = test.split("/", 1)
    if folder == "web":
        return [ROOT / "tests/web/run", name], ROOT
    if folder.startswith("unit_"):
        return [binary, name], ROOT
    return ["/usr/bin/python3", "-B", "-m", "unittest", name], ROOT / "tests" / folder


def passes(build, binary, test):
    command, folder = command_of(binary, test)
    environment = os.environ | {"SOCKTALE": str(binary), "SOCKTALE_LANG": "en",
                                "SOCKTALE_FIXTURES": str(build.folder / "tests/programs")}
    bound = [] if test.startswith("web/") else ["prlimit", f"--as={MEMORY}"]  # node and browsers reserve far more
    with subprocess.Popen([*bound, *command], cwd=folder, env=environment,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            status = process.wait(8 * PATIENCE)
        except subprocess.TimeoutExpired:
            return False
        finally:
            end_session(process.pid)
        return status in (0, 77)  # skipped: nothing was noticed


def noticed(build, mutant):
    """Which of the mutant's tests and scenes fail, and which do not."""
    with tempfile.TemporaryDirectory(prefix="socktale-mutant-") as folder:
        folder = pathlib.Path(folder)
        made = build.mutant(mutant.source, mutant.changes, folder)
        binaries = {program: build.linked(program, made, folder) for program in {program_of(what) for what in mutant.noticed_by}}
        scenes = build.folder / SCENES
        result = {}
        for what in mutant.noticed_by:
            binary = binaries[program_of(what)]
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

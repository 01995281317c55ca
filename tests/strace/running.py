"""One program under strace and under socktale, and the score of what both print. Shared by the tests
beside it, and a command to see the differences of one program:

    SOCKTALE=build/release/bin/socktale tests/strace/running.py PROGRAM [ARGUMENT...]
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import lines

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
SOCKTALE = os.environ.get("SOCKTALE", str(ROOT / "build/release/bin/socktale"))
STRACE = shutil.which("strace")
VERSION = "6.1"


def calls():
    """The names of the calls that socktale knows."""
    text = (ROOT / "tracer/tables/syscalls.cpp").read_text("utf-8")
    return re.findall(r'Syscall\{SYS_\w+, "(\w+)"', text)


def unusable():
    """Why no comparison can be made here; empty when it can."""
    if STRACE is None:
        return "strace is not installed"
    version = subprocess.run([STRACE, "--version"], capture_output=True, text=True,
                             check=True).stdout.splitlines()[0]
    if not version.endswith(VERSION):
        return f"the lines are those of strace {VERSION}, here is {version}"
    traced = subprocess.run([STRACE, "-o", "/dev/null", "true"], capture_output=True, check=False)
    return "" if traced.returncode == 0 else "ptrace is not allowed here"


def execute(command, around=None):
    """Runs a tracer with its program in a folder of its own, and within what `around` prepares."""
    with tempfile.TemporaryDirectory(prefix="socktale-strace-") as folder:
        options = {"cwd": folder, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
                   "stderr": subprocess.PIPE, "text": True, "timeout": 120, "check": False,
                   "env": os.environ | {"SOCKTALE_LANG": "en", "LC_ALL": "C.UTF-8"}}
        if around is None:
            return subprocess.run(command, **options)
        with around(pathlib.Path(folder)):
            return subprocess.run(command, **options)


def traced(tracer, program, around=None):
    """The lines that a tracer writes for a program, and the program's exit status."""
    with tempfile.TemporaryDirectory(prefix="socktale-strace-") as folder:
        output = pathlib.Path(folder) / "lines"
        result = execute([*tracer, "-o", output, *program], around)
        text = output.read_text("utf-8", "surrogateescape") if output.exists() else ""
        return text, result


def by_strace(program, *options, around=None):
    return traced([STRACE, "-f", *options], program, around)


def live(program, *options, around=None):
    """As socktale writes them while the program runs."""
    return traced([SOCKTALE, "run", "--quiet", "--to", "strace", *options], ["--", *program], around)


def reported(program, *options, around=None):
    """As a report of a trace has them."""
    with tempfile.TemporaryDirectory(prefix="socktale-strace-") as folder:
        trace = pathlib.Path(folder) / "trace.jsonl"
        result = execute([SOCKTALE, "run", "--quiet", "-o", trace, "--", *program], around)
        told = subprocess.run([SOCKTALE, "report", trace, "--to", "strace", *options],
                              capture_output=True, check=True)
        return told.stdout.decode("utf-8", "surrogateescape"), result


def net_score(program, around=None, forget=str):
    """strace -f -o FILE -e trace=%net against socktale run --to strace --net -o FILE."""
    expected, _ = by_strace(program, "-e", "trace=%net", around=around)
    actual, _ = live(program, "--net", around=around)
    return lines.compare(lines.comparable(forget(expected)), lines.comparable(forget(actual)))


def descriptor_scores(program, around=None, forget=str):
    """Every call that socktale knows, as far as it is about sockets: without and with what -yy writes
    behind descriptors that are sockets."""
    expected, _ = by_strace(program, "-yy", "-e", "trace=" + ",".join(calls()), around=around)
    actual, _ = reported(program, "--descriptors", around=around)
    expected, actual = forget(expected), forget(actual)
    told = lines.SocketLines.tells
    plain, decorated = lines.SocketLines(), lines.SocketLines()
    chosen = lines.comparable(expected, decorated)
    with_them = [[lines.Line(lines.undecorated(line.text, not_a_socket),
                             lines.undecorated(line.head, not_a_socket)) for line in task]
                 for task in chosen]
    without = [[lines.Line(lines.undecorated(line.text), lines.undecorated(line.head))
                for line in task] for task in lines.comparable(expected, plain)]
    ours = lines.comparable(actual, told)
    bare = [[lines.Line(lines.undecorated(line.text), lines.undecorated(line.head))
             for line in task] for task in lines.comparable(actual, told)]
    return loosely(without, bare), loosely(with_them, ours)


def loosely(expected, actual):
    """Taking decorations away has moved the results."""
    for task in [*expected, *actual]:
        for line in task:
            line.text, line.head = line.plain(), line.head
    return lines.compare(expected, actual)


def not_a_socket(decoration):
    return not lines.is_socket(decoration)


def main():
    program = sys.argv[1:]
    if os.path.exists(program[0]):
        program[0] = os.path.abspath(program[0])
    net = net_score(program)
    every, decorated = descriptor_scores(program)
    for title, score in (("%net", net), ("every call", every), ("descriptors", decorated)):
        print(f"== {title}: {score}")
        print(lines.told(score))
    return 0 if net.matched == net.total and every.matched == every.total else 1


if __name__ == "__main__":
    sys.exit(main())

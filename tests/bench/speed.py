#!/usr/bin/env python3
"""How fast programs run under socktale: beside the same program untraced, under the installed strace with
the same calls traced, under a tracer that does nothing but stop and go on (the bare loop), and under one that
also asks the kernel what it must and throws it away (the asking loop). All of a case run in turn,
round by round, so that whatever else the machine does falls on all alike. Prints a Markdown table.

    tests/bench/speed.py BUILD_FOLDER [ROUNDS] [CASE...]
"""
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import measure
import programs

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ["PATH"] += os.pathsep + str(ROOT / "build/tools/bin")


def recorded_calls(socktale):
    """The names of what socktale records, as strace knows them."""
    text = subprocess.run([socktale, "explain", "--list"], check=True, capture_output=True, text=True).stdout
    names = re.findall(r"^\| `([a-z_0-9]+)\(", text, re.MULTILINE)
    return ",".join(f"?{name}" for name in names if name != "call")


def tracers(program, build, trace, folder):
    """Commands that a program is put behind, by name."""
    socktale, floor = str(build / "bin" / "socktale"), str(build / "tests" / "bench" / "floor")
    found = {"untraced": []}
    if program.strace:
        found["strace"] = ["strace", "-f", "--seccomp-bpf", "-e", f"trace={recorded_calls(socktale)}",
                           "-o", str(folder / "strace.txt")]
    if program.floor:
        found["floor"] = [floor, "--calls", program.calls]
        found["asking"] = [floor, "--ask", "--calls", program.calls]
    found["socktale"] = [socktale, "run", "-q", "-o", str(trace), "--"]
    return found


def row(key, program, build, rounds, folder):
    trace = folder / "trace.jsonl"
    behind = tracers(program, build, trace, folder)
    taken = {name: [] for name in behind}
    counts = []  # of each round: what the trace has, and what was made
    program.prepare(folder)
    for _ in range(rounds):
        for name, tracer in behind.items():
            run = program.run(tracer)
            taken[name].append(run.seconds)
        calls, counted = programs.in_trace(trace, program)  # socktale is the last
        counts.append((counted, run.made))
    cells = []
    for other in ("strace", "floor", "asking", "untraced"):
        limit = program.limits.get(other)
        cells.append((measure.spread(measure.ratios(taken, "socktale", other)) if other in taken else "")
                     + (f", at most {limit:.2f}" if limit else ""))
    for other in ("strace", "untraced"):  # how near anybody could come
        both = "floor" in taken and other in taken
        cells.append(f"{statistics.median(measure.ratios(taken, 'floor', other)):.2f}" if both else "")
    a_request = isinstance(program, programs.Server)
    many = calls > 1000
    cells.append(f"{statistics.median(taken['socktale']) / calls * 1e6:.1f}" if many and not a_request else "")
    cells.append("{} of {}".format(*max(counts, key=lambda pair: abs(pair[0] - pair[1]))))
    cells += [f"{trace.stat().st_size / calls:.0f}", f"{run.mib:.0f}"] if many else ["", ""]
    print(f"| {key} | {program.name} | " + " | ".join(cells) + " |", flush=True)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    every = programs.every(build)
    print("| | program | to strace | to the bare loop | to the asking loop | to untraced "
          "| bare loop to strace | bare loop to untraced | us a call | in the trace | bytes a call | MiB |\n"
          "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for key in sys.argv[3:] or every:
        if missing := [name for name in every[key].needs if not shutil.which(name)]:
            print(f"| {key} | {every[key].name} | not installed: {', '.join(missing)} ||||||||||")
            continue
        with tempfile.TemporaryDirectory(prefix="socktale-bench-") as folder:
            row(key, every[key], build, rounds, pathlib.Path(folder))


if __name__ == "__main__":
    sys.exit(main())

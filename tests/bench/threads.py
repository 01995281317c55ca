#!/usr/bin/env python3
"""What a call costs by the number of traced threads, and what a thread costs that makes a connection and
ends: under socktale, and under a tracer that does nothing but stop and go on. Prints a Markdown table.

    tests/bench/threads.py BUILD_FOLDER [ROUNDS]
"""
import pathlib
import statistics
import sys

import measure

MANY = (10, 100, 1000)
CALLS = 160000  # that are measured; a quarter as many come before, which are not


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    talk, floor = str(build / "tests/bench/talk"), str(build / "tests/bench/floor")
    tracers = {"socktale": [str(build / "bin/socktale"), "run", "-q", "-o", "/dev/null", "--"], "floor": [floor]}
    programs = {(many, share): [talk, "threads", str(CALLS * share // (8 * many)), str(many)]
                for many in MANY for share in (0, 1, 5)}
    taken = measure.interleaved({(tracer, *key): [*command, *program] for tracer, command in tracers.items()
                                 for key, program in programs.items()}, rounds)
    calls = {(tracer, many): [(long - short) / CALLS * 1e6 for long, short in
                              zip(taken[tracer, many, 5], taken[tracer, many, 1])]
             for tracer in tracers for many in MANY}
    print("| threads | us a call | to 10 threads | floor, us a call | to 10 threads | us a thread |\n|--:|--:|--:|--:|--:|--:|")
    for fewer, many in zip((None, *MANY), MANY):
        cells = []
        for tracer in tracers:
            ratio = [one / few for one, few in zip(calls[tracer, many], calls[tracer, MANY[0]])]
            cells += [f"{statistics.median(calls[tracer, many]):.1f}", measure.spread(ratio)]
        cells.append("")
        if fewer:
            shorter, longer = taken["socktale", fewer, 0], taken["socktale", many, 0]
            cells[-1] = f"{statistics.median(b - a for a, b in zip(shorter, longer)) / (many - fewer) * 1e6:.0f}"
        print(f"| {many} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())

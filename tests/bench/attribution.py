#!/usr/bin/env python3
"""What finding the source line of each call costs: socktale with attribution against --no-lines, in
one run, per traced call. Prints a Markdown table.

    tests/bench/attribution.py BUILD_FOLDER [ROUNDS [CALLS]]
"""
import pathlib
import sys

import measure

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    pairs = int(sys.argv[3]) // 2 if len(sys.argv) > 3 else 5000
    socktale = str(build / "bin" / "socktale")
    programs = {"native (C, -O0 -g)": [str(build / "tests" / "bench" / "pingpong")],
                "Python 3": [PYTHON, str(HERE / "pingpong.py")]}
    print("| program | on / off, per call | limit | on, us a call | off, us a call |\n|---|--:|--:|--:|--:|")
    for (name, program), limit in zip(programs.items(), (1.5, 1.3)):
        run = [socktale, "run", "-q", "-o", "/dev/null"]
        commands = {f"{kind}{size}": [*run, *options, "--", *program, str(count)]
                    for kind, options in (("on", []), ("off", ["--no-lines"]))
                    for size, count in (("", pairs), ("-start", 1))}
        taken = measure.interleaved(commands, rounds)
        # The start of tracer and program is in both and is taken off.
        cost = {kind: [(whole - start) / (2 * pairs) * 1e6 for whole, start in zip(taken[kind], taken[f"{kind}-start"])]
                for kind in ("on", "off")}
        ratio = [on / off for on, off in zip(cost["on"], cost["off"])]
        print(f"| {name} | {measure.spread(ratio)} | {limit} | {measure.spread(cost['on'])} | {measure.spread(cost['off'])} |")


if __name__ == "__main__":
    sys.exit(main())

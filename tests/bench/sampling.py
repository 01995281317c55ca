#!/usr/bin/env python3
"""What sampling the kernel's state of the sockets costs: at every call that moves data, within the budget that
is the default, and not at all, in one run, per traced call; and for the hello/hi chat as a whole. Prints two
Markdown tables.

    tests/bench/sampling.py BUILD_FOLDER [ROUNDS [CALLS]]
"""
import pathlib
import statistics
import sys

import measure

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"
KINDS = {"off": ["--no-samples"], "budget": [], "all": ["--sample-time", "100"]}


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    pairs = int(sys.argv[3]) // 2 if len(sys.argv) > 3 else 5000
    socktale = str(build / "bin" / "socktale")
    programs = {"native (C), socketpair": [str(build / "tests" / "bench" / "pingpong")],
                "Python 3, socketpair": [PYTHON, str(HERE / "pingpong.py")]}
    print("| program | budget / off, per call | all / off | off, us a call | budget, us | all, us |\n|---|--:|--:|--:|--:|--:|")
    for name, program in programs.items():
        run = [socktale, "run", "-q", "-o", "/dev/null"]
        commands = {f"{kind}{size}": [*run, *options, "--", *program, str(count)]
                    for kind, options in KINDS.items() for size, count in (("", pairs), ("-start", 1))}
        taken = measure.interleaved(commands, rounds)
        # The start of tracer and program is in all of them and is taken off.
        cost = {kind: [(whole - start) / (2 * pairs) * 1e6 for whole, start in zip(taken[kind], taken[f"{kind}-start"])]
                for kind in KINDS}
        ratios = {kind: [one / off for one, off in zip(cost[kind], cost["off"])] for kind in ("budget", "all")}
        print(f"| {name} | {measure.spread(ratios['budget'])} | {measure.spread(ratios['all'])} | "
              f"{measure.spread(cost['off'])} | {measure.spread(cost['budget'])} | {measure.spread(cost['all'])} |")
    commands = {kind: [socktale, "chat", "-q", "-o", "/dev/null", "--port", str(measure.free_port()), *options]
                for kind, options in KINDS.items()}
    taken = measure.interleaved(commands, rounds)
    print("\n| the chat | off, ms | budget, ms | all, ms | budget / off |\n|---|--:|--:|--:|--:|")
    print("| whole run | " + " | ".join(f"{statistics.median(taken[kind]) * 1e3:.1f}" for kind in KINDS)
          + f" | {measure.spread(measure.ratios(taken, 'budget', 'off'))} |")


if __name__ == "__main__":
    sys.exit(main())

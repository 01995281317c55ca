#!/usr/bin/env python3
"""What a long trace takes: recorded of a client and a server, and reported to Markdown. The memory of recording
should not grow with the number of calls; the time and the memory of a report should grow no faster than it.

    tests/bench/long_trace.py BUILD_FOLDER [CALLS...]
"""
import pathlib
import sys
import tempfile

from measure import used


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    socktale, talk = build / "bin/socktale", build / "tests/bench/talk"
    print("| calls | recording, MiB | trace, MB | report, s | MiB | us a call | KiB a call |\n|--:|--:|--:|--:|--:|--:|--:|")
    for calls in map(int, sys.argv[2:] or (10_000, 100_000, 1_000_000)):
        with tempfile.TemporaryDirectory(prefix="socktale-bench-") as folder:
            trace, report = pathlib.Path(folder) / "trace.jsonl", pathlib.Path(folder) / "report.md"
            _, recording = used([socktale, "run", "-q", "-o", trace, "--", talk, "two", calls // 4])  # two sends, two receives
            seconds, peak = used([socktale, "report", trace, "--to", "markdown", "-o", report])
            print(f"| {calls} | {recording:.0f} | {trace.stat().st_size / 1e6:.0f} | {seconds:.2f} | {peak:.0f} | "
                  f"{seconds / calls * 1e6:.1f} | {peak * 1024 / calls:.2f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())

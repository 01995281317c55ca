#!/usr/bin/env python3
"""socktale on very many calls of many processes and threads: none is missing in the trace, memory does not
grow with them, and no sanitizer that it was built with finds anything.

    tests/soak/soak.py BUILD_FOLDER PROGRAM [PROCESSES THREADS CALLS]
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from sanitizer import sanitized  # noqa: E402 (where it lies is known only now)

# KiB by which memory may grow after the first quarter of the calls: what may wait to be told
# (most_waiting of tracer/recorder/teller.cpp), and half as much again. Of a million calls each would have to
# leave behind less than a hundred bytes not to be noticed.
GROWTH = 96 << 10


def memory(pid):
    """KiB that are resident now."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(found[0].split()[1]) if found else 0


def watched(process, trace):
    """(bytes of the trace, KiB) until the process ends."""
    seen = []
    while process.poll() is None:
        seen.append((trace.stat().st_size if trace.exists() else 0, memory(process.pid)))
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    return seen


def grown(seen):
    """The greatest memory in the last three quarters of the trace to the greatest in the first."""
    whole = seen[-1][0]
    first = max((kib for size, kib in seen if size <= whole / 4), default=0)
    later = max((kib for size, kib in seen if size > whole / 4), default=0)
    return first, later


def count(trace):
    """Sends and receives that the trace has."""
    moved = 0
    for line in trace.open("rb"):
        moved += b'"type":"call"' in line and (b'"name":"sendto"' in line or b'"name":"recvfrom"' in line)
    return moved


def main(build, program, processes="200", threads="500", calls="1000000"):
    socktale = pathlib.Path(build) / "bin/socktale"
    with tempfile.TemporaryDirectory(prefix="socktale-soak-") as folder:
        trace = pathlib.Path(folder) / "trace.jsonl"
        process = subprocess.Popen([socktale, "run", "-q", "-o", trace, "--", program, processes, threads, calls],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        said, errors = [], []
        readers = [threading.Thread(target=lambda: said.append(process.stdout.read())),
                   threading.Thread(target=lambda: errors.append(process.stderr.read()))]
        for reader in readers:
            reader.start()
        seen = watched(process, trace)
        for reader in readers:
            reader.join()
        made, kept = int(said[0] or 0), count(trace)
        first, later = grown(seen)
        size = trace.stat().st_size
    print(f"{processes} processes, {threads} threads: {made} calls made, {kept} in the trace of {size >> 20} MiB; "
          f"memory {first >> 10} MiB for the first quarter, then {later >> 10} MiB")
    wrong = [why for why, yes in (
        (f"exit status {process.returncode}", process.returncode != 0),
        (f"something was said: {errors[0][-4000:]}", errors[0] != ""),
        ("calls are missing", made != kept or made == 0),
        ("memory grows", not sanitized(socktale) and later > first + GROWTH)) if yes]
    for why in wrong:
        print(f"error: {why}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

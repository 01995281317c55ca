"""Timing whole commands side by side: every round runs each of them once, so that whatever else the
machine does falls on all alike. Shared by the benchmarks beside it."""
import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ports import free_port  # noqa: E402, F401 (where it lies is known only now; for the benchmarks beside this)


def once(command):
    """Seconds that the command took; it must succeed."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def interleaved(commands, rounds):
    """Seconds of each named command in each round: {name: [seconds, ...]}."""
    taken = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(once(command))
    return taken


def ended(process, well=frozenset({0})):
    """Peak memory in MiB of a process, which is waited for; it must end with one of these codes."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in well:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return usage.ru_maxrss / 1024


def used(command):
    """Seconds that the command took, and its peak memory in MiB; it must succeed."""
    begin = time.perf_counter()
    mib = ended(subprocess.Popen([*map(str, command)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
    return time.perf_counter() - begin, mib


def spread(values):
    """Median with its quartiles, as text."""
    ordered = sorted(values)
    low, high = ordered[len(ordered) // 4], ordered[(3 * len(ordered)) // 4]
    return f"{statistics.median(values):.3f} ({low:.3f} to {high:.3f})"


def ratios(taken, of, to):
    """Ratio of two commands, round by round."""
    return [a / b for a, b in zip(taken[of], taken[to])]

"""What /proc says of processes, and waiting until it says so. Shared by the Python tests."""
import contextlib
import os
import pathlib
import re
import time


def wait_until(condition, seconds=20):
    """Fails when the condition does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        os.sched_yield()


def status(pid, key, tid=None):
    """A line of /proc/PID/status; nothing when the process is gone."""
    path = pathlib.Path(f"/proc/{pid}/task/{tid or pid}/status")
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        found = re.search(rf"^{key}:\s*(.*)$", path.read_text(), re.M)
        return found and found.group(1)
    return None


def state(pid, tid=None):
    """"S": asleep, "T": stopped, "t": stopped by its tracer, "Z": ended, "?": gone."""
    return (status(pid, "State", tid) or "?")[0]


def switches(pid, tid=None):
    """How often the thread has gone to sleep."""
    return int(status(pid, "voluntary_ctxt_switches", tid) or 0)


def gone(pid):
    """Ended; its parent need not have asked yet."""
    return state(pid) in "Z?"


def only_child(pid):
    """The one child that a process has."""
    child, = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(child)

#!/usr/bin/env python3
"""How fast programs run under socktale: beside the same program untraced, under the installed strace with
the same calls traced, under a tracer that does nothing but stop and go on (the bare loop), and under one that
also asks the kernel what it must and throws it away (the asking loop). All of a case run in turn,
round by round, so that whatever else the machine does falls on all alike. Prints a Markdown table.

    tests/bench/speed.py BUILD_FOLDER [ROUNDS] [CASE...]
"""
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import measure  # which says where the one below is
import nginx

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PYTHON = "/usr/bin/python3"
os.environ["PATH"] += os.pathsep + str(ROOT / "build/tools/bin")


class Case:
    """A program that says how many sends and receives it made; shorter is better."""

    def __init__(self, name, command, limits, count, strace=True):
        self.name, self.command, self.limits, self.count, self.strace = name, command, limits, count, strace
        self.floor = "floor" in limits

    def prepare(self, folder):
        pass

    def run(self, tracer):
        """Seconds it took, and what it says that it made."""
        begin = time.perf_counter()
        done = subprocess.run([*tracer, *map(str, self.command)], check=True, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)
        return time.perf_counter() - begin, int(done.stdout.split()[-1]) if self.count else None


class Server(Case):
    """A server under load from a client that is not traced: how long a request takes."""

    def __init__(self, name, command, ready, client, rate, limits):
        super().__init__(name, command, limits, None)
        self.ready, self.client, self.rate = ready, client, rate

    def prepare(self, folder):
        self.words = {"folder": folder, "port": measure.free_port()}
        (folder / "page.html").write_text("a page\n" * 16)
        nginx.server(folder, self.words["port"])

    def run(self, tracer):
        words = [str(word).format(**self.words) for word in self.command]
        server = subprocess.Popen([*tracer, *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        while subprocess.run(self.ready.format(**self.words), shell=True, capture_output=True).returncode != 0:
            if server.poll() is not None:
                raise RuntimeError(f"{words[0]} ended by itself")
        said = subprocess.run(self.client.format(**self.words), shell=True, check=True, capture_output=True,
                              text=True).stdout
        if tracer:  # the program, which they then end with
            for pid in subprocess.run(["pgrep", "-P", str(server.pid)], capture_output=True, text=True).stdout.split():
                os.kill(int(pid), 15)
        else:
            server.terminate()
        server.wait()
        return 1 / max(map(float, re.findall(self.rate, said.replace("\r", "\n")))), None


def cases(build):
    talk = build / "tests" / "bench" / "talk"
    return {
        "a": Case("send and recv in one process", [talk, "one", 20000], {"strace": 0.2, "floor": 1.4}, True),
        "b": Case("TCP between two processes", [talk, "two", 10000], {"strace": 0.4, "floor": None}, True),
        "c": Case("16 threads, each with a connection", [talk, "threads", 1000], {"strace": 0.5, "floor": None}, True),
        "d": Case("a million reads of a file beside a socket", [talk, "files", 1000000],
                  {"floor": None, "untraced": 1.05}, None, strace=False),  # minutes: it stops at each
        "e": Case("two threads that compute, a few calls", [talk, "busy", 60], {"untraced": 1.03}, True),
        "f": Server("redis-server, redis-benchmark with 50 clients",
                    ["redis-server", "--port", "{port}", "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"],
                    "redis-cli -p {port} ping", "redis-benchmark -p {port} -c 50 -n 20000 -t get -q",
                    r"GET: ([0-9.]+) requests", {"strace": 1 / 3}),
        "g": Server("nginx with two workers, wrk with 16 connections", ["nginx", "-c", "{folder}/nginx.conf"],
                    "curl -fs http://127.0.0.1:{port}/page.html", "wrk -t1 -c16 -d2s http://127.0.0.1:{port}/page.html",
                    r"Requests/sec: +([0-9.]+)", {"strace": 1 / 3}),
        "h": Case("a Python client and server, 10,000 messages", [PYTHON, HERE / "messages.py", 10000],
                  {"strace": 0.5}, True),
    }


def recorded_calls(socktale):
    """The names of what socktale records, as strace knows them."""
    text = subprocess.run([socktale, "explain", "--list"], check=True, capture_output=True, text=True).stdout
    names = re.findall(r"^\| `([a-z_0-9]+)\(", text, re.MULTILINE)
    return ",".join(f"?{name}" for name in names if name != "call")


class Growth:
    """What a run left: peak memory of the tracer, size of the trace, calls in it."""

    def __init__(self, trace, command):
        _, self.mib = measure.used(command)
        self.calls = self.moved = 0
        with open(trace, encoding="utf-8") as lines:
            for line in lines:
                if '"type":"call"' in line:
                    self.calls += 1
                    self.moved += json.loads(line)["name"] in ("sendto", "recvfrom")
        self.bytes = trace.stat().st_size / max(self.calls, 1)


def measured(case, tracers, rounds):
    taken = {name: [] for name in tracers}
    made = None
    for _ in range(rounds):
        for name, tracer in tracers.items():
            seconds, made = case.run(tracer)
            taken[name].append(seconds)
    return taken, made


def row(key, case, build, rounds, folder):
    socktale, trace = str(build / "bin" / "socktale"), folder / "trace.jsonl"
    ours = [socktale, "run", "-q", "-o", str(trace), "--"]
    tracers = {"untraced": []}
    if case.strace:
        tracers["strace"] = ["strace", "-f", "--seccomp-bpf", "-e", f"trace={recorded_calls(socktale)}",
                             "-o", str(folder / "strace.txt")]
    if case.floor:
        tracers["floor"] = [str(build / "tests" / "bench" / "floor")]
        tracers["asking"] = [*tracers["floor"], "--ask"]
    tracers["socktale"] = ours
    case.prepare(folder)
    taken, made = measured(case, tracers, rounds)
    cells = []
    for other in ("strace", "floor", "asking", "untraced"):
        if other not in taken:
            cells.append("")
            continue
        limit = case.limits.get(other)
        cells.append(measure.spread(measure.ratios(taken, "socktale", other)) + (f", at most {limit:.2f}" if limit else ""))
    growth = "" if isinstance(case, Server) else Growth(trace, [*ours, *map(str, case.command)])
    lost = f"{growth.moved} of {made}" if growth and made else ""
    size = f"{growth.bytes:.0f} | {growth.mib:.0f}" if growth and growth.calls > 100 else " | "
    per_call = f"{statistics.median(taken['socktale']) / growth.calls * 1e6:.1f}" if growth and growth.calls > 1000 else ""
    print(f"| {key} | {case.name} | " + " | ".join(cells) + f" | {per_call} | {lost} | {size} |", flush=True)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    every = cases(build)
    print("| | program | to strace | to the bare loop | to the asking loop | to untraced | us a call | in the trace | bytes a call | MiB |\n"
          "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for key in sys.argv[3:] or every:
        needed = {"f": ["redis-server", "redis-benchmark"], "g": ["nginx", "wrk"]}.get(key, [])
        if missing := [program for program in needed if not shutil.which(program)]:
            print(f"| {key} | {every[key].name} | not installed: {', '.join(missing)} ||||||||")
            continue
        with tempfile.TemporaryDirectory(prefix="socktale-bench-") as folder:
            row(key, every[key], build, rounds, pathlib.Path(folder))


if __name__ == "__main__":
    sys.exit(main())

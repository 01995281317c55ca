"""The programs that speed.py runs under one tracer after the other. Each says itself how many calls it
made, or is asked, so that it can be seen that a trace has them all. Knows nothing of tracers."""
import json
import os
import pathlib
import re
import subprocess
import time
from typing import NamedTuple

import measure  # which says where the one below is
import nginx

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"


class Run(NamedTuple):
    seconds: float  # that it took, or that a request took
    made: int       # calls, of those that `counts` looks at
    mib: float      # peak memory of the tracer


class Program:
    """Prints the number of its sends and receives."""

    calls = "44,45"  # numbers of those that it makes most: sendto, recvfrom
    needs = ()       # programs that have to be installed

    def __init__(self, name, command, limits, strace=True, floor=True):
        self.name, self.command, self.limits, self.strace, self.floor = name, command, limits, strace, floor

    def prepare(self, folder):
        pass

    def run(self, tracer):
        begin = time.perf_counter()
        with subprocess.Popen([*tracer, *map(str, self.command)], text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            said = process.stdout.read()
            mib = measure.ended(process)
        return Run(time.perf_counter() - begin, int(said.split()[-1]), mib)

    def counts(self, call):
        """Whether the call of a trace is one of those that it says."""
        return call["name"] in ("sendto", "recvfrom")


class Server(Program):
    """A server under load from a client that is not traced: how long a request takes."""

    ready = client = rate = ""  # commands, with {folder} and {port}, and where the second says its rate

    def prepare(self, folder):
        self.words = {"folder": folder, "port": measure.free_port()}

    def asked(self, command):
        return subprocess.run(command.format(**self.words), shell=True, check=True, capture_output=True,
                              text=True).stdout

    def made(self):
        raise NotImplementedError

    def run(self, tracer):
        words = [str(word).format(**self.words) for word in self.command]
        server = subprocess.Popen([*tracer, *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        while subprocess.run(self.ready.format(**self.words), shell=True, capture_output=True).returncode != 0:
            if server.poll() is not None:
                raise RuntimeError(f"{words[0]} ended by itself")
        rate = max(map(float, re.findall(self.rate, self.asked(self.client).replace("\r", "\n"))))
        made = self.made()
        if tracer:  # the program, which they then end with
            for pid in subprocess.run(["pgrep", "-P", str(server.pid)], capture_output=True, text=True).stdout.split():
                os.kill(int(pid), 15)
        else:
            server.terminate()
        return Run(1 / rate, made, measure.ended(server, {0, -15, 128 + 15}))


class Redis(Server):
    calls = "0,1,232"  # read, write, epoll_wait
    needs = ("redis-server", "redis-benchmark")
    ready = "redis-cli -p {port} ping"
    client = "redis-benchmark -p {port} -c 50 -n 20000 -t get -q"
    rate = r"GET: ([0-9.]+) requests"

    def made(self):
        """It counts the times that it reads and writes a connection."""
        said = dict(re.findall(r"^(total_[a-z_]+):([0-9]+)", self.asked("redis-cli -p {port} info stats"), re.MULTILINE))
        answer_and_end = 2  # are still to come when it says so: the write, and the read of nothing more
        return int(said["total_reads_processed"]) + int(said["total_writes_processed"]) + answer_and_end

    def counts(self, call):
        return call["name"] in ("read", "write", "writev")


class Nginx(Server):
    calls = "20,40,45,232,288"  # writev, sendfile, recvfrom, epoll_wait, accept4
    needs = ("nginx", "wrk")
    ready = "curl -fs http://127.0.0.1:{port}/page.html"
    client = "wrk -t1 -c16 -d2s http://127.0.0.1:{port}/page.html"
    rate = r"Requests/sec: +([0-9.]+)"

    def prepare(self, folder):
        super().prepare(folder)
        (folder / "page.html").write_text("a page\n" * 16)
        nginx.server(folder, self.words["port"])

    def made(self):
        """It counts connections and requests: a request's answer is a writev, and a sendfile if it is a page."""
        before, pages = -1, 0
        while True:  # until the last of the client's requests have been seen, by either worker
            accepted, _, requests = map(int, re.search(r"requests\s+(\d+) (\d+) (\d+)",
                                                       self.asked("curl -fs http://127.0.0.1:{port}/status")).groups())
            pages -= 1  # this one
            if requests == before + 1:
                return accepted + requests + requests + pages
            before = requests

    def counts(self, call):
        if call["name"] == "accept4":  # the other worker may have been faster
            return call["outcome"].get("result", -1) >= 0
        return call["name"] in ("writev", "sendfile")


def every(build):
    talk = build / "tests" / "bench" / "talk"
    return {
        "a": Program("send and recv in one process", [talk, "one", 20000], {"strace": 0.2, "floor": 1.4}),
        "b": Program("TCP between two processes", [talk, "two", 10000], {"strace": 0.4}),
        "c": Program("16 threads, each with a connection", [talk, "threads", 1000], {"strace": 0.5}),
        "d": Program("a million reads of a file beside a socket", [talk, "files", 1000000],
                     {"untraced": 1.05}, strace=False),  # minutes: it stops at each
        "e": Program("two threads that compute, a few calls", [talk, "busy", 60], {"untraced": 1.03}, floor=False),
        "f": Redis("redis-server, redis-benchmark with 50 clients",
                   ["redis-server", "--port", "{port}", "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"],
                   {"strace": 1 / 3}),
        "g": Nginx("nginx with two workers, wrk with 16 connections", ["nginx", "-c", "{folder}/nginx.conf"],
                   {"strace": 1 / 3}),
        "h": Program("a Python client and server, 10,000 messages", [PYTHON, HERE / "messages.py", 10000],
                     {"strace": 0.5}),
    }


def in_trace(path, program):
    """Calls of a trace: all of them, and those that the program counts."""
    calls = counted = 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if '"type":"call"' in line:
                calls += 1
                counted += program.counts(json.loads(line))
    return calls, counted

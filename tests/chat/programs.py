"""Starts the chat programs and talks to them through pipes, always with a deadline. It asserts
nothing about what they say; the tests do.

CHAT_BUILT is the folder of the programs that were built, CHAT_PYTHON the interpreter
(/usr/bin/python3).
"""
import os
import pathlib
import platform
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ports import free_port  # noqa: E402 (where it lies is known only now)

PYTHON = os.environ.get("CHAT_PYTHON", "/usr/bin/python3")
CHAT = pathlib.Path(__file__).resolve().parents[2] / "chat"
PYTHON_DIR = CHAT / "python"
BUILT = pathlib.Path(os.environ["CHAT_BUILT"])
PATIENCE = 30  # seconds; generous, because it is spent only when something is broken

SYSCALL_NUMBERS = {
    "x86_64": {"sendto": "44", "recvfrom": "45"},
    "aarch64": {"sendto": "206", "recvfrom": "207"},
}.get(platform.machine(), {})

COMMANDS = {
    ("plain", "server"): [PYTHON, str(PYTHON_DIR / "server.py")],
    ("plain", "client"): [PYTHON, str(PYTHON_DIR / "client.py")],
    ("fixed", "server"): [PYTHON, str(PYTHON_DIR / "server_fixed.py")],
    ("fixed", "client"): [PYTHON, str(PYTHON_DIR / "client_fixed.py")],
    ("cpp", "server"): [str(BUILT / "cpp" / "chat-server")],
    ("cpp", "client"): [str(BUILT / "cpp" / "chat-client")],
    ("c", "server"): [str(BUILT / "c" / "chat-server-c")],
    ("c", "client"): [str(BUILT / "c" / "chat-client-c")],
    ("go", "server"): [str(BUILT / "go" / "chat-server-go")],
    ("go", "client"): [str(BUILT / "go" / "chat-client-go")],
    ("java", "server"): ["java", "-cp", str(BUILT / "java"), "Server"],
    ("java", "client"): ["java", "-cp", str(BUILT / "java"), "Client"],
    ("node", "server"): ["node", str(CHAT / "node" / "server.js")],
    ("node", "client"): ["node", str(CHAT / "node" / "client.js")],
}

# Languages whose tools a machine may lack, with what must be there for them to run.
OPTIONAL = {
    "go": [BUILT / "go" / "chat-server-go", BUILT / "go" / "chat-client-go"],
    "java": [BUILT / "java" / "Server.class", BUILT / "java" / "Client.class", "java"],
    "node": ["node"],
}


def missing(kind):
    """What this language lacks here, or None."""
    return next((str(need) for need in OPTIONAL.get(kind, ()) if not shutil.which(need)
                 and not pathlib.Path(need).is_file()), None)


class Program:
    """A running chat program. Used with "with", so that it never outlives its test."""

    def __init__(self, kind, role, *options, interpreter_options=()):
        command = COMMANDS[kind, role]
        command = [command[0], *interpreter_options, *command[1:], *options]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            command, env=environment, stderr=self._errors,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.options = options
        self.pid = self._process.pid
        self._unread = b""

    @property
    def port(self):
        return int(self.options[self.options.index("--port") + 1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()
        self._errors.close()

    def type(self, line):
        self._process.stdin.write(line.encode() + b"\n")

    def end_input(self):
        """What Ctrl-D does at a terminal."""
        self._process.stdin.close()

    def read_until(self, text):
        """Return the output up to and with text."""
        wanted = text.encode()
        while wanted not in self._unread:
            chunk = self._read()
            if not chunk:
                raise AssertionError(f"{text!r} never came, only {self._unread!r}; {self.errors()}")
            self._unread += chunk
        before, found, self._unread = self._unread.partition(wanted)
        return (before + found).decode()

    def finish(self):
        """Wait for the end; return the exit status and the rest of the output."""
        while chunk := self._read():
            self._unread += chunk
        return self._process.wait(PATIENCE), self._unread.decode()

    def errors(self):
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")

    def is_silent(self):
        return not self._unread and not select.select([self._process.stdout], [], [], 0)[0]

    def wait_until_inside(self, syscall):
        """Return once the process is blocked in the kernel, inside this call."""
        deadline = time.monotonic() + PATIENCE
        while not self.is_inside(syscall):
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.pid} is not in {syscall}; {self.errors()}")
            os.sched_yield()

    def is_inside(self, syscall):
        words = pathlib.Path(f"/proc/{self.pid}/syscall").read_text().split()
        return words[:1] == [SYSCALL_NUMBERS[syscall]]

    def interrupt_call(self):
        """Make the kernel leave a call it has partly done, without any handler in the program."""
        self._process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.pid, os.WSTOPPED)
        self._process.send_signal(signal.SIGCONT)

    def _read(self):
        if not select.select([self._process.stdout], [], [], PATIENCE)[0]:
            raise AssertionError(f"silent after {self._unread!r}; {self.errors()}")
        return os.read(self._process.stdout.fileno(), 65536)


def start_server(kind, *options):
    """Return a server that listens: on a free port, unless the options name a port or a path."""
    if {"--port", "--path"} & set(options):
        return _listening(kind, *options)
    for _ in range(5):
        try:
            return _listening(kind, *options, "--port", str(free_port()))
        except AssertionError as failure:  # somebody else may have been quicker with the port
            if "in use" not in str(failure):
                raise
    raise AssertionError("no port is free")


def _listening(kind, *options):
    server = Program(kind, "server", *options)
    try:
        server.read_until("waiting for the client\n")
    except BaseException:
        server.__exit__()
        raise
    return server


def wait_until_nothing_is_in_flight(port):
    """Return once all queues of the one established connection of a TCP port are empty."""
    deadline = time.monotonic() + PATIENCE
    while (ends := _queued_at_each_end(port)) != [0, 0]:
        if time.monotonic() > deadline:
            raise AssertionError(f"bytes queued at the ends of the connection: {ends}")
        os.sched_yield()


def _queued_at_each_end(port):
    ends = []
    wanted = f":{port:04X}"
    for row in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, state, queues = row.split()[:5]
        if state == "01" and (local.endswith(wanted) or remote.endswith(wanted)):
            ends.append(sum(int(queue, 16) for queue in queues.split(":")))
    return ends


def calls_on_sockets(path):
    """The texts of the calls in a Python source that stand on their own line, in order."""
    pattern = re.compile(r"(?:socket\.socket|(?:serv_|clnt_)?sock\.\w+)\(.*\)$")
    lines = pathlib.Path(path).read_text().splitlines()
    return [found.group() for found in map(pattern.search, lines) if found]

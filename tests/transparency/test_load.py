"""Servers that nobody here wrote, under load: their clients get the same answers, and the servers end in the
same way, untraced and traced."""
import collections
import concurrent.futures
import contextlib
import hashlib
import http.client
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
import nginx  # noqa: E402 (where these lie is known only now)
import ssh_server  # noqa: E402
from ports import free_port, listens  # noqa: E402
from processes import wait_until  # noqa: E402

SOCKTALE = os.environ["SOCKTALE"]
CLIENTS, REQUESTS = 10, 200
WAYS = {"untraced": [], "traced": [SOCKTALE, "run", "-q", "--"], "traced without a filter": [SOCKTALE, "run", "-q", "--no-seccomp", "--"]}

# Answers with the hash of what was posted, from one of two processes that share the port.
NODE = """
const cluster = require("cluster"), crypto = require("crypto"), fs = require("fs"), http = require("http");
if (cluster.isPrimary) {
  fs.writeFileSync("pid", String(process.pid));
  const workers = [cluster.fork(), cluster.fork()];
  process.on("SIGTERM", () => cluster.disconnect(() => process.exit(7)));
} else {
  http.createServer((request, response) => {
    const hash = crypto.createHash("sha256");
    request.on("data", (part) => hash.update(part)).on("end", () => response.end(hash.digest("hex")));
  }).listen(Number(process.argv[2]), "127.0.0.1");
}
"""

os.environ["PATH"] += os.pathsep + str(ROOT / "build/tools/bin")


def at_once(job, count=REQUESTS):
    """What the job gives for 0, 1, ... by many clients, and how often it does."""
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
        return collections.Counter(clients.map(job, range(count)))


class Load(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="socktale-load-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.port = free_port()

    def needs(self, *programs):
        if missing := [program for program in programs if not shutil.which(program)]:
            self.skipTest(f"not installed: {', '.join(missing)}; scripts/test brings them")

    @contextlib.contextmanager
    def server(self, way, command):
        """It writes its pid into the folder. Killed when its test fails."""
        with open(self.folder / "said", "wb") as said, subprocess.Popen(
                [*WAYS[way], *command], stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=self.folder) as process:
            try:
                wait_until(lambda: process.poll() is not None or listens(self.port), 60)
                self.assertIsNone(process.poll(), (self.folder / "said").read_text("utf-8", "replace"))
                yield process
                process.wait(60)
            finally:
                if process.poll() is None:
                    process.kill()

    def pid(self):
        return int((self.folder / "pid").read_text())

    def same(self, outcome):
        """What `outcome` gives is the same in every way."""
        untraced = outcome("untraced")
        for way in WAYS:
            if way != "untraced":
                with self.subTest(way=way):
                    self.assertEqual(outcome(way), untraced)

    def test_redis(self):
        self.needs("redis-server", "redis-benchmark", "redis-cli")
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]

        def asked(*words):
            return subprocess.run(["redis-cli", "-p", str(self.port), *words], capture_output=True, text=True,
                                  check=False, timeout=60).stdout

        def outcome(way):
            with self.server(way, command) as process:
                for words in (["incr", "counter"], ["rpush", "list", "a value"]):
                    subprocess.run(["redis-benchmark", "-p", str(self.port), "-c", str(CLIENTS), "-n", "3000", "-q", *words],
                                   stdout=subprocess.DEVNULL, check=True, timeout=120)
                seen = [asked("get", "counter"), asked("llen", "list"), asked("lindex", "list", "-1"), asked("info", "errorstats")]
                asked("shutdown", "nosave")
            return seen, process.returncode

        self.same(outcome)

    def test_nginx(self):
        self.needs("nginx")
        (self.folder / "page").write_bytes(bytes(range(256)) * 512)
        command = nginx.server(self.folder, self.port)

        def get(number):
            if number == REQUESTS // 2:  # other workers take over
                os.kill(self.pid(), signal.SIGHUP)
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("GET", "/page" if number % 8 else "/none", headers={"Connection": "close"})
            response = connection.getresponse()
            return response.status, hashlib.sha256(response.read() if response.status == 200 else b"").hexdigest()

        def outcome(way):
            with self.server(way, command) as process:
                seen = at_once(get)
                os.kill(self.pid(), signal.SIGQUIT)
            return seen, process.returncode

        self.same(outcome)

    def test_node(self):
        self.needs("node")
        (self.folder / "server.js").write_text(NODE)
        body = bytes(range(256)) * 256

        def post(number):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("POST", "/", body[number:], headers={"Connection": "close"})
            return connection.getresponse().read()

        def outcome(way):
            with self.server(way, ["node", "server.js", str(self.port)]) as process:
                seen = at_once(post)
                os.kill(self.pid(), signal.SIGTERM)
            return seen, process.returncode

        self.same(outcome)

    def test_sshd(self):
        """Which takes privileges from itself, filters its own calls, and forks for every client."""
        if why := ssh_server.missing():
            self.skipTest(why)
        self.needs("ssh", "ssh-keygen")
        ssh_server.make_keys(self.folder)

        def session(number):
            data = bytes([number]) * 300_000
            done = subprocess.run(ssh_server.client(self.folder, self.port, "cat; exit 3"), input=data, capture_output=True,
                                  check=False, timeout=120)
            return done.returncode, done.stdout == data, done.stderr

        def outcome(way):
            with self.server(way, ssh_server.server(self.folder, self.port)) as process:
                seen = at_once(session, CLIENTS // 2)
                os.kill(self.pid(), signal.SIGTERM)
            return seen, process.returncode

        self.same(outcome)


if __name__ == "__main__":
    unittest.main()

"""socktale attach: what is seen of programs that run already, and that they notice neither the beginning
of it nor the end."""
import os
import pathlib
import re
import signal
import subprocess
import unittest

from servers import needs
from support import PYTHON, SOCKTALE, TestCase, Trace, free_port, run  # which says where those below are
from processes import only_child, state, status, switches, wait_until
import narrow

WAITS = pathlib.Path(os.environ["SOCKTALE_FIXTURES"]) / "attached"
NOBODY = 65534


class AttachTest(TestCase):
    def start(self, *command, **options):
        """A program to be joined, with pipes for its input and output."""
        options.setdefault("stderr", subprocess.DEVNULL)
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                   cwd=self.folder, **options)
        self.addCleanup(process.wait)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)
        return process

    def attach(self, *pids, options=(), name="trace"):
        """socktale, when it has joined all threads of these."""
        self.path = self.folder / f"{name}.jsonl"
        self.path.unlink(missing_ok=True)
        tracer = subprocess.Popen([SOCKTALE, "attach", "-q", "-o", self.path, *options, *map(str, pids)],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(tracer.wait)
        self.addCleanup(lambda: tracer.poll() is None and tracer.kill())
        self.addCleanup(tracer.stdout.close)
        wait_until(lambda: tracer.poll() is not None or (self.path.exists() and
                   self.path.read_text().count('"code":"attached"') == len(pids)))
        self.assertIsNone(tracer.poll(), tracer.stdout.read() if tracer.poll() is not None else "")
        return tracer

    def let_go(self, tracer, number=signal.SIGINT):
        """The trace, once socktale was asked to end."""
        tracer.send_signal(number)
        self.assertEqual(tracer.wait(60), 0, tracer.stdout.read())
        return self.recorded()

    def recorded(self):
        trace = Trace(self.path)
        self.assertEqual(trace.events[-1]["type"], "end")
        return trace

    def assert_free(self, pid):
        for tid in os.listdir(f"/proc/{pid}/task"):
            self.assertIn(status(pid, "TracerPid", tid), ("0", None))  # None: it has ended
            self.assertNotIn(state(pid, tid), "tT")


class Waiting(AttachTest):
    """Threads that wait in a call, of which the kernel would break off some with EINTR."""

    def waiting(self, width, way):
        """The program, and the thread that waits."""
        process = self.start(WAITS / f"waits{width}", way)
        tid = int(process.stdout.readline())
        wait_until(lambda: state(process.pid, tid) == "S")
        return process, tid

    def end_of(self, process):
        process.stdin.write("\n")
        process.stdin.flush()
        self.assertEqual(process.wait(30), 0)
        return process.stdout.read()

    def expected(self, width, way):
        return self.end_of(self.waiting(width, way)[0])

    def attach_to_waiting(self, process, tid):
        """Joined, and asleep in its call again."""
        before = switches(process.pid, tid)
        tracer = self.attach(process.pid)
        wait_until(lambda: switches(process.pid, tid) > before and state(process.pid, tid) == "S")
        return tracer

    def every_way(self, width):
        for way in subprocess.run([WAITS / f"waits{width}"], capture_output=True, text=True, check=True).stdout.split():
            with self.subTest(way=way):
                expected = self.expected(width, way)
                process, tid = self.waiting(width, way)
                self.let_go(self.attach(process.pid))  # perhaps before it sleeps again
                self.assert_free(process.pid)
                self.let_go(self.attach_to_waiting(process, tid))
                self.assert_free(process.pid)
                self.assertEqual(self.end_of(process), expected)
                process, tid = self.waiting(width, way)
                tracer = self.attach_to_waiting(process, tid)
                self.assertEqual(self.end_of(process), expected)
                self.assertEqual(tracer.wait(60), 0)
                self.check_calls(way, process, self.recorded())

    def check_calls(self, way, process, trace):
        """What was waited for on a socket is seen from its restart on."""
        name = {"epoll_wait": "epoll_wait", "epoll_pwait": "epoll_pwait", "recv": "recvfrom", "recv-timed": "recvfrom",
                "accept-timed": "accept", "poll": "poll", "select": "pselect6"}.get(way)
        if name is None:
            return
        waited = [call for call in trace.calls() if call["name"].startswith(name)]
        self.assertEqual([call["outcome"].get("error") for call in waited], [None], [c["name"] for c in trace.calls()])

    def test_64(self):
        self.every_way(64)

    @narrow.NEEDED
    def test_32(self):
        self.every_way(32)

    def test_let_go_by_a_kill(self):
        """kill -9 of the tracer: the program waits on, and its trace can be read."""
        process, tid = self.waiting(64, "recv")
        tracer = self.attach_to_waiting(process, tid)
        tracer.kill()
        tracer.wait(30)
        wait_until(lambda: status(process.pid, "TracerPid", tid) == "0")
        self.assert_free(process.pid)
        self.assertEqual(self.end_of(process), "1 \n")
        self.assertEqual(run("report", self.path).returncode, 0)

    def test_sigterm_and_sighup(self):
        process, tid = self.waiting(64, "recv")
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            trace = self.let_go(self.attach_to_waiting(process, tid), number)
            self.assertIn("let-go", [note["code"] for note in trace.of("note")])
            self.assert_free(process.pid)
        self.assertEqual(self.end_of(process), "1 \n")


class Stopped(AttachTest):
    def test_stopped_before(self):
        process = self.start(PYTHON, "-c", "print('ready', flush=True); input(); import socket; socket.socketpair(); print('on')")
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        wait_until(lambda: state(process.pid) == "T")
        self.let_go(self.attach(process.pid))
        wait_until(lambda: state(process.pid) == "T")
        self.assertEqual(status(process.pid, "TracerPid"), "0")
        tracer = self.attach(process.pid)
        process.send_signal(signal.SIGCONT)
        process.stdin.write("\n")
        process.stdin.flush()
        self.assertEqual(process.stdout.readline(), "on\n")
        self.assertEqual(process.wait(30), 0)
        self.assertEqual(tracer.wait(30), 0)
        self.assertIn("socketpair", [call["name"] for call in self.recorded().calls()])

    def test_stopped_meanwhile(self):
        # SIGTSTP stops nobody in an orphaned process group, as this test's own may be (setpgid(2)).
        process = self.start(PYTHON, "-c", "print('ready', flush=True); input(); print('on')", process_group=0)
        process.stdout.readline()
        tracer = self.attach(process.pid)
        process.send_signal(signal.SIGTSTP)
        self.assertTrue(os.WIFSTOPPED(os.waitpid(process.pid, os.WUNTRACED)[1]))
        self.let_go(tracer)
        wait_until(lambda: state(process.pid) == "T")
        process.send_signal(signal.SIGCONT)
        self.assertEqual(process.communicate("\n", timeout=30)[0], "on\n")


class Found(AttachTest):
    PROGRAM = """
import os, select, socket, sys, threading
listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen(7)
client = socket.create_connection(listener.getsockname()); server, _ = listener.accept()
udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); udp.bind(("::1", 0))
left, right = socket.socketpair()
epoll = select.epoll(); epoll.register(server)
os.set_inheritable(left.fileno(), True)
print(listener.fileno(), client.fileno(), server.fileno(), udp.fileno(), left.fileno(), right.fileno(), flush=True)
input()
client.send(b"hello")
epoll.poll(); server.recv(9); left.send(b"x"); right.recv(1); udp.close()
"""

    def test_sockets_from_before_are_found(self):
        process = self.start(PYTHON, "-c", self.PROGRAM)
        process.stdout.readline()
        tracer = self.attach(process.pid, options=("--role", "both"))
        process.communicate("\n", timeout=30)
        self.assertEqual(tracer.wait(30), 0)
        trace = self.recorded()
        sockets = {}
        for each in trace.of("socket"):
            sockets.setdefault(each["id"], each)
        self.assertEqual({each["origin"] for each in sockets.values()}, {"found"})
        self.assertEqual(sorted(each["role"] for each in sockets.values()),
                         ["connected"] * 4 + ["fresh", "listening"], sockets)
        calls = trace.calls("both")
        self.assertEqual([call["name"] for call in calls][:5], ["sendto", "epoll_wait", "recvfrom", "sendto", "recvfrom"])
        sent, waited, received = calls[:3]
        self.assertEqual(waited["socket"], received["socket"])
        self.assertNotEqual(sent["socket"], received["socket"])
        self.assertEqual(sockets[sent["socket"]]["local"], sockets[received["socket"]]["peer"])
        self.assertEqual(sent["place"]["line"], 11)  # `input()` is line 10
        report = run("report", self.path)
        self.assertIn("ran already", " ".join(report.stdout.split()))
        for form in ("markdown", "json", "html", "strace", "pcapng", "perfetto"):
            self.assertEqual(run("report", self.path, "--to", form, "-o", self.folder / form).returncode, 0)

    def test_two_processes_and_their_roles(self):
        first = self.start("/bin/cat")
        second = self.start("/bin/cat")
        tracer = self.attach(first.pid, second.pid, options=("--role", "one", "--role", "two"))
        trace = self.let_go(tracer)
        self.assertEqual(trace.roles(), {first.pid: "one", second.pid: "two"})
        trace = self.let_go(self.attach(first.pid, second.pid))
        self.assertEqual(trace.roles(), {first.pid: "cat", second.pid: f"cat {second.pid}"})
        self.assertEqual(first.communicate("unharmed\n", timeout=30)[0], "unharmed\n")

    def test_children_and_another_program(self):
        process = self.start("/bin/sh", "-c", "read line; " f"{PYTHON} -c 'import socket; socket.socketpair()'; "
                             f"exec {PYTHON} -c 'import socket; socket.socketpair()'")
        tracer = self.attach(process.pid)
        process.communicate("\n", timeout=60)
        self.assertEqual(tracer.wait(60), 0)
        calls = [call for call in self.recorded().calls() if call["name"] == "socketpair"]
        self.assertEqual(len({call["pid"] for call in calls}), 2)
        self.assertEqual(process.returncode, 0)

    def test_threads_that_start_others(self):
        """While threads are being made all the time, none is missed."""
        program = ("import socket, threading\n"
                   "def work():\n  a, b = socket.socketpair(); a.send(b'x'); b.recv(1); a.close(); b.close()\n"
                   "def more():\n  while not over.is_set():\n    t = threading.Thread(target=work); t.start(); t.join()\n"
                   "over = threading.Event()\nall = [threading.Thread(target=more) for _ in range(8)]\n"
                   "for t in all: t.start()\nprint('ready', flush=True); input(); over.set()\n"
                   "for t in all: t.join()\nprint('fine')\n")
        process = self.start(PYTHON, "-c", program)
        process.stdout.readline()
        tracer = self.attach(process.pid)
        wait_until(lambda: self.path.read_text().count('"name":"socketpair"') > 100)
        trace = self.let_go(tracer)
        self.assert_free(process.pid)
        self.assertEqual(process.communicate("\n", timeout=60)[0], "fine\n")
        per_thread = {}
        for call in trace.calls():
            per_thread.setdefault(call["tid"], []).append(call["name"])
        whole = [names for names in per_thread.values() if names[0] == "socketpair" and len(names) >= 7]
        self.assertGreater(len(whole), 50)

    def test_a_namespace_of_its_own(self):
        if os.geteuid() != 0:
            self.skipTest("only root makes namespaces everywhere")
        process = self.start("unshare", "--net", "--pid", "--fork", "--mount-proc", PYTHON, "-c", self.PROGRAM.replace(
            "listener = ", "os.system('ip link set lo up'); listener = "))
        if not process.stdout.readline():
            self.skipTest("no namespaces are allowed here")
        child = only_child(process.pid)
        tracer = self.attach(child)
        process.communicate("\n", timeout=30)
        self.assertEqual(tracer.wait(30), 0)
        self.assertIn("recvfrom", [call["name"] for call in self.recorded().calls()])


class Servers(AttachTest):
    def test_http_server(self):
        server = self.start(PYTHON, "-u", "-m", "http.server", "--bind", "127.0.0.1", "0")
        port = re.search(r"port (\d+)", server.stdout.readline()).group(1)
        get = ["curl", "-sf", "--noproxy", "*", "-o", "/dev/null", f"http://127.0.0.1:{port}/"]
        subprocess.run(get, check=True)
        tracer = self.attach(server.pid)
        subprocess.run(get, check=True)
        wait_until(lambda: '"name":"shutdown"' in self.path.read_text())
        trace = self.let_go(tracer)
        subprocess.run(get, check=True)
        names = [call["name"] for call in trace.calls()]
        for name in ("accept4", "recvfrom", "sendto", "shutdown"):
            self.assertIn(name, names)
        accepted = next(call for call in trace.calls() if call["name"] == "accept4")
        self.assertEqual(next(each for each in trace.of("socket") if each["id"] == accepted["socket"])["origin"], "found")
        self.assertEqual(next(call for call in trace.calls() if call["name"] == "sendto")["place"]["libc"], "send")

    @needs("redis-server", "redis-benchmark")
    def test_redis_under_load(self):
        port = free_port()
        server = self.start("redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1")
        wait_until(lambda: subprocess.run(["redis-cli", "-p", str(port), "ping"], capture_output=True, check=False).stdout == b"PONG\n")
        load = subprocess.Popen(["redis-benchmark", "-p", str(port), "-c", "20", "-n", "20000", "-t", "set,get", "--csv"],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(load.stdout.close)
        tracer = self.attach(server.pid)
        wait_until(lambda: self.path.read_text().count('"name":"read"') > 50, 60)
        trace = self.let_go(tracer)
        self.assert_free(server.pid)
        output = load.communicate(timeout=120)[0]
        self.assertEqual(load.returncode, 0, output)
        self.assertIn('"GET"', output)
        failed = {call["outcome"]["error"] for call in trace.calls() if call.get("outcome", {}).get("error")}
        self.assertLessEqual(failed, {"EAGAIN"})
        server.terminate()
        self.assertEqual(server.wait(30), 0)

    @needs("nginx")
    def test_nginx(self):
        from servers import nginx_script  # its configuration file
        port = free_port()
        nginx_script(self.folder, port)
        server = self.start("nginx", "-c", f"{self.folder}/nginx.conf")
        url = f"http://127.0.0.1:{port}/page.html"
        get = ["curl", "-sf", "--noproxy", "*", "--retry", "50", "--retry-connrefused", "-o", f"{self.folder}/got", url]
        subprocess.run(get, check=True)
        workers = subprocess.run(["pgrep", "-P", str(server.pid)], capture_output=True, text=True, check=True).stdout.split()
        tracer = self.attach(server.pid, *workers)
        subprocess.run(get, check=True)
        wait_until(lambda: '"name":"sendfile"' in self.path.read_text())
        trace = self.let_go(tracer)
        (self.folder / "got").unlink()
        subprocess.run(get, check=True)
        self.assertEqual((self.folder / "got").read_text(), (self.folder / "page.html").read_text())
        self.assertIn("accept4", [call["name"] for call in trace.calls()])
        server.send_signal(signal.SIGQUIT)
        self.assertEqual(server.wait(30), 0)


class Refused(AttachTest):
    def test_no_such_process(self):
        ended = subprocess.Popen(["true"])
        ended.wait()
        self.refused(run("attach", ended.pid), 66, "no process")
        self.refused(run("attach"), 64)
        self.refused(run("attach", "many"), 64)
        self.refused(run("attach", "0"), 64)

    def test_one_that_ended(self):
        process = self.start("true")
        wait_until(lambda: state(process.pid) == "Z")
        self.refused(run("attach", process.pid), 66, "has ended")

    def test_itself(self):
        result = subprocess.run(["/bin/sh", "-c", 'exec "$0" attach $$', SOCKTALE], capture_output=True, text=True,
                                check=False, timeout=60)
        self.refused(result, 64, "itself")

    def test_a_thread(self):
        process = self.start(PYTHON, "-c", "import threading; threading.Thread(target=input).start(); print('ready', flush=True)")
        process.stdout.readline()
        tid = next(tid for tid in os.listdir(f"/proc/{process.pid}/task") if tid != str(process.pid))
        self.refused(run("attach", tid), 64, "thread", f"socktale attach {process.pid}")

    def test_a_thread_of_the_kernel(self):
        kernel = [name for name in os.listdir("/proc") if name.isdigit() and status(name, "Name") == "kthreadd"]
        if not kernel:
            self.skipTest("none is to be seen here")
        self.refused(run("attach", kernel[0]), 77, "kernel")

    def test_traced_already(self):
        process = self.start("/bin/cat")
        tracer = self.attach(process.pid)
        self.refused(run("attach", process.pid), 77, "traced already", f"process {tracer.pid}")
        self.let_go(tracer)
        self.assertEqual(process.communicate("unharmed\n", timeout=30)[0], "unharmed\n")

    def test_another_users(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to become somebody else")
        process = self.start("/bin/cat")
        binary = self.folder / "socktale"
        self.folder.chmod(0o755)
        binary.write_bytes(pathlib.Path(SOCKTALE).read_bytes())
        binary.chmod(0o755)
        result = subprocess.run(["setpriv", f"--reuid={NOBODY}", "--clear-groups", binary, "attach", str(process.pid)],
                                capture_output=True, text=True, check=False, timeout=60)
        self.refused(result, 77, "sudo")

    def test_the_others_are_left_as_they_were(self):
        """One of several cannot be joined: the ones before it go on."""
        ended = subprocess.Popen(["true"])
        ended.wait()
        process = self.start(WAITS / "waits64", "epoll_wait")
        process.stdout.readline()
        wait_until(lambda: state(process.pid) == "S")
        self.refused(run("attach", process.pid, ended.pid), 66, "no process")
        self.assert_free(process.pid)
        self.assertEqual(process.communicate("\n", timeout=30)[0], "1 \n")


if __name__ == "__main__":
    unittest.main()

"""socktale attach: what is seen of programs that run already, and that they notice neither the beginning
of it nor the end."""
import os
import signal
import subprocess
import unittest

from attaching import HIDES, WAITS, AttachTest
from support import PYTHON, run  # which says where those below are
from processes import only_child, state, status, switches, wait_until
import narrow


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

    def test_a_child_that_cannot_be_followed(self):
        """CLONE_UNTRACED: nothing of a program that outlives us is changed, so it is only said."""
        process = self.start(PYTHON, "-c", "import subprocess, sys; print('ready', flush=True); sys.stdin.readline();"
                             f"subprocess.run([{str(HIDES)!r}, 'untraced'])")
        process.stdout.readline()
        tracer = self.attach(process.pid)
        self.assertEqual(process.communicate("\n", timeout=30)[0], "0\n")
        self.assertEqual(tracer.wait(30), 0)
        self.assertIn("untraced-child", [note["code"] for note in self.recorded().of("note")])
        self.assertIn("CLONE_UNTRACED", run("report", self.path).stdout)

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


if __name__ == "__main__":
    unittest.main()

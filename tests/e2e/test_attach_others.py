"""socktale attach: servers that nobody here wrote, under load; and processes that cannot be joined."""
import os
import pathlib
import re
import signal
import subprocess
import unittest

from attaching import WAITS, AttachTest
from servers import needs
from support import PYTHON, SOCKTALE, free_port, run  # which says where those below are
from processes import state, status, wait_until

NOBODY = 65534


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

"""The chat in every pairing, as recorded: the rows that the document's programs must give."""
import errno
import os
import pathlib
import shutil
import unittest

from support import ROOT, TestCase, Trace, free_port, run

SERVER = [("socket", "socket.socket(socket.AF_INET, socket.SOCK_STREAM)"),
          ("bind", "serv_sock.bind((host, port))"),
          ("listen", "serv_sock.listen(10)"),
          ("accept4", "serv_sock.accept()"),
          ("getsockname", "serv_sock.accept()"),
          ("recvfrom", "clnt_sock.recv(1024)"),
          ("sendto", 'clnt_sock.send(msg.encode("utf-8"))'),
          ("recvfrom", "clnt_sock.recv(1024)"),
          ("close", "clnt_sock.close()"),
          ("close", "serv_sock.close()")]
CLIENT = [("socket", "socket.socket(socket.AF_INET, socket.SOCK_STREAM)"),
          ("connect", "sock.connect((host, port))"),
          ("sendto", 'sock.send(msg.encode("utf-8"))'),
          ("recvfrom", "sock.recv(1024)")]
INTERNET = ("AF_INET", "AF_INET6")
LIBC = {"sendto": "send", "recvfrom": "recv"}  # elsewhere the libc function has the call's name


def line_of(program, expression, occurrence=0):
    """The number of the line in a chat program that holds this expression."""
    lines = (ROOT / "chat" / "python" / program).read_text("utf-8").splitlines()
    found = [number for number, text in enumerate(lines, 1) if expression in text]
    return found[occurrence]


class PythonChat(TestCase):
    def record(self, *options):
        return self.trace("chat", "--port", free_port(), *options)

    def test_rows_of_both_sides_with_line_expression_and_libc(self):
        trace = self.record()
        for role, program, rows in (("server", "server.py", SERVER), ("client", "client.py", CLIENT)):
            self.assertEqual(trace.written(role), rows)
            for call in trace.calls(role):
                place = call.get("place", {})
                if place.get("kind") != "call":
                    continue
                self.assertEqual(pathlib.Path(place["file"]).name, program)
                self.assertEqual(place["line"], line_of(program, place["text"]))
                self.assertEqual(place["libc"], LIBC.get(call["name"], call["name"]))

    def test_the_last_recv_returns_0(self):
        calls = [call for call in self.record().calls("server") if call["name"] == "recvfrom"]
        self.assertEqual([call["outcome"]["result"] for call in calls], [5, 0])

    def test_the_forgotten_socket_is_named(self):
        trace_path = self.folder / "trace.jsonl"
        self.record()
        report = self.report(trace_path, "terminal")
        self.assertIn("never closed by the program", report)
        self.assertEqual(report.count("never closed by the program"), 1)
        sockets = self.report(trace_path)["sockets"]
        self.assertEqual(len(sockets), 3)

    def test_the_interpreter_closes_what_the_client_forgot(self):
        cleanup = [call["name"] for call in self.record().calls("client")
                   if call.get("place", {}).get("kind") == "finalizing"]
        self.assertEqual(cleanup, ["getsockname", "getpeername", "close"])

    def test_an_empty_line_leaves_both_waiting(self):
        script = self.folder / "say"
        script.write_text("client:\n")
        trace = self.trace("chat", "--port", free_port(), "--patience", "0.5", "--say", script, expect=1)
        self.assertIn("both-waiting", [note["code"] for note in trace.of("note")])
        for role in ("server", "client"):
            self.assertEqual(trace.calls(role)[-1]["name"], "recvfrom")

    def test_the_corrected_pair_closes_everything(self):
        path = self.folder / "trace.jsonl"
        self.record("--server", "python-fixed", "--client", "python-fixed")
        self.assertNotIn("never closed", self.report(path, "terminal"))

    def test_the_document_is_judged(self):
        path = self.folder / "trace.jsonl"
        self.record()
        report = self.report(path, "markdown")
        for word in ("accept4", "0.0.0.0", "PF_INET"):
            self.assertIn(word, report)
        result = run("check", "--expect", "hello-hi", path)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("0.0.0.0", result.stdout)

    def test_a_table_of_ones_own_is_checked(self):
        path = self.folder / "trace.jsonl"
        self.record()
        expected = self.folder / "lab.json"
        expected.write_text('{"expects": 1, "title": "lab", "rows": ['
                            '{"role": "server", "api": "serv_sock.bind((host, port))", "kernel": {"name": "bind", "result": 0}}]}')
        good = run("check", "--expect", expected, path)
        self.assertEqual(good.returncode, 0, good.stdout + good.stderr)
        expected.write_text(expected.read_text().replace('"bind", "result": 0', '"bind", "result": 7'))
        bad = run("check", "--expect", expected, path)
        self.assertEqual(bad.returncode, 1, bad.stderr)
        self.assertIn("7", bad.stdout)


class EveryPairing(TestCase):
    def check(self, server, client, family, *options):
        trace = self.trace("chat", "--server", server, "--client", client, "--family", family, *options)
        names = {role: [call["name"] for call in trace.calls(role)
                        if call.get("place", {}).get("kind") in ("call", "leaving")] for role in ("server", "client")}
        accept = "accept" if server == "cpp" else "accept4"
        wanted = ["socket", "bind", "listen", accept, "recvfrom", "sendto", "recvfrom", "close", "close"]
        self.assertEqual([name for name in names["server"] if name in wanted], wanted)
        wanted = ["socket", "connect", "sendto", "recvfrom"] + (["close"] if client == "cpp" else [])
        self.assertEqual([name for name in names["client"] if name in wanted], wanted)
        for call in trace.calls():
            if call.get("place", {}).get("kind") == "call":
                self.assertTrue(call["place"]["text"].endswith(")"), call["place"])
                self.assertTrue(call["place"]["libc"])
        return trace

    def test_inet(self):
        for server in ("python", "cpp"):
            for client in ("python", "cpp"):
                with self.subTest(server=server, client=client):
                    self.check(server, client, "inet", "--port", free_port())

    def test_inet6_and_unix_in_cpp(self):
        six = self.check("cpp", "cpp", "inet6", "--port", free_port())
        self.assertIn("AF_INET6", [socket["family"] for socket in six.of("socket")])
        unix = self.check("cpp", "cpp", "unix", "--path", self.folder / "chat.sock")
        self.assertIn("AF_UNIX", [socket["family"] for socket in unix.of("socket")])

    def test_cpp_calls_are_tied_to_their_lines(self):
        trace = self.check("cpp", "cpp", "inet", "--port", free_port())
        for call in trace.calls():
            place = call["place"]
            line = pathlib.Path(place["file"]).read_text("utf-8").splitlines()[place["line"] - 1]
            self.assertIn(place["text"].split("\n")[0][:10], line)

    def test_a_family_that_python_does_not_speak_is_refused(self):
        self.refused(run("chat", "--family", "unix"), 64, "--server cpp")


class FurtherLanguages(TestCase):
    """What is the same in every language: the steps of the conversation, in the kernel's calls."""

    def check(self, language, *tools):
        for tool in tools:
            if shutil.which(tool) is None:
                self.skipTest(f"no chat in {language}: {tool} is not there")
        trace = self.trace("chat", "--port", free_port(), "--server", language, "--client", language)
        server = self.conversation(trace, "server")
        client = self.conversation(trace, "client")
        self.assertEqual([step for step, _ in server],
                         ["bind", "listen", "accept", "receive", "send", "receive", "close", "close"])
        self.assertEqual([step for step, _ in client], ["connect", "send", "receive", "close"])
        self.assertEqual([text for _, text in server if text is not None], ["hello", "hi", ""])
        self.assertEqual([text for _, text in client if text is not None], ["hello", "hi"])
        self.assertEqual({event["status"] for event in trace.of("gone") if event["last"]}, {0})

    def conversation(self, trace, role):
        """(step, payload) of the calls that did their work on a socket of the chat."""
        # A runtime makes others of its own: Java tries what its machine can do.
        mine = {socket["id"] for socket in trace.of("socket") if socket["family"] in INTERNET
                and socket.get("role") in ("listening", "connected", "connecting")}
        steps = []
        for call in trace.calls(role):
            if "outcome" not in call:
                continue  # another thread of the runtime's waits as its process ends
            result = call["outcome"]["result"]
            begun = call["name"] == "connect" and result == -errno.EINPROGRESS
            if call.get("socket") not in mine or (result < 0 and not begun):
                continue
            if call["name"] in ("bind", "listen", "connect", "close"):
                steps.append((call["name"], None))
            elif call["name"] in ("accept", "accept4"):
                steps.append(("accept", None))
            elif call["name"] in ("sendto", "write"):
                steps.append(("send", call["args"]["buf"]["in"]["text"]))
            elif call["name"] in ("recvfrom", "read"):
                steps.append(("receive", call["args"]["buf"]["out"]["text"]))
        self.assertIn("socket", [call["name"] for call in trace.calls(role)])
        return steps

    def test_c(self):
        self.check("c")

    def test_go(self):
        self.check("go", "go")

    def test_java(self):
        self.check("java", "javac", "java")

    def test_node(self):
        self.check("node", "node")

    def test_a_language_that_is_not_there_is_refused_with_its_package(self):
        lonely = {**os.environ, "PATH": str(self.folder)}
        for language, package in (("java", "default-jdk-headless"), ("node", "nodejs")):
            result = run("chat", "--server", language, env=lonely)
            self.refused(result, 127, language, package)


if __name__ == "__main__":
    os.chdir("/")
    unittest.main()

"""Every pairing of the chat programs talks, untraced; and the plain Python pair makes the calls and
the two mistakes it is kept for."""
import ast
import os
import pathlib
import socket
import tempfile
import unittest

from chat_case import NEEDS_PROC_SYSCALL, ChatCase
from programs import PYTHON_DIR, calls_on_sockets, wait_until_nothing_is_in_flight

KINDS = ("plain", "fixed", "cpp")


class Pairings(ChatCase):
    def talk(self, server, client):
        self.exchange(server, client, "hello", "hi")
        self.exchange(server, client, "你好,世界", "你也好 🙂")
        self.leave(server, client)

    def test_every_pairing_on_inet(self):
        for server_kind in KINDS:
            for client_kind in KINDS:
                with self.subTest(server=server_kind, client=client_kind):
                    self.talk(*self.pair(server_kind, client_kind))

    def test_cpp_on_inet6(self):
        if not socket.has_ipv6 or not pathlib.Path("/proc/net/if_inet6").exists():
            self.skipTest("this machine has no IPv6")
        self.talk(*self.pair("cpp", "cpp", "--family", "inet6"))

    def test_cpp_on_unix(self):
        path = self.enter(tempfile.TemporaryDirectory()) + "/chat.sock"
        self.talk(*self.pair("cpp", "cpp", "--family", "unix", "--path", path))
        self.assertFalse(os.path.lexists(path))


class PlainPair(ChatCase):
    """What the reports show of these programs, and the mistakes they are kept for."""

    def test_calls_stand_each_on_a_line_in_this_order(self):
        self.assertEqual(calls_on_sockets(PYTHON_DIR / "server.py"), [
            "socket.socket(socket.AF_INET, socket.SOCK_STREAM)", "serv_sock.bind((host, port))",
            "serv_sock.listen(10)", "serv_sock.accept()", "clnt_sock.recv(1024)",
            "clnt_sock.close()", 'clnt_sock.send(msg.encode("utf-8"))', "serv_sock.close()"])
        self.assertEqual(calls_on_sockets(PYTHON_DIR / "client.py"), [
            "socket.socket(socket.AF_INET, socket.SOCK_STREAM)", "sock.connect((host, port))",
            'sock.send(msg.encode("utf-8"))', "sock.recv(1024)", "sock.close()"])

    def test_close_stands_only_in_the_else_of_a_loop_left_by_break(self):
        tree = ast.parse((PYTHON_DIR / "client.py").read_text())
        [loop] = [node for node in ast.walk(tree) if isinstance(node, ast.While)]
        closes = {node for node in ast.walk(tree) if ast.unparse(node) == "sock.close()"}
        self.assertTrue(closes)
        self.assertEqual(closes, {node for part in loop.orelse for node in ast.walk(part)} & closes)
        self.assertEqual(ast.unparse(loop.test), "True")
        self.assertTrue(any(isinstance(node, ast.Break) for node in ast.walk(loop)))

    def warnings_after_a_chat(self, kind):
        server, client = self.pair(kind, kind, client_python=["-X", "dev"])
        self.exchange(server, client, "hello", "hi")
        client.type("exit")
        self.assertEqual(client.finish(), (0, ""))
        self.assertEqual(server.finish()[0], 0)
        return client.errors()

    def test_the_client_never_closes_its_socket(self):
        warnings = self.warnings_after_a_chat("plain")
        self.assertIn("ResourceWarning: unclosed <socket.socket", warnings)
        self.assertEqual(self.warnings_after_a_chat("fixed"), "")

    def assert_deadlocked(self, server, client):
        # Both wait for the other, and nothing is under way that could wake either: that is final.
        for program in (server, client):
            program.wait_until_inside("recvfrom")
        wait_until_nothing_is_in_flight(server.port)
        for program in (server, client):
            program.wait_until_inside("recvfrom")
            self.assertTrue(program.is_silent())

    @NEEDS_PROC_SYSCALL
    def test_an_empty_line_to_the_server_blocks_both(self):
        server, client = self.pair("plain", "plain")
        client.type("")
        self.assert_deadlocked(server, client)

    @NEEDS_PROC_SYSCALL
    def test_an_empty_line_to_the_client_blocks_both(self):
        server, client = self.pair("plain", "plain")
        client.type("hello")
        server.read_until("client: hello\nserver: ")
        server.type("")
        self.assert_deadlocked(server, client)


if __name__ == "__main__":
    unittest.main()

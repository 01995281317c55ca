"""The C++ pair: empty lines, sends cut short, peers that are gone, socket files."""
import pathlib
import socket
import tempfile
import unittest

from chat_case import NEEDS_PROC_SYSCALL, ChatCase
from programs import Program, start_server


class CppPair(ChatCase):
    def test_an_empty_line_is_asked_again(self):
        server, client = self.pair("cpp", "cpp")
        client.type("")
        self.assertEqual(client.read_until("input: "), "input: ")
        client.type("hello")
        server.read_until("server: ")
        server.type("")
        self.assertEqual(server.read_until("server: "), "server: ")
        server.type("hi")
        client.read_until("server: hi\ninput: ")
        self.leave(server, client)

    @NEEDS_PROC_SYSCALL
    def test_a_send_cut_short_is_continued(self):
        client, sock = self.raw_server("cpp")
        size = 16 * 1024 * 1024  # more than the two socket buffers hold
        client.type("x" * size)
        client.wait_until_inside("sendto")
        client.interrupt_call()
        received = 0
        while received < size:
            received += len(sock.recv(1 << 20))
        sock.sendall(b"hi")
        client.read_until("server: hi\ninput: ")

    def test_a_peer_that_is_gone_is_an_error_and_no_signal(self):
        path = self.enter(tempfile.TemporaryDirectory()) + "/chat.sock"
        server = self.enter(start_server("cpp", "--family", "unix", "--path", path))
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(path)
            sock.sendall(b"hello")
            server.read_until("client: hello\nserver: ")
        server.type("hi")
        self.assertEqual(server.finish(), (1, ""))
        self.assertEqual(server.errors(), f"error: {path}: send: Broken pipe\n")

    def test_only_its_own_socket_file_is_removed(self):
        folder = pathlib.Path(self.enter(tempfile.TemporaryDirectory()))
        path = folder / "chat.sock"
        options = ("--family", "unix", "--path", str(path))

        path.write_text("a file of somebody")
        with Program("cpp", "server", *options) as server:
            self.assertEqual(server.finish()[0], 1)
            self.assertIn("bind: Address already in use", server.errors())
        self.assertEqual(path.read_text(), "a file of somebody")

        path.unlink()
        server, client = self.pair("cpp", "cpp", *options)
        path.unlink()
        path.write_text("a file that came later")
        self.leave(server, client)
        self.assertEqual(path.read_text(), "a file that came later")

    def test_the_socket_file_of_a_killed_server_is_told_of(self):
        path = self.enter(tempfile.TemporaryDirectory()) + "/chat.sock"
        options = ("--family", "unix", "--path", path)
        with start_server("cpp", *options):
            pass  # leaving kills it
        with Program("cpp", "server", *options) as server:
            self.assertEqual(server.finish(), (1, ""))
            self.assertIn("left its socket file behind", server.errors())

    def test_help(self):
        for role in ("server", "client"):
            with Program("cpp", role, "--help") as program:
                status, text = program.finish()
            self.assertEqual(status, 0)
            self.assertTrue(text.startswith(f"usage: chat-{role} "))


if __name__ == "__main__":
    unittest.main()

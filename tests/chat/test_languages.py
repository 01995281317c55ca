"""The pairs in C, Go, Java and Node, each with Python and with itself: a class of tests a language,
skipped by name where its tools are missing."""
import socket
import unittest

from chat_case import NEEDS_PROC_SYSCALL, ChatCase
from programs import Program, missing, start_server

MORE_THAN_THE_BUFFERS_HOLD = 16 * 1024 * 1024


class Language:
    kind = None

    def setUp(self):
        if missing(self.kind):
            self.skipTest(f"no chat in {self.kind}: {missing(self.kind)} is not there")
        super().setUp()

    def ended(self, role, *options):
        program = self.enter(Program(self.kind, role, *options))
        program.end_input()
        return program.finish()[0], program.errors()

    def test_with_python_and_with_itself(self):
        for server_kind, client_kind in ((self.kind, "plain"), ("plain", self.kind),
                                         (self.kind, "fixed"), ("fixed", self.kind),
                                         (self.kind, self.kind)):
            with self.subTest(server=server_kind, client=client_kind):
                server, client = self.pair(server_kind, client_kind)
                self.exchange(server, client, "hello", "hi")
                self.exchange(server, client, "你好,世界", "你也好 🙂")
                self.leave(server, client)

    def test_an_empty_line_is_asked_again(self):
        server, client = self.pair(self.kind, self.kind)
        client.type("")
        self.assertEqual(client.read_until("input: "), "input: ")
        client.type("hello")
        server.read_until("server: ")
        server.type("")
        self.assertEqual(server.read_until("server: "), "server: ")
        server.type("hi")
        client.read_until("server: hi\ninput: ")
        self.leave(server, client)

    def test_the_end_of_input_at_the_client_ends_both(self):
        server, client = self.pair(self.kind, self.kind)
        client.end_input()
        self.assertEqual(client.finish(), (0, "\n"))
        self.assertEqual(server.finish(), (0, "the client has disconnected\n"))

    def test_the_end_of_input_at_the_server_ends_both(self):
        server, client = self.pair(self.kind, self.kind)
        client.type("hello")
        server.read_until("server: ")
        server.end_input()
        self.assertEqual(server.finish(), (0, "\n"))
        self.assertEqual(client.finish(), (0, "the server has disconnected\n"))

    def test_lines_typed_ahead_wait_for_their_turn(self):
        server, client = self.pair(self.kind, self.kind)
        for line in ("one", "two", "exit"):
            client.type(line)
        for line in ("one", "two"):
            self.assertEqual(server.read_until("server: "), f"client: {line}\nserver: ")
            server.type("yes")
        self.assertEqual(server.finish(), (0, "the client has disconnected\n"))
        self.assertEqual(client.finish()[0], 0)

    def test_a_long_message_is_sent_whole(self):
        client, sock = self.raw_server(self.kind)
        client.type("x" * MORE_THAN_THE_BUFFERS_HOLD)
        self.receive(sock, MORE_THAN_THE_BUFFERS_HOLD)
        sock.sendall(b"hi")
        client.read_until("server: hi\ninput: ")

    def receive(self, sock, size):
        while size > 0:
            data = sock.recv(1 << 20)
            self.assertTrue(data, f"{size} bytes are missing")
            size -= len(data)

    def test_a_second_client_does_not_keep_the_server(self):
        server, client = self.pair(self.kind, "plain")
        self.enter(socket.create_connection(("127.0.0.1", server.port)))
        self.exchange(server, client, "hello", "hi")
        self.leave(server, client)

    def test_another_host(self):
        server = self.enter(start_server(self.kind, "--host", "127.0.0.2"))
        client = self.enter(Program(self.kind, "client", *server.options))
        client.read_until("input: ")
        server.read_until("has connected\n")
        self.leave(server, client)

    def test_a_port_in_use(self):
        other = self.enter(socket.create_server(("127.0.0.1", 0)))
        status, errors = self.ended("server", "--port", str(other.getsockname()[1]))
        self.assertEqual(status, 1)
        self.assertRegex(errors, r"\Aerror: .* in use.*\n\Z")

    def test_nobody_listens(self):
        silent = self.enter(socket.socket())
        silent.bind(("127.0.0.1", 0))  # so that nobody else can listen there
        status, errors = self.ended("client", "--port", str(silent.getsockname()[1]))
        self.assertEqual(status, 1)
        self.assertRegex(errors, r"(?i)\Aerror: .*refused.*\n\Z")

    def test_wrong_usage(self):
        for role in ("server", "client"):
            for options in (["--nonsense"], ["--port"], ["--port", "x"], ["--port", "99999"]):
                with self.subTest(role=role, options=options):
                    status, errors = self.ended(role, *options)
                    self.assertIn(status, (1, 2))
                    self.assertRegex(errors, "(?i)error: |usage")
                    self.assertNotRegex(errors, r"\n\s+at |goroutine", "the language's own trace")


class C(Language, ChatCase):
    kind = "c"

    @NEEDS_PROC_SYSCALL
    def test_a_send_cut_short_is_continued(self):
        client, sock = self.raw_server("c")
        client.type("x" * MORE_THAN_THE_BUFFERS_HOLD)
        client.wait_until_inside("sendto")
        client.interrupt_call()
        self.receive(sock, MORE_THAN_THE_BUFFERS_HOLD)


class Go(Language, ChatCase):
    kind = "go"


class Java(Language, ChatCase):
    kind = "java"


class Node(Language, ChatCase):
    kind = "node"


if __name__ == "__main__":
    unittest.main()

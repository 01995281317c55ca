"""What the tests of the chat programs share: pairs of programs, and a program paired with a
socket of the test's own. Everything that is started here ends with its test."""
import contextlib
import os
import socket
import unittest

from programs import PATIENCE, SYSCALL_NUMBERS, Program, start_server

NEEDS_PROC_SYSCALL = unittest.skipUnless(
    SYSCALL_NUMBERS and os.access("/proc/self/syscall", os.R_OK), "needs /proc/PID/syscall")


class ChatCase(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.enter = stack.enter_context

    def pair(self, server_kind, client_kind, *options, client_python=()):
        server = self.enter(start_server(server_kind, *options))
        client = self.enter(
            Program(client_kind, "client", *server.options, interpreter_options=client_python))
        client.read_until("input: ")
        server.read_until("has connected\n")
        return server, client

    def exchange(self, server, client, question, answer):
        client.type(question)
        self.assertEqual(server.read_until("server: ").split("\n")[0], f"client: {question}")
        server.type(answer)
        self.assertEqual(client.read_until("input: ").split("\n")[0], f"server: {answer}")

    def leave(self, server, client):
        client.type("exit")
        self.assertEqual(client.finish(), (0, ""))
        self.assertEqual(server.finish(), (0, "the client has disconnected\n"))
        self.assertEqual((client.errors(), server.errors()), ("", ""))

    def raw_client(self, kind):
        """A server of this kind, and our own connection to it."""
        server = self.enter(start_server(kind))
        sock = self.enter(socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.read_until("has connected\n")
        return server, sock

    def raw_server(self, kind):
        """A client of this kind, and our own end of its connection."""
        listener = self.enter(socket.create_server(("127.0.0.1", 0)))
        listener.settimeout(PATIENCE)
        client = self.enter(Program(kind, "client", "--port", str(listener.getsockname()[1])))
        sock = self.enter(listener.accept()[0])
        sock.settimeout(PATIENCE)
        client.read_until("input: ")
        return client, sock

"""The corrected Python pair: messages have borders, and no ending of a connection surprises it."""
import socket
import struct
import unittest

from chat_case import NEEDS_PROC_SYSCALL, ChatCase


class FixedPair(ChatCase):
    def test_an_empty_line_is_a_message(self):
        server, client = self.pair("fixed", "fixed")
        self.exchange(server, client, "", "")
        self.exchange(server, client, "hello", "")
        self.leave(server, client)

    def test_an_empty_line_reaches_the_plain_programs(self):
        server, client = self.pair("plain", "fixed")
        self.exchange(server, client, "", "hi")
        self.leave(server, client)
        server, client = self.pair("fixed", "plain")
        self.exchange(server, client, "hello", "")
        self.leave(server, client)

    def test_merged_messages_come_apart(self):
        server, sock = self.raw_client("fixed")
        sock.sendall(b"hello\nhi\n")
        for message in ("hello", "hi"):
            self.assertEqual(server.read_until("server: "), f"client: {message}\nserver: ")
            server.type("yes")
        self.assertEqual(sock.makefile().readline(), "yes\n")

    @NEEDS_PROC_SYSCALL
    def test_a_message_cut_anywhere_is_put_together(self):
        server, sock = self.raw_client("fixed")
        sock.sendall(b"first\n")
        server.read_until("client: first\nserver: ")
        server.type("go on")
        for byte in "你好🙂\n".encode():
            server.wait_until_inside("recvfrom")
            self.assertTrue(server.is_silent())
            sock.sendall(bytes([byte]))
        self.assertEqual(server.read_until("server: "), "client: 你好🙂\nserver: ")

    @NEEDS_PROC_SYSCALL
    def test_half_a_character_is_not_taken_for_a_whole_message(self):
        server, sock = self.raw_client("fixed")
        text = "hi 你".encode()
        sock.sendall(text[:-1])
        server.wait_until_inside("recvfrom")  # for the rest, however long that takes
        sock.sendall(text[-1:])
        self.assertEqual(server.read_until("server: "), "client: hi 你\nserver: ")

    def test_the_last_message_needs_no_newline(self):
        server, sock = self.raw_client("fixed")
        sock.sendall("bye ".encode() + "你".encode()[:2])
        sock.shutdown(socket.SHUT_WR)
        server.read_until("client: bye �\nserver: ")
        server.type("so long")
        self.assertEqual(server.finish(), (0, "the client has disconnected\n"))

    def test_what_is_no_text_is_shown_harmlessly(self):
        server, sock = self.raw_client("fixed")
        sock.sendall(b"\xff\x1b[2Jx\r\x00\xc2\x9b\n")
        self.assertEqual(server.read_until("server: "), "client: ��[2Jx���\nserver: ")

    def test_a_line_without_end_is_cut(self):
        server, sock = self.raw_client("fixed")
        sock.sendall(b"x" * 100_000)
        self.assertLess(len(server.read_until("server: ")), 70_000)

    def test_a_lost_connection_is_told(self):
        server, sock = self.raw_client("fixed")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()  # now a reset, not an end
        self.assertEqual(server.finish(), (1, ""))
        self.assertEqual(
            server.errors(), f"error: 127.0.0.1:{server.port}: Connection reset by peer\n")

    def test_a_server_that_leaves_is_noticed(self):
        client, sock = self.raw_server("fixed")
        client.type("hello")
        self.assertEqual(sock.recv(100), b"hello\n")
        sock.close()
        self.assertEqual(client.finish(), (0, "the server has disconnected\n"))

    def test_the_port_can_be_used_again_at_once(self):
        options = ()
        for _ in range(2):
            # The server closes first: its end of the connection goes to TIME_WAIT.
            server, client = self.pair("fixed", "fixed", *options)
            options = server.options
            client.type("hello")
            server.read_until("server: ")
            server.end_input()
            self.assertEqual(server.finish(), (0, "\n"))
            self.assertEqual(client.finish(), (0, "the server has disconnected\n"))


if __name__ == "__main__":
    unittest.main()

"""Wrong usage, ports in use and the end of input, in the two pairs that handle them."""
import socket
import unittest

from chat_case import ChatCase
from programs import Program


class Failures(ChatCase):
    def fails(self, kind, role, *options):
        program = self.enter(Program(kind, role, *options))
        program.end_input()
        status, _ = program.finish()
        return status, program.errors()

    def test_the_end_of_input_ends_the_client(self):
        for kind in ("fixed", "cpp"):
            with self.subTest(kind):
                server, client = self.pair(kind, kind)
                client.end_input()
                self.assertEqual(client.finish(), (0, "\n"))
                self.assertEqual(server.finish(), (0, "the client has disconnected\n"))

    def test_a_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = str(other.getsockname()[1])
            for kind in ("fixed", "cpp"):
                with self.subTest(kind):
                    status, errors = self.fails(kind, "server", "--port", port)
                    self.assertEqual(status, 1)
                    self.assertRegex(errors, rf"\Aerror: 127\.0\.0\.1:{port}: .* in use")

    def test_nobody_listens(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))  # so that nobody else can listen there
            port = str(silent.getsockname()[1])
            for kind in ("fixed", "cpp"):
                with self.subTest(kind):
                    status, errors = self.fails(kind, "client", "--port", port)
                    self.assertEqual(status, 1)
                    self.assertIn(f"error: 127.0.0.1:{port}: ", errors)
                    self.assertIn("start the server first", errors)

    def test_wrong_usage(self):
        common = (["--port", "99999"], ["--port", "-1"], ["--port", "x"], ["--port", ""],
                  ["--port"], ["--nonsense"], ["--nonsense=1"], ["hello"])
        cpp_only = (["--host", "localhost"], ["--family", "ipx"], ["--path", "/x"],
                    ["--family", "unix"], ["--family", "unix", "--path", ""],
                    ["--family", "unix", "--path", "x" * 108],
                    ["--family", "unix", "--path", "/x", "--port", "1"],
                    ["--family", "inet6", "--host", "127.0.0.1"])
        for kind, wrongs in (("fixed", common), ("cpp", common + cpp_only)):
            for role in ("server", "client"):
                for options in wrongs:
                    with self.subTest(kind=kind, role=role, options=options):
                        status, errors = self.fails(kind, role, *options)
                        self.assertEqual(status, 2)
                        self.assertIn("error: ", errors)


if __name__ == "__main__":
    unittest.main()

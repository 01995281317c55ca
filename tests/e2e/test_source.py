"""The text of the user's source in the trace, and the calls in it that reached no kernel."""
import sys
import textwrap
import unittest

from support import PYTHON, TestCase

PROGRAM = '''\
import socket
import sys

def never():
    late = socket.create_connection(("127.0.0.1", 9))
    late.sendall(b"x")

port = socket.htons(12345)
left, right = socket.socketpair()
with right:
    stream = left.makefile("w")
    stream.write("he")
    stream.write("llo\\n")
    stream.flush()
    print(right.recv(100).decode(), socket.ntohs(port))
    right.send(socket.inet_aton("127.0.0.1"))
    left.close()
    stream.close()
    if len(sys.argv) > 9:
        right.shutdown(socket.SHUT_WR)
    right.settimeout(None if left.fileno() < 0 else 1)
'''

IN_SOURCE, RAN_WITHIN, RAN_EARLIER = "in-source", "ran-within", "ran-earlier"


FETCH = """\
import http.client, http.server, threading

class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.flush()
        self.wfile.write(b"hi")
    def log_message(self, *what):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
threading.Thread(target=server.serve_forever).start()
client = http.client.HTTPConnection("127.0.0.1", server.server_port)
for turn in range(2):
    client.request("GET", "/")
    response = client.getresponse()
    response.read()
client.close()
server.shutdown()
server.server_close()
"""


class LibraryCalls(TestCase):
    """Calls of a library that make several kernel calls each."""

    def test_each_call_of_the_users_is_one_step(self):
        program = self.folder / "fetch.py"
        program.write_text(FETCH)
        self.trace("run", "--", PYTHON, program)
        steps = self.report(self.folder / "trace.jsonl")["steps"]
        told = [step["api"] for step in steps]
        self.assertEqual(told.count("HTTPServer"), 1, told)
        self.assertEqual(told.count("request"), 2, told)
        self.assertEqual(told.count("getresponse"), 2, told)


class Source(TestCase):
    def setUp(self):
        super().setUp()
        self.program = self.folder / "program.py"
        self.program.write_text(PROGRAM)
        self.path = self.folder / "trace.jsonl"

    def line(self, text):
        return next(n for n, line in enumerate(PROGRAM.splitlines(), 1) if text in line)

    def test_the_text_is_in_the_trace_once(self):
        trace = self.trace("run", "--", PYTHON, self.program)
        self.assertNotIn("source_withheld", trace.header)
        sources = trace.of("source")
        self.assertEqual([source["file"] for source in sources], [str(self.program)])
        self.assertEqual(sources[0]["text"], PROGRAM)
        self.assertEqual(sources[0]["size"], len(PROGRAM))

    def test_without_text_when_asked(self):
        trace = self.trace("run", "--no-source", "--", PYTHON, self.program)
        self.assertTrue(trace.header["source_withheld"])
        self.assertEqual(trace.of("source"), [])
        report = self.report(self.path)
        self.assertEqual(report["sources"], [])
        self.assertEqual(report["uncalled"], [])
        self.assertIn("source files was left out", self.report(self.path, "markdown"))

    def test_a_report_shows_the_lines_of_a_file_that_is_gone(self):
        self.trace("run", "--", PYTHON, self.program)
        self.program.unlink()
        markdown = self.report(self.path, "markdown")
        self.assertIn(f"▸ {self.line('right.recv'):>2}      print(right.recv(100).decode(), socket.ntohs(port))",
                      markdown)
        self.assertIn("    late.sendall(b\"x\")", markdown)

    def test_each_call_without_a_kernel_call(self):
        self.trace("run", "--", PYTHON, self.program)
        report = self.report(self.path)
        told = {(each["place"]["line"], each["place"]["text"], each["known"]) for each in report["uncalled"]}
        expected = {
            ('socket.create_connection(("127.0.0.1", 9))', IN_SOURCE),
            ('late.sendall(b"x")', IN_SOURCE),
            ("socket.htons(12345)", RAN_EARLIER),
            ('left.makefile("w")', RAN_EARLIER),
            ('stream.write("he")', RAN_EARLIER),
            ('stream.write("llo\\n")', RAN_EARLIER),
            ("socket.ntohs(port)", RAN_EARLIER),
            ("left.close()", RAN_EARLIER),
            ("right.shutdown(socket.SHUT_WR)", IN_SOURCE),
            ("left.fileno()", IN_SOURCE),
            ('socket.inet_aton("127.0.0.1")', RAN_WITHIN),
        }
        self.assertEqual(told, {(self.line(text), text, known) for text, known in expected})
        writes = [each for each in report["uncalled"] if each["api"] == "write"]
        self.assertIn("flush()", writes[0]["does"])
        terminal = self.report(self.path, "terminal")
        self.assertIn("In your source, no kernel call seen", terminal)
        self.assertIn("socket.htons(12345)", terminal)

    def test_a_file_that_the_program_changes_is_not_shown(self):
        self.program.write_text(textwrap.dedent('''\
            import socket
            with open(__file__, "a") as me:
                me.write("# more\\\\n")
            socket.socketpair()
        '''))
        trace = self.trace("run", "--", PYTHON, self.program)
        sources = trace.of("source")
        self.assertEqual(len(sources), 1)
        self.assertTrue(sources[0]["changed"])
        self.assertNotIn("text", sources[0])

    def test_code_without_a_file_has_no_source(self):
        trace = self.trace("run", "--", PYTHON, "-c", "import socket; socket.socketpair()")
        self.assertEqual(trace.of("source"), [])


if __name__ == "__main__":
    sys.exit(unittest.main())

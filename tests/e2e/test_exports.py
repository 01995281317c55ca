"""Exports of runs that happened here: what other programs' forms ask for, and every call and byte in them."""
import json
import shutil
import subprocess
import sys
import textwrap
import unittest

from support import PLAIN, PYTHON, ROOT, SOCKTALE, TestCase, free_port, run

sys.path.insert(0, str(ROOT / "tests/unit/reports"))
import check_exports  # noqa: E402 (where it lies is known only now)

# Serves one request, says its port first.
SERVER = textwrap.dedent("""
    import http.server
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    print(server.server_port, flush=True)
    server.handle_request()
    """)


class Exports(TestCase):
    def exported(self, *traces):
        """Each export of these traces, after its check."""
        out = {}
        for form, ending in (("perfetto", ".perfetto.json"), ("otlp", ".otlp.json"), ("csv", ".csv")):
            path = self.folder / f"export{ending}"
            result = run("report", *traces, "--to", form, "-o", path)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(check_exports.check(path), [])
            text = path.read_bytes().decode("utf-8")
            out[form] = text if form == "csv" else json.loads(text)
        return out

    def arrows(self, exported):
        return [event["cat"] for event in exported["perfetto"]["traceEvents"] if event["ph"] == "s"]

    def links(self, exported):
        return [link for span in check_exports.spans_of(exported["otlp"]) for link in span.get("links", [])]

    def test_chat(self):
        trace = self.trace("chat", "--port", free_port(), env=PLAIN)
        exported = self.exported(self.folder / "trace.jsonl")
        self.assertEqual(sorted(set(self.arrows(exported))), ["bytes", "connection", "wait"])
        # hello, hi, and the connection.
        self.assertEqual(len(self.links(exported)), 3)
        self.assertEqual(exported["csv"].count("\r\n"), len(trace.calls()) + 1)

    def test_withheld(self):
        self.trace("chat", "--no-payload", "--port", free_port())
        exported = self.exported(self.folder / "trace.jsonl")
        for form, text in exported.items():
            self.assertIn("5 bytes withheld", json.dumps(text), form)
            self.assertNotIn('"hello"', json.dumps(text).replace("\\", ""), form)

    @unittest.skipUnless(shutil.which("curl"), "not installed: curl")
    def test_curl_and_a_server_recorded_apart(self):
        server, client = self.folder / "server.jsonl", self.folder / "client.jsonl"
        command = [SOCKTALE, "run", "-q", "--role", "server", "-o", server, "--", PYTHON, "-c", SERVER]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=self.folder) as process:
            url = f"http://127.0.0.1:{process.stdout.readline().strip()}/"
            result = run("run", "-q", "--role", "client", "-o", client, "--", "curl", "-s", "--noproxy", "*", url)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(process.wait(timeout=60), 0)
        self.exported(client)
        exported = self.exported(server, client)
        self.assertIn("connection", self.arrows(exported))
        self.assertIn("bytes", self.arrows(exported))
        self.assertTrue(self.links(exported))


if __name__ == "__main__":
    unittest.main()

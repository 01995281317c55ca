"""Findings on real wrong programs, and none on the same done right, on the chats, on curl, redis and nginx."""
import os
import pathlib
import signal
import unittest

from servers import THREADS, needs, nginx_script, redis_script
from support import PYTHON, ROOT, TestCase, free_port, run

MISTAKES = ROOT / "tests/programs/python/mistakes.py"
NATIVE = pathlib.Path(os.environ["SOCKTALE_FIXTURES"]) / "native"


class Findings(TestCase):
    def findings_of(self, *command, **options):
        self.trace("run", "--", *command, **options)
        return self.told()

    def told(self):
        found = self.report(self.folder / "trace.jsonl")["findings"]
        (self.folder / "trace.jsonl").unlink()
        return found

    def rules_of(self, *command, **options):
        return [finding["rule"] for finding in self.findings_of(*command, **options)]


class Mistakes(Findings):
    def test_each_mistake_of_python_is_found_and_nothing_else(self):
        for name in ("never_closed", "end_taken_for_data", "send_after_close", "recv_per_send",
                     "cut_character", "short_send", "short_recv", "port_lingers", "port_taken",
                     "listen_before_bind", "refused_elsewhere", "refused_too_early",
                     "swapped_ports", "full_backlog", "blocking_in_loop"):
            with self.subTest(name=name):
                self.assertEqual(self.rules_of(PYTHON, MISTAKES, name), [name.replace("_", "-")])

    @unittest.skipUnless(pathlib.Path("/proc/net/if_inet6").exists(), "no IPv6")
    def test_the_two_loopbacks(self):
        for name in ("other_loopback", "only_inet6"):
            with self.subTest(name=name):
                self.assertEqual(self.rules_of(PYTHON, MISTAKES, name), [name.replace("_", "-")])

    def test_each_mistake_of_c_is_found(self):
        for name, status in (("wrong_length", 0), ("wrong_family", 0), ("cut_address", 0),
                             ("ored_options", 0), ("send_after_close", -signal.SIGPIPE)):
            with self.subTest(name=name):
                self.assertEqual(self.rules_of(NATIVE / "mistakes", name, expect=status),
                                 [name.replace("_", "-")])
        finding, = self.findings_of(NATIVE / "missing_htons")
        self.assertEqual(finding["rule"], "missing-htons")
        self.assertIn("14640", finding["meaning"])
        self.assertIn("12345", finding["mend"])

    def test_done_right_there_is_nothing_to_find(self):
        for name in ("closed_in_with", "end_noticed", "recv_per_line", "collected_characters",
                     "rest_sent", "port_reused", "every_address_tried"):
            with self.subTest(name=name):
                self.assertEqual(self.rules_of(PYTHON, MISTAKES, name), [])
        for name in ("right_length", "whole_address", "one_option_each"):
            with self.subTest(name=name):
                self.assertEqual(self.rules_of(NATIVE / "mistakes", name), [])


class Check(Findings):
    def test_the_exit_status_tells(self):
        for name, status, says in (("never_closed", 1, "never closes"), ("closed_in_with", 0, "No rule")):
            with self.subTest(name=name):
                self.trace("run", "--", PYTHON, MISTAKES, name)
                path = self.folder / "trace.jsonl"
                result = run("check", "--findings", path)
                self.assertEqual(result.returncode, status, result.stderr)
                self.assertIn(says, result.stdout)
                quiet = run("check", "--findings", "-q", path)
                self.assertEqual((quiet.returncode, quiet.stdout), (status, ""))
                path.unlink()


class Chats(Findings):
    def chat(self, *arguments, expect=0):
        self.trace("chat", "--port", free_port(), *arguments, expect=expect)
        return self.told()

    def test_the_first_client_never_closes(self):
        finding, = self.chat()
        self.assertEqual((finding["rule"], finding["side"]), ("never-closed", "client"))

    def test_the_corrected_chats_have_none(self):
        for language in ("python-fixed", "c", "cpp"):
            with self.subTest(language=language):
                self.assertEqual(self.chat("--server", language, "--client", language), [])

    def test_the_empty_line(self):
        said = self.folder / "said"
        said.write_text("client: \n")
        run("chat", "-q", "--port", free_port(), "--say", said, "--patience", "1", "-o",
            self.folder / "trace.jsonl")
        self.assertIn("empty-message", [finding["rule"] for finding in self.told()])


class OtherPrograms(Findings):
    def test_curl_and_the_web_server_of_python(self):
        port = free_port()
        script = (f"{PYTHON} -m http.server -b 127.0.0.1 {port} >&2 & server=$!;"
                  f" curl -s --retry 20 --retry-connrefused --retry-delay 1 -o {os.devnull}"
                  f" http://127.0.0.1:{port}/ && kill $server; wait $server; true")
        self.assertEqual(self.rules_of("sh", "-c", script, cwd=self.folder), [])

    def test_socketserver_with_twenty_clients(self):
        program = self.folder / "threads.py"
        for queue in (64, 5):
            with self.subTest(queue=queue):
                program.write_text(THREADS.format(queue=queue))
                self.trace("run", "--", PYTHON, program)
                report = self.report(self.folder / "trace.jsonl")
                full = any(socket["state"] == "LISTEN" and socket["recv_queue"] > socket["send_queue"]
                           for sample in report["samples"] for socket in sample["sockets"])
                rules = {finding["rule"] for finding in report["findings"]}
                self.assertLessEqual(rules, {"full-backlog"} if full else set())

    @needs("redis-server", "redis-benchmark", "redis-cli")
    def test_redis(self):
        self.assertEqual(self.findings_of("sh", "-c", redis_script(free_port())), [])

    @needs("nginx", "curl")
    def test_curl_on_nginx(self):
        self.assertEqual(self.findings_of("sh", "-c", nginx_script(self.folder, free_port())), [])


if __name__ == "__main__":
    unittest.main()

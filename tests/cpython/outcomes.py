#!/usr/bin/python3
"""CPython's own tests, untraced and under socktale: each test case must have the same outcome. Names the
modules to run; --way chooses how socktale traces. Needs Debian's libpython3.11-testsuite."""
import argparse
import concurrent.futures
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

PYTHON = "/usr/bin/python3"
ALL = ("test_socket", "test_selectors", "test_socketserver", "test_ftplib", "test_httplib", "test_asyncio",
       "test_subprocess", "test_threading", "test_signal")
WAYS = {"filter": ["-q"], "no-seccomp": ["-q", "--no-seccomp"], "trace": ["-q", "-o", "/dev/null"]}
# What leaves the machine is left out (VSOCK's tests talk to the hypervisor of a virtual one, and may wait for it
# for ever), and what needs a screen or gigabytes. test_socketserver asks for the network as a whole and stays
# on loopback.
RESOURCES = "all,-urlfetch,-largefile,-gui,-audio"
LOOPBACK = {"test_socketserver"}
PATIENCE = 900
SKIPPED = 77


def outcomes(module, tracer, only=()):
    """What became of each test case of the module."""
    resources = RESOURCES if module in LOOPBACK else RESOURCES + ",-network"
    with tempfile.TemporaryDirectory(prefix="socktale-cpython-") as folder:
        results = pathlib.Path(folder) / "results.xml"
        command = [*tracer, PYTHON, "-m", "test", "-u", resources, "--junit-xml", results, "--tempdir", folder, "-i", "*VSOCK*",
                   *(each for name in only for each in ("-m", name)), module]
        environment = {**os.environ, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
                       "HOME": os.environ.get("HOME", "/"), "SHELL": "/bin/sh"}
        with open(pathlib.Path(folder) / "said", "w+", encoding="utf-8", errors="replace") as said:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said,
                                       stderr=said, start_new_session=True)
            try:
                ended = f"exit status {process.wait(PATIENCE)}"
            except subprocess.TimeoutExpired:
                ended = f"not finished after {PATIENCE} s"
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            said.seek(0)
            text = said.read()
        found = {"(all of it)": ended}
        if results.exists():
            for case in xml.etree.ElementTree.parse(results).iter("testcase"):
                kinds = {child.tag for child in case}
                found[case.get("name")] = ("failed" if kinds & {"failure", "error"} else
                                           "skipped" if "skipped" in kinds else "passed")
    return found, text


def differing(plain, traced):
    return sorted(name for name in plain | traced if plain.get(name, "not run") != traced.get(name, "not run"))


def judge(module, tracer, plain, traced, said):
    """True: nothing differs but what also differs from one untraced run to the next."""
    suspects = differing(plain, traced)
    again = [outcomes(module, [])[0] for _ in range(2)] if suspects else []
    bad = [name for name in suspects
           if all(other.get(name, "not run") == plain.get(name, "not run") for other in again)]
    counts = {kind: sum(value == kind for value in traced.values()) for kind in ("passed", "failed", "skipped")}
    print(f"{module}: {counts}, {len(bad)} differ", flush=True)
    for name in suspects:
        kind = "DIFFERS" if name in bad else "differs untraced, too"
        print(f"  {kind}: {name}: untraced {plain.get(name, 'not run')}, traced {traced.get(name, 'not run')}")
    if bad:
        print(said)
    if counts["passed"] == 0:
        print("  no test passed: " + said)
    return not bad and counts["passed"] > 0


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("modules", nargs="*", default=ALL)
    options.add_argument("--way", choices=WAYS, default="trace")
    options.add_argument("--jobs", type=int, default=1, help="runs side by side")
    chosen = options.parse_args()
    if subprocess.run([PYTHON, "-c", "import test.test_socket"], capture_output=True, check=False).returncode != 0:
        print("skipped: libpython3.11-testsuite is not installed")
        return SKIPPED
    tracer = [str(pathlib.Path(os.environ["SOCKTALE"]).resolve()), "run", *WAYS[chosen.way], "--"]
    with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
        runs = {(module, traced): pool.submit(outcomes, module, tracer if traced else [])
                for module in chosen.modules for traced in (False, True)}
        good = [judge(module, tracer, runs[module, False].result()[0], *runs[module, True].result())
                for module in chosen.modules]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Servers of other people with a client each, as one shell command that runs until both have ended. They
are those on PATH, or what scripts/test unpacked into build/tools. Shared by the tests beside it."""
import os
import shutil
import unittest

from support import ROOT  # which says where the one below is
import nginx

# socketserver with a thread for each of twenty clients.
THREADS = """
import socket, socketserver, threading
class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(5):
            self.request.sendall(data.upper())
socketserver.ThreadingTCPServer.request_queue_size = {queue}
with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
    server.daemon_threads = False
    threading.Thread(target=server.serve_forever).start()
    def talk(number):
        with socket.create_connection(server.server_address) as sock:
            for part in range(3):
                text = f"client {{number}} says {{part}}".encode()
                sock.sendall(text)
                got = b""
                while len(got) < len(text):
                    got += sock.recv(100)
    clients = [threading.Thread(target=talk, args=(number,)) for number in range(20)]
    for client in clients: client.start()
    for client in clients: client.join()
    server.shutdown()
"""
PAGE = "a page\n" * 20000

os.environ["PATH"] += os.pathsep + str(ROOT / "build/tools/bin")


def needs(*programs):
    """Skips, by name, where a program is not installed."""
    missing = [program for program in programs if not shutil.which(program)]
    return unittest.skipIf(missing, f"not installed: {', '.join(missing)}; scripts/test brings them")


def redis_script(port, clients=50, requests=500):
    """redis-benchmark on redis-server."""
    return (f"redis-server --port {port} --save '' --appendonly no --bind 127.0.0.1 & "
            f"until redis-cli -p {port} ping; do :; done; "
            f"redis-benchmark -p {port} -c {clients} -n {requests} -t set,get -q; "
            f"redis-cli -p {port} shutdown nosave; wait")


def nginx_script(folder, port):
    """curl takes PAGE twice from nginx with two workers; it is in `folder`/got then."""
    command = " ".join(nginx.server(folder, port))
    (folder / "page.html").write_text(PAGE)
    url = f"http://127.0.0.1:{port}/page.html"
    return (f"{command} & "
            f"curl -s --noproxy '*' --retry 50 --retry-connrefused --retry-delay 0 -o {folder}/got {url} {url}; "
            "kill -QUIT $!; wait")

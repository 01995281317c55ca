# Calls that the standard library makes for the program. See calls.py for the comments.
import http.server
import socket
import socketserver
import threading
import urllib.request


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(self.request.recv(100))  #: recvfrom call self.request.recv(100) #: sendto call self.request.sendall(self.request.recv(100))


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()  #: sendto call self.end_headers()
        self.wfile.write(b"hi")  #: sendto call self.wfile.write(b"hi")

    def log_message(self, *args):
        pass


def echo():
    server = socketserver.TCPServer(("127.0.0.1", 0), Echo)  #: * call socketserver.TCPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    sock = socket.create_connection(server.server_address, timeout=5)  #: * call socket.create_connection(server.server_address, timeout=5)
    sock.sendall(b"hello")  #: sendto call sock.sendall(b"hello")
    with sock.makefile("rb") as stream:
        for line in stream:  #: recvfrom call stream
            print(line)
    sock.close()  #: close call sock.close()
    server.shutdown()
    thread.join()
    server.server_close()  #: close call server.server_close()


def page():
    server = http.server.HTTPServer(("127.0.0.1", 0), Page)  #: * call http.server.HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    url = "http://127.0.0.1:%d/" % server.server_port
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    body = opener.open(url).read()  #: * call opener.open(url) #: * call opener.open(url).read()
    print(body)
    thread.join()
    server.server_close()  #: close call server.server_close()


echo()
page()
#! accept4 library socket.py

import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12345

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("127.0.0.1", port))
sock.send(b"hello")
sock.send(b"hi")
print("received", sock.recv(3))
print("received", sock.recv(1024))
sock.close()

import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12345

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("127.0.0.1", port))
sock.send(b"hello")
print("server:", sock.recv(1024).decode())
sock.close()

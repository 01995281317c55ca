import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12345

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("127.0.0.1", port))
while True:
    line = input("your line: ")
    if line == "exit":
        break
    sent = sock.send(line.encode())
    print("send has returned", sent)
    data = sock.recv(1024)
    print("server says", data.decode())
sock.close()

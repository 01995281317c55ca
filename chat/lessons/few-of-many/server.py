import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12345

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", port))
listener.listen(10)
connection, address = listener.accept()
print("client:", connection.recv(1024).decode())
connection.send(b"hi")
connection.recv(1024)  # until the client has closed
connection.close()
listener.close()

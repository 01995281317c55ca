import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12345

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", port))
listener.listen(10)
input("Listening. Press Enter to call accept: ")
connection, address = listener.accept()
print("accepted a client from port", address[1])
print("received", connection.recv(1024))
connection.recv(1024)  # until the client has closed
connection.close()
listener.close()

import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12345

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", port))
listener.listen(10)
connection, address = listener.accept()

connection.setblocking(False)
try:
    connection.recv(1024)
except BlockingIOError as error:
    print("no data yet:", error)

connection.setblocking(True)
print("received", connection.recv(1024))
input("Press Enter when the client has closed: ")
print("received", connection.recv(1024))
print("received", connection.recv(1024))
connection.close()
listener.close()

import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12345

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
if "reuse" in sys.argv:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", port))
listener.listen(10)
connection, address = listener.accept()
if "client-first" in sys.argv:
    connection.recv(1024)  # until the client has closed
    input("The client has closed. Press Enter to close: ")
connection.close()
listener.close()
print("served one client on port", port)

import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12345
backlog = int(sys.argv[2]) if len(sys.argv) > 2 else 1

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", port))
listener.listen(backlog)
input("Listening, and never accepting. Press Enter to end: ")
listener.close()

import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12345

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", port))
listener.listen(10)
connection, address = listener.accept()
while True:
    data = connection.recv(1024)
    if not data:
        break
    print("client says", data.decode())
    answer = input("your answer: ")
    connection.send(answer.encode())
connection.close()
listener.close()

import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12345

socks = []
for number in range(1, 6):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    socks.append(sock)
    sock.settimeout(1)
    try:
        sock.connect(("127.0.0.1", port))
        print("connect", number, "has returned")
    except TimeoutError:
        print("connect", number, "timed out")
        break
input("Press Enter to close them all: ")
for sock in socks:
    sock.close()

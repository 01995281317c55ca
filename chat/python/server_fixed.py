#!/usr/bin/env python3
"""A hello/hi chat over TCP: the server, corrected.

What server.py leaves out: messages have an end (conversation.py), sockets are
closed on every way out, the port can be used again at once, and a failure is
told in a line.
"""
import socket

from conversation import Conversation, ask, run, show


def serve(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as serv_sock:
        # Closed connections of an earlier run (TIME_WAIT) must not keep the port from us.
        serv_sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        serv_sock.bind((host, port))
        serv_sock.listen(10)
        print("waiting for the client", flush=True)
        clnt_sock, addr = serv_sock.accept()
        with clnt_sock:
            print(f"the client {addr[0]}:{addr[1]} has connected", flush=True)
            answer_messages(Conversation(clnt_sock))


def answer_messages(conversation):
    while True:
        message = conversation.hear()
        if message is None:
            print("the client has disconnected")
            return
        show("client", message)
        answer = ask("server: ")
        if answer is None:
            return
        conversation.say(answer)


if __name__ == "__main__":
    run(serve, "hello/hi chat: the server, corrected")

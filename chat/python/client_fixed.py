#!/usr/bin/env python3
"""A hello/hi chat over TCP: the client, corrected.

What client.py leaves out: messages have an end (conversation.py), the socket is
closed on every way out, a server that goes away is noticed, and a failure is
told in a line.
"""
import socket

from conversation import Conversation, ask, run, show


def chat(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.connect((host, port))
        send_messages(Conversation(sock))


def send_messages(conversation):
    while True:
        message = ask("input: ")
        if message is None or message == "exit":
            return
        conversation.say(message)
        answer = conversation.hear()
        if answer is None:
            print("the server has disconnected")
            return
        show("server", answer)


if __name__ == "__main__":
    run(chat, "hello/hi chat: the client, corrected")

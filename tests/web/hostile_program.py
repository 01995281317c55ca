"""Talks to itself over TCP and sends what a page, a table, a terminal or JSON could stumble over."""
import socket

NASTY = ('</script><img src=x onerror="window.hacked=1">|`a`|\x1b[31mred\x1b]0;title\x07\x9b2J'
         "\u202eeht si siht\u2066\x00<b>\r\n# heading\n").encode() + b"\xff\xfe\xc3(\x80"

with socket.create_server(("127.0.0.1", 0)) as listener:
    with socket.create_connection(listener.getsockname()) as near:
        far, _ = listener.accept()
        with far:
            near.sendall(NASTY)
            far.recv(len(NASTY), socket.MSG_WAITALL)

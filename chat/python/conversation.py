"""What server_fixed.py and client_fixed.py share: messages over a stream of
bytes, questions to the user, and failures told in one line. It opens no socket
and closes none.

A message is one line: UTF-8 text and a newline. A stream keeps no other border,
so the newline alone says where a message ends, however the bytes were cut up or
joined on the way; and an empty message is one byte, which does arrive.
"""
import argparse
import codecs
import errno
import select
import sys

# A peer that never ends its line may not fill our memory: so many characters are a message too.
LONGEST_MESSAGE = 64 * 1024

# server.py and client.py send no newline. From a peer that has never sent one, text that stays
# alone for this many seconds is taken as a whole message; after its first newline, never again.
PATIENCE = 0.5

EXPLANATIONS = {
    errno.EADDRINUSE: "the port is in use already; end that program or choose another --port",
    errno.ECONNREFUSED: "nobody listens there; start the server first",
}


class Conversation:
    """Whole messages over a connected stream socket, which stays the caller's to close."""

    def __init__(self, sock):
        self._sock = sock
        # Keeps the first bytes of a character until the rest of it has come.
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._text = ""  # received, not yet handed out
        self._peer_ends_lines = False

    def say(self, message):
        self._sock.sendall(message.encode("utf-8", errors="replace") + b"\n")

    def hear(self):
        """Return the next message without its newline, or None when the peer has closed."""
        while "\n" not in self._text and len(self._text) < LONGEST_MESSAGE:
            if self._seems_whole():
                break
            data = self._sock.recv(1024)
            self._text += self._decoder.decode(data, final=not data)
            if not data:
                if not self._text:
                    return None
                break
        message, newline, self._text = self._text.partition("\n")
        self._peer_ends_lines |= bool(newline)
        return message

    def _seems_whole(self):
        if self._peer_ends_lines or not self._text:
            return False
        half_a_character, _ = self._decoder.getstate()
        return not half_a_character and not select.select([self._sock], [], [], PATIENCE)[0]


def ask(prompt):
    """Return the line the user typed, or None at the end of the input (Ctrl-D)."""
    try:
        return input(prompt)
    except EOFError:
        print()
        return None


def show(who, message):
    """Print a message; what would steer the terminal is shown as a replacement character."""
    safe = (c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in message)
    print(f"{who}: {''.join(safe)}", flush=True)


def run(program, description):
    """Call program(host, port) with the command line's address; tell a failure in one line."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--host", default="127.0.0.1", help="the server's address (%(default)s)")
    parser.add_argument("--port", default=12345, type=_port, help="the server's port (%(default)s)")
    options = parser.parse_args()
    # A message may hold characters that this terminal's encoding has not.
    sys.stdout.reconfigure(errors="replace")
    try:
        program(options.host, options.port)
    except KeyboardInterrupt:
        print()
        sys.exit(130)
    except (OSError, UnicodeError) as failure:  # UnicodeError: a host that can be no name
        reason = getattr(failure, "strerror", None) or failure
        reason = EXPLANATIONS.get(getattr(failure, "errno", None), reason)
        sys.exit(f"error: {options.host}:{options.port}: {reason}")


def _port(text):
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port (0 to 65535)")

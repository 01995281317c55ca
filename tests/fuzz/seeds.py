#!/usr/bin/env python3
"""Writes the seeds in corpus/: one of each kind of thing that the readers know, small."""
import os
import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
COUNT = bytes(range(1, 129))


def put(target, name, data):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def cmsg(level, kind, data, word="<Q"):
    head = struct.pack(word, struct.calcsize(word) + 8 + len(data)) + struct.pack("<ii", level, kind)
    size = struct.calcsize(word)
    return head + data + bytes(-len(data) % size)


def nlmsg(kind, flags, body):
    return struct.pack("<IHHII", 16 + len(body), kind, flags, 5, 7) + body + bytes(-len(body) % 4)


def nla(kind, body):
    return struct.pack("<HH", 4 + len(body), kind) + body + bytes(-len(body) % 4)


def addresses():
    inet = struct.pack("<H", 2) + bytes([0x30, 0x39, 127, 0, 0, 1]) + bytes(8)
    inet6 = struct.pack("<H", 10) + bytes([0, 80]) + bytes(4) + bytes(15) + b"\1" + struct.pack("<I", 1)
    put("address", "inet", inet)
    put("address", "inet6", inet6)
    put("address", "unix", struct.pack("<H", 1) + b"/tmp/chat\0rest")
    put("address", "abstract", struct.pack("<H", 1) + b"\0na\xffme")
    for family in (0, 3, 4, 5, 9, 16, 17, 23, 24, 26, 29, 30, 31, 38, 39, 40, 44, 45, 99):
        put("address", f"family-{family}", struct.pack("<H", family) + COUNT[:60])
    return inet


def options():
    for level, number, size in ((1, 2, 4), (1, 13, 8), (1, 17, 12), (1, 20, 16), (1, 25, 16), (1, 26, 16), (1, 31, 20),
                                (6, 11, 104), (6, 13, 16), (0, 35, 8), (0, 16, 40), (41, 20, 20), (263, 8, 16),
                                (270, 1, 4), (282, 1, 40), (40, 0, 8), (9999, 1, 5)):
        put("option", f"{level}-{number}", struct.pack("<hh", level, number) + COUNT[:size])


def controls(inet):
    kinds = ((1, 1, 8), (1, 2, 12), (1, 3, 9), (1, 29, 16), (1, 35, 16), (1, 37, 48), (1, 54, 12), (1, 58, 16),
             (1, 61, 8), (1, 63, 16), (1, 64, 16), (1, 65, 48), (0, 1, 1), (0, 2, 4), (0, 8, 12), (0, 6, 5), (0, 23, 4),
             (41, 50, 20), (41, 52, 4), (41, 67, 4), (17, 104, 4), (263, 8, 20), (282, 2, 1), (77, 7, 7))
    for level, kind, size in kinds:
        put("control", f"{level}-{kind}", b"\0" + cmsg(level, kind, COUNT[:size]))
    error = struct.pack("<IBBBBII", 111, 2, 3, 3, 0, 0, 0)
    put("control", "error", b"\0" + cmsg(0, 11, error + inet))
    put("control", "error6", b"\0" + cmsg(41, 25, error + struct.pack("<H", 10) + COUNT[:26]))
    put("control", "several", b"\0" + cmsg(1, 1, COUNT[:4]) + cmsg(0, 20, inet) + cmsg(1, 2, COUNT[:12]))
    put("control", "narrow", b"\0" + cmsg(1, 1, COUNT[:4], "<I") + cmsg(1, 29, COUNT[:8], "<I"))
    put("control", "lying", b"\x20" + struct.pack("<Qii", 2**63, 1, 1) + COUNT[:20])


def netlinks():
    link = struct.pack("<BBHiII", 0, 0, 772, 1, 0x11043, 0)
    address = struct.pack("<BBBBI", 2, 8, 0x80, 254, 1)
    route = struct.pack("<BBBBBBBBI", 2, 8, 0, 0, 254, 2, 0, 1, 0x1100)
    cache = struct.pack("<IIII", 1, 2, 3, 4)
    attributes = (nla(1, bytes([127, 0, 0, 1])) + nla(3, b"lo\0") + nla(8, struct.pack("<I", 128)) + nla(6, cache) +
                  nla(0x8063, nla(1, b"abc")))
    asked = nlmsg(18, 0x301, b"\x11\0\0\0")
    put("netlink", "ask", b"\0" + asked)
    put("netlink", "link", b"\0" + nlmsg(16, 2, link + nla(3, b"lo\0") + nla(4, struct.pack("<I", 65536))))
    put("netlink", "address", b"\0" + nlmsg(20, 2, address + attributes) + nlmsg(20, 2, address))
    put("netlink", "route", b"\0" + nlmsg(24, 0x600, route + nla(1, bytes(4)) + nla(15, struct.pack("<I", 254))))
    put("netlink", "rule", b"\0" + nlmsg(32, 0, COUNT[:12]))
    put("netlink", "done", b"\0" + nlmsg(3, 2, bytes(4)) + b"rest")
    put("netlink", "error", b"\0" + nlmsg(2, 0, struct.pack("<i", -1) + asked))
    put("netlink", "nested-error", b"\0" + nlmsg(2, 0, struct.pack("<i", -22) + nlmsg(2, 0, bytes(4) + asked)))
    put("netlink", "tlvs", b"\0" + nlmsg(2, 0x300, struct.pack("<i", -22) + asked[:16] + nla(1, b"no\0")))
    put("netlink", "diag", b"\4" + nlmsg(20, 0x301, COUNT[:56]))
    put("netlink", "audit", b"\x09" + nlmsg(1000, 5, COUNT[:40]))
    put("netlink", "uevent", b"\x0f" + b"add@/devices\0ACTION=add\0")
    put("netlink", "generic", b"\x10" + nlmsg(16, 5, COUNT[:20]))


def calls():
    """The number of the row, how, the result, six arguments, and memory from 0x1000 on."""
    def one(name, row, how, result, args, memory):
        args = list(args) + [0] * (6 - len(args))
        put("call", name, struct.pack("<BBb6H", row, how, result, *args) + memory)

    words = struct.pack("<14Q", 0x1080, 16, 0x1040, 2, 0x1060, 40, 0, 0, 0x1090, 8, 0x1094, 8, 0, 0)
    memory = words + cmsg(1, 1, COUNT[:8]) + COUNT
    for row in range(48):
        one(f"row-{row:02}", row, row % 4, 3, (3, 0x1000, 2, 0x1040, 0x1080, 0x1084), memory)


def traces():
    lines = (HERE.parent / "traces" / "python-chat.jsonl").read_text().splitlines()
    seen = {}
    for line in lines:
        kind = line.split('"type":"')[1].split('"')[0] if '"type":"' in line else "header"
        if kind == "call":
            kind += "-" + line.split('"name":"')[1].split('"')[0]
        if kind not in seen and len(line) < 3000:
            seen[kind] = line
    for kind, line in seen.items():
        put("trace", kind, line.encode() + b"\n")


def main():
    inet = addresses()
    options()
    controls(inet)
    netlinks()
    calls()
    traces()


if __name__ == "__main__":
    os.umask(0o022)
    main()

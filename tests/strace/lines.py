"""Lines of strace and of socktale --to strace, made comparable: what differs from run to run is
renamed, and lines that were broken off are joined. Runs nothing."""
import dataclasses
import difflib
import re

QUOTED = r'"(?:[^"\\]|\\.)*"'
# "3<TCP:[...]>": what -yy writes behind a descriptor. Names of files may hold anything.
DECORATED = re.compile(QUOTED + r'|(?<=[0-9])<(?:->|<[^<>]*>|[^<>"]|' + QUOTED + r')*>')
SOCKET = re.compile(r"<(?:TCP|TCPv6|UDP|UDPv6|UDPLITE|UNIX|UNIX-[A-Z]+|NETLINK|PACKET|RAW|RAWv6|PING|"
                    r"PINGv6|MPTCP|[A-Z0-9-]+|socket):\[")
UNFINISHED = " <unfinished ...>"
RESUMED = re.compile(r"<\.\.\. (\w+) resumed>")


@dataclasses.dataclass
class Line:
    text: str           # whole, as if nothing had come between
    head: str = ""      # what stood before it was broken off
    resumed: str = ""   # and what came after

    @property
    def name(self):
        return self.text.split("(", 1)[0]

    def plain(self):
        """Without the blanks that put results below each other."""
        return re.sub(r"\) +=", ") =", self.text)


def eldest_first(pids):
    """As they were given: after the greatest pid the kernel begins anew, behind the widest gap."""
    pids = sorted(pids)
    gaps = [after - before for before, after in zip(pids, pids[1:])]
    widest = max(gaps, default=0)
    start = gaps.index(widest) + 1 if widest > 1 << 14 else 0  # half of the least pid_max
    return pids[start:] + pids[:start]


def tasks_of(output):
    """{pid: [Line]}, the eldest first."""
    tasks = {}
    for raw in output.splitlines():
        found = re.match(r"(\d+) +(.*)", raw)
        if not found:
            raise ValueError(f"a line without a pid: {raw!r}")
        text = found[2]
        lines = tasks.setdefault(int(found[1]), [])
        resumed = RESUMED.match(text)
        if resumed and lines and lines[-1].head:
            lines[-1].resumed = text
            lines[-1].text = lines[-1].head + text[resumed.end():]
        elif text.endswith(UNFINISHED):
            head = text.removesuffix(UNFINISHED)
            lines.append(Line(text, head))
        else:
            lines.append(Line(text))
    return {pid: tasks[pid] for pid in eldest_first(tasks)}


class Renamer:
    """The same name for what plays the same part in two runs: by the order of its first appearance."""

    def __init__(self, pids):
        self.pids = {str(pid): f"PID{index}" for index, pid in enumerate(pids)}
        self.seen = {}

    def name(self, kind, value):
        of_kind = self.seen.setdefault(kind, {})
        return of_kind.setdefault(value, f"{kind}{len(of_kind)}")

    def rename(self, text):
        if re.match(r"(---|\+\+\+) ", text):
            text = re.sub(r"(si_utime|si_stime)=\d+(?: /\* \S+ s \*/)?", r"\1=T", text)
        text = re.sub(r"((?:\b|_)pid(?:=| ))(\d+)",
                      lambda m: m[1] + self.pids.get(m[2], m[2]), text)
        text = re.sub(r"\bhtons\((\d+)\)", lambda m: f"htons({self.port(m[1])})", text)
        text = re.sub(r"(?<=[0-9\]]):(\d+)(?=->|\])", lambda m: ":" + self.port(m[1]), text)
        text = re.sub(r"(?<=ROUTE:)\d+", lambda m: self.pids.get(m[0], m[0]), text)
        text = re.sub(r"(?<=nlmsg_seq=)\d{6,}", lambda m: self.name("TIME", m[0]), text)  # as most begin with
        text = re.sub(r"\b0x[0-9a-f]{7,}\b", "0xADDRESS", text)
        text = re.sub(r'@"[0-9a-f]{5}"', '@"AUTOBOUND"', text)
        text = re.sub(r"\b([rt]x_(?:packets|bytes)=)[1-9]\d*", r"\1COUNT", text)
        text = re.sub(r"(left \{)[^}]*\}", r"\1TIME}", text)
        return re.sub(r"(:\[)(\d+)(?:(->)(\d+))?(?=[\],])", self.inodes, text)

    def port(self, number):
        return number if int(number) < 1024 else self.name("PORT", number)

    def inodes(self, found):
        other = f"->{self.name('INODE', found[4])}" if found[4] else ""
        return found[1] + self.name("INODE", found[2]) + other


def comparable(output, wanted=lambda line: True):
    """The tasks' lines in the order of pids, renamed; `wanted` chooses among the lines as printed."""
    tasks = tasks_of(output)
    renamer = Renamer(tasks)
    result = []
    for lines in tasks.values():
        kept = [line for line in lines if wanted(line)]
        for line in kept:
            line.text = renamer.rename(line.text)
            line.head = renamer.rename(line.head)
        result.append(kept)
    return result


def undecorated(output, which=lambda decoration: True):
    """Without what -yy writes behind descriptors."""
    return DECORATED.sub(
        lambda m: "" if not m[0].startswith('"') and which(m[0]) else m[0], output)


def is_socket(decoration):
    return SOCKET.match(decoration) is not None


class SocketLines:
    """Chooses, of strace -yy's lines of every call that socktale knows, those that are about sockets."""

    ALWAYS = frozenset("socket socketpair bind listen accept accept4 connect getsockname getpeername "
                       "getsockopt setsockopt sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg "
                       "shutdown".split())

    def __init__(self):
        self.epolls = set()

    @staticmethod
    def tells(line):
        """close_range: strace does not say what was in the range."""
        return line.name != "close_range"

    def __call__(self, line):
        if not self.tells(line):
            return False
        if line.text[:3] in ("---", "+++") or line.name in self.ALWAYS:
            return True
        about = any(is_socket(m[0]) for m in DECORATED.finditer(line.text))
        if line.name.startswith("epoll_"):
            epoll = re.match(r"\w+\((\d+)", line.text)
            if epoll and about:
                self.epolls.add(epoll[1])
            return about or bool(epoll and epoll[1] in self.epolls)
        return about


@dataclasses.dataclass
class Score:
    total: int = 0
    matched: int = 0
    differences: list = dataclasses.field(default_factory=list)

    def __str__(self):
        share = 100 * self.matched / self.total if self.total else 0
        return f"{self.matched}/{self.total} lines ({share:.2f} %)"


def same(expected, actual):
    """Whether two lines are the same, where they were broken off included."""
    if expected.head and actual.head and expected.head != actual.head:
        return False
    if expected.head or actual.head:
        return expected.plain() == actual.plain()
    return expected.text == actual.text


def compare(expected, actual):
    """The score of `actual` against strace's lines, task by task."""
    score = Score()
    for index in range(max(len(expected), len(actual))):
        ours = actual[index] if index < len(actual) else []
        theirs = expected[index] if index < len(expected) else []
        matcher = difflib.SequenceMatcher(None, [line.plain() for line in theirs],
                                          [line.plain() for line in ours], autojunk=False)
        for tag, a, a_end, b, b_end in matcher.get_opcodes():
            score.total += max(a_end - a, b_end - b)
            if tag != "equal":
                score.differences.append((theirs[a:a_end], ours[b:b_end]))
                continue
            for one, other in zip(theirs[a:a_end], ours[b:b_end]):
                if same(one, other):
                    score.matched += 1
                else:
                    score.differences.append(([one], [other]))
    return score


def told(score):
    """The differences for people: strace's lines with -, socktale's with +."""
    text = []
    for theirs, ours in score.differences:
        text += [f"- {line.text}" + (f"   [broken off: {line.head}]" if line.head else "")
                 for line in theirs]
        text += [f"+ {line.text}" + (f"   [broken off: {line.head}]" if line.head else "")
                 for line in ours]
        text.append("")
    return "\n".join(text)

#!/usr/bin/python3
"""Checks trace files against reports/schema/trace.schema.json, line by line.

    validate.py [--strict] TRACE...     these files
    validate.py --folder FOLDER         every .jsonl file in it; hostile*.jsonl must not fit

--strict also damages the lines, one way at a time, and expects the schema to refuse each result; it
is meant for a trace that holds every kind of event, and fails when one is missing.
Exit status: 0 all fits, 1 something does not.
"""

import argparse
import copy
import json
import pathlib
import sys

import jsonschema

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "reports/schema/trace.schema.json"

# Objects whose member names are data: a new name is no mistake there.
KEYED_BY_DATA = {"args", "struct", "about"}


def kind_of(line):
    """The definition that a line must fit."""
    if not isinstance(line, dict):
        return None
    return "header" if "socktale" in line else line.get("type")


class Judge:
    """The schema, with one validator a kind of line: its complaints name the member."""

    def __init__(self):
        self.schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(self.schema)
        self.whole = jsonschema.Draft202012Validator(self.schema)
        self.kinds = {}
        for choice in self.schema["oneOf"]:
            kind = choice["$ref"].removeprefix("#/$defs/")
            narrow = {"$ref": choice["$ref"], "$defs": self.schema["$defs"]}
            self.kinds[kind] = jsonschema.Draft202012Validator(narrow)

    def fits(self, line):
        return self.whole.is_valid(line)

    def complaints(self, line):
        """One sentence for each reason why the line does not fit."""
        if self.fits(line):
            return []
        kind = kind_of(line)
        if kind not in self.kinds:
            return [f"no known kind of line: {kind!r}"]
        errors = self.kinds[kind].iter_errors(line)
        return [f"{error.json_path}: {error.message[:200]}" for error in errors] or ["does not fit"]


def printable(text):
    """Text from a trace, fit for a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def no_duplicates(pairs):
    """An object as a dict, unless it has a member twice."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a member is there twice")
    return made


def read_lines(path):
    """Yields (number, line, reason why it is no JSON)."""
    for number, raw in enumerate(path.read_bytes().splitlines(keepends=True), 1):
        try:
            if not raw.endswith(b"\n"):
                raise ValueError("its newline is missing")
            yield number, json.loads(raw.decode("utf-8"), object_pairs_hook=no_duplicates), None
        except ValueError as error:
            yield number, None, str(error)


def check_file(judge, path):
    """Prints what does not fit; returns all lines, and whether they fit."""
    lines, ok = [], True
    for number, line, broken in read_lines(path):
        reasons = [broken] if broken else judge.complaints(line)
        if not reasons and (number == 1) != (kind_of(line) == "header"):
            reasons = ["the first line, and no other, is a header"]
        for reason in reasons[:5]:
            print(f"{path}:{number}: {printable(reason)}")
        ok = ok and not reasons
        lines.append(line)
    if not lines:
        print(f"{path}: is empty")
    return lines, ok and bool(lines)


def objects(value, path=()):
    """Yields (path, object) for each object within a value."""
    if isinstance(value, dict):
        yield path, value
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from objects(inner, path + (step,))


def at(line, path):
    for step in path:
        line = line[step]
    return line


def damaged(line, path, change):
    """A copy of the line in which `change` was done to the object at `path`."""
    copied = copy.deepcopy(line)
    change(at(copied, path))
    return copied


def rename(name):
    def change(target):
        target[name + "x"] = target.pop(name)
    return change


def replace(name, value):
    def change(target):
        target[name] = value
    return change


def keyed_by_data(path):
    """Whether the names in the object at the path are data: not in an argument called "args"."""
    return bool(path) and path[-1] in KEYED_BY_DATA and not keyed_by_data(path[:-1])


def damages(line, seen):
    """Yields (what was done, the damaged line): every misspelt, surplus or wrongly typed member.

    The same object is damaged only once, wherever it stands; `seen` remembers.
    """
    for path, target in objects(line):
        where = "/".join(map(str, path)) or "line"
        text = json.dumps(target)
        if keyed_by_data(path) or text in seen:
            continue
        seen.add(text)
        yield f"{where}: a surplus member", damaged(line, path, replace("surplus", 1))
        for member, value in target.items():
            yield f"{where}: {member} misspelt", damaged(line, path, rename(member))
            for wrong in ("true" if isinstance(value, bool) else True, 1.5):
                what = f"{where}: {member} is {wrong!r} for {value!r:.40}"
                yield what, damaged(line, path, replace(member, wrong))


# Damage that needs knowledge of the meaning: (kind of line, path to an object, member, new value).
WRONG = [
    ("header", (), "socktale", 2),
    ("header", (), "began_at", "yesterday"),
    ("header", (), "began_at_ns", -1),
    ("header", ("payload",), "limit", -1),
    ("call", (), "type", "phone"),
    ("call", (), "seq", -1),
    ("call", (), "t", -1),
    ("call", (), "id", 0),
    ("call", (), "pid", -1),
    ("call", (), "name", "accept 4"),
    ("call", (), "raw", ["0x0"] * 5),
    ("call", (), "raw", ["0x0"] * 7),
    ("call", (), "raw", ["0x0"] * 5 + ["7f"]),
    ("call", (), "raw", [0] * 6),
    ("call", (), "args", []),
    ("call", (), "args", {}),
    ("call", (), "outcome", None),
    ("call", ("args",), "sockfd", {"fd": 3}),
    ("call", ("args",), "sockfd", {"in": None}),
    ("call", ("args",), "sockfd", {"in": {"fd": 3, "number": 3}}),
    ("call", ("args",), "sockfd", {"in": {"fd": 1 << 31}}),
    ("call", ("args",), "sockfd", {"in": {"pointer": "0x01"}}),
    ("call", ("args",), "sockfd", {"in": {"pointer": "0X1F"}}),
    ("call", ("args",), "sockfd", {"in": 1 << 64}),
    ("call", ("args",), "sockfd", {"in": {"name": "AF_INET"}}),
    ("call", ("args",), "sockfd", {"in": {"flags": "A|B", "number": 3}}),
    ("call", ("args",), "sockfd", {"in": {"flags": [], "number": 0, "rest": 0}}),
    ("call", ("args",), "sockfd", {"in": {"length": 3}}),
    ("call", ("args",), "sockfd", {"in": {"text": "abc"}}),
    ("call", ("args",), "sockfd", {"in": {"text": "abc", "base64": "YWJj", "length": 3}}),
    ("call", ("args",), "sockfd", {"in": {"text": "abc", "withheld": True, "length": 3}}),
    ("call", ("args",), "sockfd", {"in": {"base64": "YWJ", "length": 3}}),
    ("call", ("args",), "sockfd", {"in": {"items": []}}),
    ("call", ("args",), "sockfd", {"in": {"struct": {"a": {"in": 1}}}}),
    ("call", ("args",), "sockfd", {"in": {"struct": [1]}}),
    ("call", ("outcome",), "kind", "socket"),
    ("call", ("outcome",), "error", "Address already in use"),
    ("call", ("outcome",), "left", -1),
    ("call", ("place",), "line", 0),
    ("call", ("place",), "kind", "guess"),
    ("socket", (), "origin", "thin air"),
    ("socket", (), "role", "server"),
    ("socket", ("local",), "port", 65536),
    ("socket", ("local",), "host", ""),
    ("stack", (), "frames", {}),
    ("exec", (), "abi", "arm64"),
    ("gone", (), "last", 1),
    ("signal", (), "name", "INT"),
    ("note", (), "code", "Not a code"),
    ("note", (), "about", [["port", "1"]]),
    ("source", (), "size", -1),
    ("source", (), "cut", False),
    ("source", (), "changed", True),
    ("end", (), "calls", -1),
]


def check_strictness(judge, lines):
    """Prints each damaged line that the schema takes; returns whether there was none."""
    ok, tried = True, 0

    def refuse(what, line, validator=judge.whole):
        nonlocal ok, tried
        tried += 1
        if validator.is_valid(line):
            ok = False
            print(printable(f"the schema takes it: {what}: {json.dumps(line)[:300]}"))

    first = {}
    for line in lines:
        first.setdefault(kind_of(line), line)
    for kind in judge.kinds.keys() - first.keys():
        ok = False
        print(f"the sample has no line of kind {kind}")
    for kind, path, member, value in WRONG:
        refuse(f"{kind} {member}", damaged(first[kind], path, replace(member, value)))
    seen = set()
    for line in lines:
        for what, bad in damages(line, seen):
            refuse(what, bad, judge.kinds[kind_of(line)])
    for stray in (None, [], 5, {}, {"type": "call"}, {"socktale": 1}):
        refuse("a stray value", stray)
    print(f"{tried} damaged lines tried")
    return ok


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("traces", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    traces = options.traces
    if options.folder:
        traces = traces + sorted(options.folder.rglob("*.jsonl"))
    judge = Judge()
    ok = True
    for trace in traces:
        lines, fits = check_file(judge, trace)
        if fits and options.strict:
            fits = check_strictness(judge, lines)
        if options.folder and trace.name.startswith("hostile"):
            fits = not fits
            print(f"{trace}: {'does not fit, as it should' if fits else 'should not fit'}")
        ok = ok and fits
    print(f"{len(traces)} trace files: {'in order' if ok else 'not all in order'}")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())

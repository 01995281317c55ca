#!/usr/bin/python3
"""Checks what socktale exports against the published forms: check_exports.py FILE...

By a file's ending: .perfetto.json (Trace Event Format), .otlp.json (OTLP/JSON), .csv (RFC 4180, with Python's
csv and, where it is installed, sqlite3 as readers). Each check must find damaged copies wrong.
Exit status: 0 all is so, 1 something is not.
"""
import copy
import csv
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# Steers a terminal or hides: must not come out of any text (control characters, marks of direction).
STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def texts(value):
    """Every text in a JSON value, names of members too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from texts(item)


def inert(value):
    return [f"a text that steers: {text!r}" for text in texts(value) if STEERS.search(text)]


# --- Trace Event Format

def ns(event, name="ts"):
    return round(event[name] * 1000)


def check_event(event):
    wanted = {"M": ("name", "args"), "X": ("name", "cat", "ts", "dur"), "i": ("name", "ts", "s"),
              "s": ("name", "cat", "ts", "id"), "f": ("name", "cat", "ts", "id", "bp")}
    if event.get("ph") not in wanted:
        return [f"unknown phase: {event}"]
    return [f"no {name}: {event}" for name in ("pid", "tid", *wanted[event["ph"]]) if name not in event] + [
        f"not a time: {event}" for name in ("ts", "dur") if not isinstance(event.get(name, 0), (int, float)) or event.get(name, 0) < 0]


def check_nesting(slices):
    """Slices of one thread, in the file's order: each lies within the one that is open, or after it."""
    faults, stack = [], []
    for event in slices:
        begin, end = ns(event), ns(event) + ns(event, "dur")
        while stack and stack[-1] <= begin and end > stack[-1]:
            stack.pop()
        if stack and end > stack[-1]:
            faults.append(f"not nested: {event}")
        stack.append(end)
    return faults


def check_arrows(events, slices):
    faults, starts, ends = [], {}, {}
    for event in events:
        if event["ph"] not in "sf":
            continue
        side = starts if event["ph"] == "s" else ends
        if event["id"] in side:
            faults.append(f"an arrow's id twice: {event}")
        side[event["id"]] = event
        around = [s for s in slices.get((event["pid"], event["tid"]), []) if ns(s) <= ns(event) < ns(s) + ns(s, "dur")]
        if not around:
            faults.append(f"an arrow's end in no slice: {event}")
        if event["ph"] == "f" and event["bp"] != "e":
            faults.append(f"bound to the next slice: {event}")
    if starts.keys() != ends.keys():
        faults.append(f"arrows with one end: {starts.keys() ^ ends.keys()}")
    faults += [f"back in time: {ends[i]}" for i in starts.keys() & ends.keys() if ns(starts[i]) > ns(ends[i])]
    return faults + [f"another name: {ends[i]}" for i in starts.keys() & ends.keys()
                     if (starts[i]["name"], starts[i]["cat"]) != (ends[i]["name"], ends[i]["cat"])]


def check_perfetto(trace):
    events = trace["traceEvents"]
    faults = [fault for event in events for fault in check_event(event)]
    if faults:
        return faults
    slices = {}
    for event in events:
        if event["ph"] == "X":
            slices.setdefault((event["pid"], event["tid"]), []).append(event)
    for track in slices.values():
        faults += check_nesting(track)
    times = [ns(event) for event in events if "ts" in event]
    if times != sorted(times):
        faults.append("times do not ascend")
    named = {(e["name"], e["pid"], e["tid"]) for e in events if e["ph"] == "M"}
    faults += [f"a thread without a name: {track}" for track in slices if ("thread_name", *track) not in named]
    processes = {pid for name, pid, _ in named if name == "process_name"}
    faults += [f"a process without a name: {pid}" for pid, _ in slices if pid not in processes]
    return faults + check_arrows(events, slices) + inert(trace)


# --- OTLP/JSON

def check_value(value):
    kinds = {"stringValue": str, "boolValue": bool, "intValue": str, "arrayValue": dict}
    if len(value) != 1 or not isinstance(next(iter(value.values())), kinds.get(next(iter(value)), ())):
        return [f"no AnyValue: {value}"]
    if "intValue" in value and not re.fullmatch(r"-?\d+", value["intValue"]):
        return [f"no 64-bit number: {value}"]
    return [fault for item in value.get("arrayValue", {}).get("values", []) for fault in check_value(item)]


def check_attributes(attributes):
    keys = [each["key"] for each in attributes]
    faults = [fault for each in attributes for fault in check_value(each["value"])]
    faults += [f"twice: {key}" for key in set(keys) if keys.count(key) > 1]
    return faults + [f"no name of an attribute: {key}" for key in keys if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)*", key)]


MEMBERS = {"traceId", "spanId", "parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano", "attributes",
           "events", "links", "status"}


def check_span(span, spans):
    faults = [f"unknown member: {name}" for name in span.keys() - MEMBERS]
    if not re.fullmatch("[0-9a-f]{32}", span["traceId"]) or int(span["traceId"], 16) == 0:
        faults.append(f"no trace id: {span['traceId']}")
    if not re.fullmatch("[0-9a-f]{16}", span["spanId"]) or int(span["spanId"], 16) == 0:
        faults.append(f"no span id: {span['spanId']}")
    parent = spans.get(span.get("parentSpanId", span["spanId"]))
    if parent is None:
        faults.append(f"a parent that is not there: {span['parentSpanId']}")
    if span["kind"] not in (1, 2, 3) or not span["name"]:
        faults.append(f"kind or name: {span}")
    for name in ("startTimeUnixNano", "endTimeUnixNano"):
        if not isinstance(span[name], str) or not span[name].isdigit():
            return faults + [f"no time: {span[name]}"]
    if int(span["startTimeUnixNano"]) > int(span["endTimeUnixNano"]):
        faults.append(f"it ends before it begins: {span['spanId']}")
    faults += check_attributes(span["attributes"])
    for link in span.get("links", []):
        if link["spanId"] not in spans or link["traceId"] != span["traceId"]:
            faults.append(f"a link to nothing: {link}")
        faults += check_attributes(link["attributes"])
    for event in span.get("events", []):
        faults += check_attributes(event["attributes"])
    errors = [each["value"]["stringValue"] for each in span["attributes"] if each["key"] == "error.type"]
    if bool(errors) != (span.get("status", {}).get("code") == 2) or set(errors) & {"EAGAIN", "EINPROGRESS", "EINTR"}:
        faults.append(f"status and error.type: {span.get('status')} {errors}")
    return faults


def spans_of(request):
    return [span for resource in request["resourceSpans"] for scope in resource["scopeSpans"] for span in scope["spans"]]


def check_otlp(request):
    all_spans = spans_of(request)
    spans = {span["spanId"]: span for span in all_spans}
    faults = ["an id twice"] if len(spans) != len(all_spans) else []
    for resource in request["resourceSpans"]:
        faults += check_attributes(resource["resource"]["attributes"])
        keys = {each["key"] for each in resource["resource"]["attributes"]}
        faults += [f"no {key}" for key in ("service.name", "process.pid", "os.type") if key not in keys]
    return faults + [fault for span in all_spans for fault in check_span(span, spans)] + inert(request)


# --- CSV

NUMBERS = {"call", "step", "pid", "tid", "entered_s", "left_s", "duration_s", "line", "hidden", "result", "socket", "fd", "bytes"}


def check_csv(text):
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    faults = ["a line end that is not CR LF"] if "\n" in text.replace("\r\n", "") or "\r" in text.replace("\r\n", "") else []
    for row in rows:
        if None in row or None in row.values():
            return faults + [f"too many or too few cells: {row}"]
        for name, cell in row.items():
            number = re.fullmatch(r"-?\d+(\.\d{9})?", cell) is not None
            if name in NUMBERS and cell and not number:
                faults.append(f"{name} is no number: {cell!r}")
            if (cell.startswith(("=", "+", "@", "\t", "\r", "＝", "＋", "－", "＠")) or
                    (cell.startswith("-") and name not in NUMBERS)):
                faults.append(f"a formula in {name}: {cell!r}")
            if STEERS.search(cell):
                faults.append(f"a text that steers in {name}: {cell!r}")
    return faults + check_sqlite(text, rows)


def check_sqlite(text, rows):
    if not shutil.which("sqlite3"):
        print("skipped: no sqlite3 to import CSV with")
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "calls.csv"
        path.write_bytes(text.encode())
        result = subprocess.run(["sqlite3", "-csv", "-header", ":memory:", f".import --csv {path} calls", "select * from calls"],
                                capture_output=True, check=False)
    if result.returncode or result.stderr:
        return [f"sqlite3: {result.stderr.decode()}"]
    back = list(csv.DictReader(io.StringIO(result.stdout.decode(), newline="")))
    return [] if back == rows else ["sqlite3 has other rows"]


# --- damaged copies, which must be found

def damaged(value, *changes):
    for change in changes:
        wrong = copy.deepcopy(value)
        change(wrong)
        yield wrong


def of_phase(trace, phase):
    return [event for event in trace["traceEvents"] if event["ph"] == phase]


def damages_perfetto(trace):
    yield from damaged(trace,
                       lambda t: of_phase(t, "X")[0].pop("dur"),
                       lambda t: of_phase(t, "X")[1].update(dur=1e12),
                       lambda t: t["traceEvents"].append(t["traceEvents"].pop(-len(of_phase(t, "X")))),
                       lambda t: of_phase(t, "X")[0].update(name="\x1b[31m"),
                       lambda t: t["traceEvents"].remove(of_phase(t, "M")[0]))
    if of_phase(trace, "s"):
        yield from damaged(trace,
                           lambda t: t["traceEvents"].remove(of_phase(t, "s")[0]),
                           lambda t: of_phase(t, "f")[0].update(tid=1),
                           lambda t: of_phase(t, "f")[0].update(bp="n"))


def damages_otlp(request):
    yield from damaged(request,
                       lambda r: spans_of(r)[0].update(spanId="0" * 16),
                       lambda r: spans_of(r)[1].update(parentSpanId="f" * 16),
                       lambda r: spans_of(r)[1].update(startTimeUnixNano=1),
                       lambda r: spans_of(r)[1].update(endTimeUnixNano="1"),
                       lambda r: spans_of(r)[1].update(status={"code": 2, "message": ""}),
                       lambda r: spans_of(r)[1]["attributes"].append({"key": "x", "value": {"intValue": 1}}),
                       lambda r: spans_of(r)[1].update(links=[{"traceId": "0" * 32, "spanId": "1", "attributes": []}]))


def damages_csv(text):
    head, *rest = text.split("\r\n")
    yield "\r\n".join([head, rest[0] + ",1", *rest[1:]])
    yield "\n".join([head, *rest])
    for bad in ('"=1+1"', '"-1+1"', '"a\tb"'):
        yield "\r\n".join([head, re.sub('"[^"]*"', bad, rest[0], count=1), *rest[1:]])


CHECKS = {".perfetto.json": (json.loads, check_perfetto, damages_perfetto),
          ".otlp.json": (json.loads, check_otlp, damages_otlp),
          ".csv": (str, check_csv, damages_csv)}


def check(path):
    """The faults of a file, and what its check should have found in damaged copies of it."""
    ending = next(each for each in CHECKS if path.name.endswith(each))
    read, find, damages = CHECKS[ending]
    value = read(path.read_bytes().decode("utf-8"))
    faults = find(value)
    return faults + [f"a damaged copy passes: {number}" for number, wrong in enumerate(damages(value)) if not find(wrong)]


def main(names):
    faults = [f"{name}: {fault[:300]}" for name in names for fault in check(pathlib.Path(name))]
    print("\n".join([*faults[:50], f"{len(names)} files, {len(faults)} faults"]))
    return 1 if faults or not names else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

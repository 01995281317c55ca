#!/usr/bin/python3
"""Checks JSON reports against reports/schema/report.schema.json: validate_report.py FOLDER.

Every NAME.json in the folder must fit (NAME.otlp.json and the like are other formats); and so that a schema that lets everything pass is noticed,
damaged copies of the first one must not. Exit status: 0 all is so, 1 something is not.
"""
import copy
import json
import pathlib
import sys

import jsonschema

SCHEMAS = pathlib.Path(__file__).resolve().parents[3] / "reports/schema"


def validator():
    report = json.loads((SCHEMAS / "report.schema.json").read_text(encoding="utf-8"))
    trace = json.loads((SCHEMAS / "trace.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(report)
    known = {report["$id"]: report, trace["$id"]: trace}
    resolver = jsonschema.RefResolver(report["$id"], report, store=known)
    return jsonschema.Draft202012Validator(report, resolver=resolver)


def damages(report):
    """Copies of the report, each wrong in one way, with a name."""
    def damaged(change):
        wrong = copy.deepcopy(report)
        change(wrong)
        return wrong

    yield "no steps", damaged(lambda r: r.pop("steps"))
    yield "newer schema", damaged(lambda r: r.update(schema=2))
    yield "unknown member", damaged(lambda r: r["steps"][0].update(colour=1))
    yield "no calls", damaged(lambda r: r["steps"][0].update(calls=[]))
    yield "broken value", damaged(lambda r: r["steps"][0]["calls"][0]["args"][0].update({"in": {"x": 1}}))
    yield "broken place", damaged(lambda r: r["steps"][0]["place"].update(kind="guess"))
    yield "broken verdict", damaged(lambda r: r["document"]["rows"][0].update(verdict="maybe"))


def damages_of_source(report):
    """The same for what a report says of source files."""
    for name, member, change in (("guessed", "uncalled", {"known": "ran"}),
                                 ("no place", "uncalled", {"place": {}}),
                                 ("no size", "sources", {"size": -1}),
                                 ("surplus", "sources", {"lines": 1})):
        wrong = copy.deepcopy(report)
        wrong[member][0].update(change)
        yield f"{member}: {name}", wrong


def main(folder):
    schema = validator()
    faults = 0
    reports = {path.name: json.loads(path.read_text(encoding="utf-8"))
               for path in sorted(pathlib.Path(folder).glob("*.json")) if "." not in path.stem}
    for name, report in reports.items():
        for error in schema.iter_errors(report):
            faults += 1
            print(f"{name}: {error.json_path}: {error.message[:200]}")
    uncalled = reports["no-kernel-call.json"]
    damaged = [*damages(reports["python-chat.json"]), *damages_of_source(uncalled)]
    for name, report in damaged:
        if schema.is_valid(report):
            faults += 1
            print(f"the schema takes a report with: {name}")
    print(f"{len(reports)} reports, {faults} faults")
    return 1 if faults or not reports else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

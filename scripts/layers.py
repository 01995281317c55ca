#!/usr/bin/env python3
"""Checks by the includes who sees whom: the layers of tracer/README.md, and that each outside
library stays behind its file. Exits 1 and names each line that breaks the rule."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# A folder may include itself and these.
MAY_SEE = {
    "tracer/base": [],
    "tracer/model": ["tracer/base"],
    "tracer/tables": ["tracer/base"],
    "tracer/engine": ["tracer/base", "tracer/tables"],
    "tracer/decode": ["tracer/base", "tracer/model", "tracer/tables"],
    "tracer/locate": ["tracer/base", "tracer/model"],
    "tracer/recorder": ["tracer/base", "tracer/model", "tracer/tables", "tracer/engine",
                        "tracer/decode", "tracer/locate"],
    "tracer/cli": ["tracer/base", "tracer/model", "tracer/tables", "tracer/engine",
                   "tracer/decode", "tracer/locate", "tracer/recorder", "reports",
                   "reports/text"],
    "reports/text": ["tracer/base"],
    "reports": ["tracer/base", "tracer/model", "tracer/tables", "reports/text"],
    "chat": [],
}
# Where an outside header may be included.
BEHIND = {
    r"seccomp\.h": r"tracer/engine/seccomp\.cpp",
    r"elfutils/.*|dwarf\.h|libelf\.h|gelf\.h": r"tracer/locate/(cfi|dwarf|debug_file)\.cpp",
    r"re2/.*": r"tracer/decode/redactor\.cpp",
    r"libmnl/.*": r"tracer/recorder/socket_diag\.cpp",
    r"CLI/.*": r"tracer/cli/.*",
    r"nlohmann/json\.hpp": r".*\.cpp",
    r"simdjson\.h": r"tracer/model/json_line\.hpp",
    r"sys/ptrace\.h": r"tracer/engine/.*\.cpp",
}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^">]+)[">]')


def folder_of(path):
    """The layer that a path belongs to, or None."""
    found = [name for name in MAY_SEE if path.startswith(name + "/")]
    return max(found, key=len, default=None)


def faults(path):
    """What is wrong with one file's includes, a text each."""
    name = path.relative_to(ROOT).as_posix()
    own = folder_of(name)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        bracket, header = match.groups()
        seen = folder_of(header)
        if bracket == '"' and seen and seen != own and seen not in MAY_SEE[own]:
            yield f"{name}:{number}: {own} must not see {seen} ({header})"
        for outside, places in BEHIND.items():
            if re.fullmatch(outside, header) and not re.fullmatch(places, name):
                yield f"{name}:{number}: {header} belongs behind {places}"


def main():
    files = sorted({path for layer in MAY_SEE for end in ("cpp", "hpp")
                    for path in (ROOT / layer).rglob("*." + end)})
    found = [fault for path in files for fault in faults(path)]
    print("\n".join(found) if found else f"layers: {len(files)} files in order")
    return 1 if found or not files else 0


if __name__ == "__main__":
    sys.exit(main())

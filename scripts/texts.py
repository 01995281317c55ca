#!/usr/bin/env python3
"""The texts that people read, and their translations. The source marks them, tr("...") in C++ and
t("...") in the page's TypeScript; reports/text/socktale.pot lists them; a .po file translates them.

    scripts/texts.py update           socktale.pot from the source, and the .po files along with it
    scripts/texts.py check            is all of that as it should be? (a test)
    scripts/texts.py table PO OUT     a .po file as C++ rows (a step of the build)
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TEXTS = ROOT / "reports/text"
POT = TEXTS / "socktale.pot"
# Where texts are, by the ending of a file: the function that marks them, and the folders.
MARKED = {".cpp": ("tr", ("reports", "tracer")), ".hpp": ("tr", ("reports", "tracer")),
          ".ts": ("t", ("reports/web/src",))}
NOT_READ = {"tracer/base/said.hpp"}  # where tr itself is

TOKEN = re.compile(r'''//[^\n]*|/\*.*?\*/
    |(?P<raw>R"(?P<fence>[^()\s\\]*)\(.*?\)(?P=fence)")
    |"(?P<text>(?:[^"\\\n]|\\.)*)"
    |'(?P<char>(?:[^'\\\n]|\\.)*)'
    |`(?:[^`\\]|\\.)*`
    |(?P<number>\d[\w.']*)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<mark>[^\s])''', re.S | re.X)
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "'": "'"}
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


class Fault(Exception):
    """Something that has to be mended by hand."""


def unescaped(text):
    return re.sub(r"\\(.)", lambda found: ESCAPES[found[1]], text)


def escaped(text):
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")


def tokens_of(source):
    """Words, texts and marks, one after the other: (kind, value, where)."""
    for found in TOKEN.finditer(source):
        kind = found.lastgroup if found.lastgroup != "fence" else "raw"
        if kind is not None:
            yield kind, found[kind], found.start()


def page_texts(source):
    """The page's: t() stands within templates too, so every double-quoted literal right after it."""
    for found in re.finditer(r'(?<![\w.])t\(("(?:[^"\\\n]|\\.)*")', source):
        yield (unescaped(found[1][1:-1]),)


def marked_texts(path, function):
    """The texts of one file: (text,) or (text, plural, name of the count), in their order."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".ts":
        yield from page_texts(source)
        return
    tokens = list(tokens_of(source))
    for at, (kind, value, where) in enumerate(tokens[:-1]):
        if kind != "word" or value != function or tokens[at + 1][1] != "(":
            continue
        if at > 0 and tokens[at - 1][1] == ".":
            continue  # a member of something else
        parts, text, next_at = [], None, at + 2
        while next_at < len(tokens):
            kind, value, _ = tokens[next_at]
            if kind == "text":
                text = (text or "") + unescaped(value)
            elif kind == "mark" and value in ",)" and text is not None:
                parts.append(text)
                text = None
                if value == ")":
                    break
            elif kind == "mark" and value == ")" and parts:
                break  # a comma before it
            else:
                line = source.count("\n", 0, where) + 1
                raise Fault(f"{path.relative_to(ROOT)}:{line}: {function}() takes literals only")
            next_at += 1
        if len(parts) not in (1, 3) or "" in parts:
            line = source.count("\n", 0, where) + 1
            raise Fault(f"{path.relative_to(ROOT)}:{line}: {function}() of {len(parts)} texts")
        yield tuple(parts)


def all_texts():
    """{text: (plural or None, files)} of the whole tree, ordered by file and place."""
    found = {}
    files = sorted({path for ending, (_, folders) in MARKED.items() for folder in folders
                    for path in (ROOT / folder).rglob("*" + ending)})
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        if name in NOT_READ:
            continue
        for parts in marked_texts(path, MARKED[path.suffix][0]):
            plural = parts[1] if len(parts) == 3 else None
            known, where = found.setdefault(parts[0], (plural, []))
            if known != plural:
                raise Fault(f'{name}: "{parts[0]}" is elsewhere with another plural')
            if name not in where:
                where.append(name)
    return found


def quoted(text):
    """A text as .po files write it: in lines where it has some."""
    lines = text.splitlines(keepends=True)
    if len(lines) < 2:
        return f'"{escaped(text)}"'
    return "\n".join(['""'] + [f'"{escaped(line)}"' for line in lines])


def entry(text, plural, files, translation):
    """One entry of a .po file; translation "" for none."""
    flag = "" if PLACEHOLDER.search(text) is None else "#, python-brace-format\n"
    out = "".join(f"#: {name}\n" for name in files) + flag + f"msgid {quoted(text)}\n"
    if plural is None:
        return out + f"msgstr {quoted(translation)}\n"
    return out + f"msgid_plural {quoted(plural)}\nmsgstr[0] {quoted(translation)}\n"


POT_HEAD = """# The texts of socktale. Made by scripts/texts.py update from the source; not to be edited.
msgid ""
msgstr ""
"Project-Id-Version: socktale\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


def pot_text(texts):
    return "\n".join([POT_HEAD] + [entry(text, plural, files, "")
                                   for text, (plural, files) in texts.items()])


def read_po(path):
    """(what stands before the first entry, {text: translation}, faults) of a .po file."""
    content = path.read_text(encoding="utf-8")
    blocks = [block for block in re.split(r"\n\s*\n", content.strip("\n")) if block.strip()]
    texts, faults = {}, []
    for block in blocks[1:]:
        fields, current = {}, None
        for line in block.splitlines():
            if line.startswith("#,") and "fuzzy" in line:
                faults.append(f"{path.name}: fuzzy: {block.splitlines()[-1]}")
            if line.startswith("#"):
                continue
            keyword, _, rest = line.partition(" ") if not line.startswith('"') else ("", "", line)
            current = keyword or current
            if not rest.startswith('"') or not rest.endswith('"'):
                raise Fault(f"{path.name}: {line}")
            fields[current] = fields.get(current, "") + unescaped(rest[1:-1])
        if "msgid" not in fields:
            continue
        if fields["msgid"] in texts:
            raise Fault(f'{path.name}: twice: "{fields["msgid"]}"')
        texts[fields["msgid"]] = fields.get("msgstr", fields.get("msgstr[0]", ""))
    return blocks[0] + "\n", texts, faults


def po_files():
    return sorted(TEXTS.glob("*.po"))


def update():
    texts = all_texts()
    POT.write_text(pot_text(texts), encoding="utf-8")
    for path in po_files():
        head, known, _ = read_po(path)
        path.write_text("\n".join([head] + [entry(text, plural, files, known.get(text, ""))
                                            for text, (plural, files) in texts.items()]),
                        encoding="utf-8")
        missing = [text for text in texts if not known.get(text)]
        print(f"{path.name}: {len(texts)} texts, {len(missing)} not translated")
        for text in missing:
            print(f"  {escaped(text)}")
        for text in known.keys() - texts.keys():
            print(f"  dropped: {escaped(text)}")
    return 0


def faults_of(path, texts):
    head, known, faults = read_po(path)
    yield from faults
    if "nplurals=1;" not in head:
        yield f"{path.name}: said.cpp chooses among translations of one form only"
    for text, (plural, _) in texts.items():
        translation = known.get(text, "")
        if not translation:
            yield f"{path.name}: not translated: {escaped(text)}"
            continue
        wanted = set(PLACEHOLDER.findall(text)) | set(PLACEHOLDER.findall(plural or ""))
        if set(PLACEHOLDER.findall(translation)) != wanted:
            yield f"{path.name}: other placeholders: {escaped(text)} / {escaped(translation)}"
        if text.endswith("\n") != translation.endswith("\n"):
            yield f"{path.name}: other end of line: {escaped(text)}"
    for text in known.keys() - texts.keys():
        yield f"{path.name}: no such text in the source: {escaped(text)}"


def check():
    texts = all_texts()
    faults = []
    if POT.read_text(encoding="utf-8") != pot_text(texts):
        faults.append("socktale.pot is not what the source has: run scripts/texts.py update")
    for path in po_files():
        faults += faults_of(path, texts)
        checked = subprocess.run(["msgfmt", "--check", "-o", "/dev/null", str(path)],
                                 capture_output=True, text=True, check=False)
        if checked.returncode != 0:
            faults.append(checked.stderr.strip())
    print("\n".join(faults) if faults else f"texts: {len(texts)} in {len(po_files())} translations")
    return 1 if faults or not texts or not po_files() else 0


def cpp(text):
    return f'"{escaped(text)}"'


def table(po, out):
    path = pathlib.Path(po)
    _, known, _ = read_po(path)
    rows = sorted((text.encode(), text, translation) for text, translation in known.items()
                  if translation)
    lines = [f"    Translation{{{cpp(text)},\n                {cpp(translation)}}},"
             for _, text, translation in rows]
    name = path.stem.lower()
    pathlib.Path(out).write_text(f"""// Made of {path.name} by scripts/texts.py.
#include "reports/text/table.hpp"

#include <algorithm>
#include <array>

namespace socktale {{
namespace {{

constexpr std::array<Translation, {len(rows)}> rows = {{
{chr(10).join(lines)}
}};
static_assert(std::ranges::adjacent_find(rows, std::ranges::greater_equal{{}}, &Translation::text) ==
              rows.end());

}} // namespace

std::span<const Translation> {name}_table() {{ return rows; }}

}} // namespace socktale
""", encoding="utf-8")
    return 0


def main(arguments):
    match arguments:
        case ["update"]:
            return update()
        case ["check"]:
            return check()
        case ["table", po, out]:
            return table(po, out)
    print(__doc__, file=sys.stderr)
    return 64


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Fault as fault:
        print(f"error: {fault}", file=sys.stderr)
        sys.exit(1)

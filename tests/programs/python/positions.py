# Writes to standard output what this interpreter says of the positions in many of its own files: for
# each code object the line table and, for each instruction, line, end line and columns (-1: none).
# All numbers are 32-bit. Stops after the number of instructions given.
import array
import dis
import os
import sys
import types


def positions(code):
    if hasattr(code, "co_positions"):
        return [-1 if part is None else part for place in code.co_positions() for part in place]
    lines = [-1] * (len(code.co_code) // 2)
    if hasattr(code, "co_lines"):
        ranges = code.co_lines()
    else:
        starts = list(dis.findlinestarts(code)) + [(len(code.co_code), None)]
        ranges = [(at, end[0], line) for (at, line), end in zip(starts, starts[1:])]
    for begin, end, line in ranges:
        for index in range(begin // 2, end // 2):
            lines[index] = -1 if line is None else line
    return [part for line in lines for part in (line, -1, -1, -1)]


def codes(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes(constant)


left = int(sys.argv[1])
directory = os.path.dirname(os.__file__)
for name in sorted(os.listdir(directory)):
    if not name.endswith(".py") or left <= 0:
        continue
    with open(os.path.join(directory, name), "rb") as file:
        module = compile(file.read(), name, "exec")
    for code in codes(module):
        table = code.co_linetable if hasattr(code, "co_linetable") else code.co_lnotab
        numbers = positions(code)
        left -= len(numbers) // 4
        header = array.array("i", [code.co_firstlineno, len(table), len(numbers) // 4])
        sys.stdout.buffer.write(header.tobytes() + table + array.array("i", numbers).tobytes())

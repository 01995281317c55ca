"""Whether a program was built with a sanitizer: its memory is not its own then, nor are its addresses."""
import pathlib


def sanitized(program):
    code = pathlib.Path(program).read_bytes()
    return b"__asan_init" in code or b"__tsan_init" in code

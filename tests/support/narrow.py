"""Whether 32-bit programs can be built and run here, and if not, why. Shared by the Python tests."""
import errno
import os
import pathlib
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NARROW = pathlib.Path(os.environ.get("SOCKTALE_FIXTURES", ROOT / "build/release/tests/programs")) / "narrow"


def missing():
    """Why there are none; empty when they run."""
    program = NARROW / "numbers"
    if not program.exists():
        return "no 32-bit programs were built: install gcc-multilib and configure again"
    try:
        subprocess.run([program], stdout=subprocess.DEVNULL, check=False, timeout=30)
    except OSError as error:
        if error.errno != errno.ENOEXEC:
            raise
        return "this kernel runs no 32-bit programs (CONFIG_IA32_EMULATION is not set, or switched off at boot)"
    return ""


WHY_NOT = missing()
NEEDED = unittest.skipIf(WHY_NOT, WHY_NOT)

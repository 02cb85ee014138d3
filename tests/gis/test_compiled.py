"""What compiled kernels share between threads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FIRST_CALL = """
import gis.compiled, numba
from numba.core.typing.typeof import typeof_impl
before = set(typeof_impl.registry)
assert numba.njit(lambda x: x + 1)(1) == 2
print(sorted(kind.__name__ for kind in set(typeof_impl.registry) - before))
"""


def test_the_first_kernel_called_adds_nothing_to_the_types_that_other_threads_look_up() -> None:
    root = Path(__file__).parents[2]
    told = subprocess.run([sys.executable, "-c", FIRST_CALL], cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"

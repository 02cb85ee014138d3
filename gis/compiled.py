"""Kernels compiled to machine code by numba, kept on disk, running without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numba.experimental.function_type  # adds to the types that numba knows: see below

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function on its first call with these argument types; later processes load it.

    Numba looks the types of arguments up in a table without a lock, and would add to it at the first call of all: two
    threads that call their first kernels at the same moment would meet. What adds to it is loaded with this module.

    Division by zero follows IEEE 754 and floating point is never reordered, so that every machine
    computes the same.
    """
    return cast("F", numba.njit(cache=True, nogil=True, error_model="numpy")(function))

"""Kernels compiled to machine code by numba, kept on disk, running without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar, cast

import numba
import numba.experimental.function_type  # adds to the types that numba knows: see below
from numba.core.caching import IndexDataCacheFile

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function on its first call with these argument types; later processes load it.

    Numba looks the types of arguments up in a table without a lock, and would add to it at the first call of all: two
    threads that call their first kernels at the same moment would meet. What adds to it is loaded with this module.

    Division by zero follows IEEE 754 and floating point is never reordered, so that every machine
    computes the same.
    """
    kernel = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    if kernel is not function:  # NUMBA_DISABLE_JIT leaves functions as they are
        kernel._cache._cache_file = _KeptKernel(cast("FunctionType", function), kernel._cache._cache_file)
    return cast("F", kernel)


class _KeptKernel(IndexDataCacheFile):  # type: ignore[misc]
    """The files of a kernel on disk; what is out of date or cannot be unpickled is as good as not there.

    Numba unpickles the index before it looks whether the source is still that of the index: an older one that names a
    class which has another name since, or one cut short by a full disk, would end the first call after an upgrade.
    It knows the date of the kernel's own source only: a kernel that another file was compiled into would stay in it
    as it was.
    """

    def __init__(self, function: FunctionType, kept: Any) -> None:
        self.__dict__.update(vars(kept))
        self._function, self._own_stamp = function, self.__dict__.pop("_source_stamp")

    @cached_property
    def _source_stamp(self) -> Any:
        """What the kernel was compiled from; looked up at the first call, when all that it names is loaded."""
        others = tuple(sorted(set(_compiled_in(self._function, set()))))
        return (self._own_stamp, others) if others else self._own_stamp

    def _load_index(self) -> dict[Any, str]:
        return cast("dict[Any, str]", _unpickled(super()._load_index, {}))

    def _load_data(self, name: str) -> Any:
        return _unpickled(lambda: super(_KeptKernel, self)._load_data(name), None)


def _compiled_in(function: FunctionType, seen: set[FunctionType]) -> Iterator[tuple[str, float]]:
    """Yield the numbers and the dates of other files that are compiled into a kernel, of kernels it calls too."""
    seen.add(function)
    for name in function.__code__.co_names:
        value = function.__globals__.get(name)
        if isinstance(value, bool | int | float):
            yield name, value
        called = getattr(value, "py_func", None)
        if called is None or called in seen:
            continue
        if called.__code__.co_filename != function.__code__.co_filename:
            yield called.__code__.co_filename, Path(called.__code__.co_filename).stat().st_mtime
        yield from _compiled_in(called, seen)


def _unpickled(load: Callable[[], Any], otherwise: Any) -> Any:
    """Return what is loaded; files that may not be read are no concern of ours."""
    try:
        return load()
    except OSError:
        raise
    except Exception:  # noqa: BLE001 - unpickling raises whatever the classes it finds raise
        return otherwise

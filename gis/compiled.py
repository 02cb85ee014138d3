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
        _keep(kernel._cache, cast("FunctionType", function))
    return cast("F", kernel)


def _keep(cache: Any, function: FunctionType) -> None:
    """Have a kernel kept in files of our own kind.

    What a kernel is made with (kernels in the closure of its function) numba tells apart by numbers that each process
    draws anew: such a kernel would never be found again. It goes by their names here, in its key and in its file's.
    """
    cache._cache_file = _KeptKernel(function, cache._cache_file)
    made_with = tuple(f"{part.__module__}.{part.__qualname__}" for part in _closed_over(function))
    if made_with:
        cache._index_key = lambda signature, codegen: (signature, codegen.magic_tuple(), made_with)


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
        names = "".join(f"{part.__module__.rpartition('.')[2]}-{part.__qualname__}." for part in _closed_over(function))
        self._index_name, self._data_name_pattern = names + kept._index_name, names + kept._data_name_pattern
        self._index_path = str(Path(kept._cache_path, self._index_name))

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
    named = {name: function.__globals__.get(name) for name in function.__code__.co_names}
    yield from ((name, value) for name, value in named.items() if isinstance(value, bool | int | float))
    called = [part for value in named.values() if (part := getattr(value, "py_func", None)) is not None]
    for part in [*called, *_closed_over(function)]:
        if part in seen:
            continue
        if part.__code__.co_filename != function.__code__.co_filename:
            yield part.__code__.co_filename, Path(part.__code__.co_filename).stat().st_mtime
        yield from _compiled_in(part, seen)


def _closed_over(function: FunctionType) -> list[FunctionType]:
    """Return the kernels that a kernel was made with."""
    return [cell.cell_contents.py_func for cell in function.__closure__ or ()]


def _unpickled(load: Callable[[], Any], otherwise: Any) -> Any:
    """Return what is loaded; files that may not be read are no concern of ours."""
    try:
        return load()
    except OSError:
        raise
    except Exception:  # noqa: BLE001 - unpickling raises whatever the classes it finds raise
        return otherwise

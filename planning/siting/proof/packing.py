"""Integer arrays as JSON, and a reader of JSON that trusts nothing."""

from __future__ import annotations

import base64
import binascii
import math
import zlib
from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from gis.faults import Fault, FaultsError, Param

LARGEST_ARRAY = 2**28
"""Numbers in one array at most: 2 GB, and more than twice the largest plane that is solved (10,000 by 10,000)."""

LARGEST_WHOLE = 2**62
"""Whole numbers of a claim at most: half of what 64 bits hold, and far beyond what a county counts."""
_KINDS = ("bool", "int8", "int16", "int32", "int64")
_SHORT = 1000  # numbers that are written as a list, for people to read; beyond, packing is far smaller


def pack(array: NDArray[Any], *, quickly: bool = False) -> Any:
    """Return an array of integers as JSON: a short column as a list, anything else compressed.

    Parameters
    ----------
    array
        Of a signed integer type or bool.
    quickly
        Whether time counts more than the last hundredths of the size.

    Returns
    -------
    list or dict
        ``{"dtype", "shape", "data"}``, data being base64 of zlib-compressed little-endian integers.
    """
    if array.ndim == 1 and array.dtype == np.int64 and len(array) <= _SHORT:
        return array.tolist()
    data = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()
    return {
        "dtype": array.dtype.name,
        "shape": list(array.shape),
        "data": base64.b64encode(zlib.compress(data, 1 if quickly else 6)).decode("ascii"),
    }


class Reader:
    """Reads the fields of one JSON object by form and size.

    Parameters
    ----------
    given
        What should be an object.
    path
        Where it stands, for the faults.

    Raises
    ------
    FaultsError
        From every method, at the first field that does not fit.
    """

    def __init__(self, given: Any, path: str) -> None:
        self.path = path
        if not isinstance(given, Mapping):
            self._refuse("", "claim-object")
        self.given: Mapping[str, Any] = given

    def get(self, name: str) -> Any:
        """Return a field as it stands."""
        if name not in self.given:
            self._refuse(name, "claim-missing")
        return self.given[name]

    def inner(self, name: str) -> Reader:
        """Return the reader of a field that is an object."""
        return Reader(self.get(name), f"{self.path}.{name}")

    def whole(self, name: str, *, least: int = -LARGEST_WHOLE, most: int = LARGEST_WHOLE) -> int:
        """Return a whole number within its range."""
        value = self.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self._refuse(name, "claim-whole", value, least=least, most=most)
        return int(value)

    def maybe_whole(self, name: str, *, least: int = -LARGEST_WHOLE) -> int | None:
        """Return a whole number, or ``None`` for null."""
        return None if self.get(name) is None else self.whole(name, least=least)

    def yes_or_no(self, name: str) -> bool:
        """Return true or false."""
        value = self.get(name)
        if not isinstance(value, bool):
            self._refuse(name, "claim-word", value, known="true, false")
        return bool(value)

    def items(self, name: str) -> list[Any]:
        """Return a list as it stands."""
        value = self.get(name)
        if not isinstance(value, list):
            self._refuse(name, "claim-names", count="")
        return list(value)

    def word(self, name: str, known: tuple[str, ...] | None = None) -> str:
        """Return a text, of those that are known."""
        value = self.get(name)
        if not isinstance(value, str) or (known is not None and value not in known):
            self._refuse(name, "claim-word", value, known=", ".join(known or ()))
        return str(value)

    def names(self, name: str, count: int | None = None) -> NDArray[np.object_]:
        """Return a list of texts (or of whole numbers) as a column."""
        value = self.get(name)
        fits = isinstance(value, list) and (count is None or len(value) == count)
        if not fits or not (all(isinstance(v, str) for v in value) or all(type(v) is int for v in value)):
            self._refuse(name, "claim-names", count="" if count is None else count)
        column = np.empty(len(value), dtype=object)
        column[:] = value
        return column

    def array(
        self,
        name: str,
        shape: tuple[int | None, ...] | None = None,
        *,
        least: int = -LARGEST_WHOLE,
        most: int = LARGEST_WHOLE,
    ) -> NDArray[Any]:
        """Return an array as :func:`pack` writes it; ``None`` in `shape` is any length, no shape any at all."""
        found = self._unpacked(name, self.get(name))
        fits = shape is None or (
            found.ndim == len(shape) and all(a in (None, b) for a, b in zip(shape, found.shape, strict=True))
        )
        inside = found.size == 0 or (int(found.min()) >= least and int(found.max()) <= most)
        if not fits or not inside:
            self._refuse(name, "claim-array", str(found.shape), shape=str(shape), least=least, most=most)
        return found

    def _unpacked(self, name: str, value: Any) -> NDArray[Any]:
        if isinstance(value, list):
            whole = all(type(v) is int and abs(v) <= LARGEST_WHOLE for v in value)
            return np.array(value, np.int64) if whole else self._refuse_array(name)
        packed = Reader(value, f"{self.path}.{name}")
        kind, shape = packed.word("dtype", _KINDS), packed.get("shape")
        if not isinstance(shape, list) or len(shape) > 4 or not all(type(s) is int and s >= 0 for s in shape):
            self._refuse_array(name)
        if max(shape, default=0) > LARGEST_ARRAY or math.prod(shape) > LARGEST_ARRAY:
            self._refuse_array(name)
        size = math.prod(shape) * np.dtype(kind).itemsize
        try:
            unzip = zlib.decompressobj()
            data = unzip.decompress(base64.b64decode(packed.word("data"), validate=True), size + 1)
        except (binascii.Error, zlib.error, ValueError):
            self._refuse_array(name)
        if len(data) != size or (kind == "bool" and data.strip(b"\0\1")):
            self._refuse_array(name)
        return np.frombuffer(data, np.dtype(kind).newbyteorder("<")).reshape(shape).astype(kind)

    def _refuse_array(self, name: str) -> NoReturn:
        self._refuse(name, "claim-array", shape="(…)", least=-LARGEST_WHOLE, most=LARGEST_WHOLE)

    def _refuse(self, name: str, code: str, value: object = "", **params: Param) -> NoReturn:
        field = f"{self.path}.{name}" if name else self.path
        raise FaultsError([Fault(code, field=field, value=str(value)[:80], params=params)])

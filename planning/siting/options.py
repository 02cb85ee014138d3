"""The figures a model is asked with, checked by name."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.faults import Fault, FaultsError


def as_array(given: ArrayLike) -> NDArray[Any]:
    """Return an array wide enough to compare with large numbers; where rows differ in length, one of no shape."""
    try:
        found = np.asarray(given)
    except ValueError:
        return np.array(None)
    return found.astype(np.float32) if found.dtype == np.float16 else found


def read_array(field: str, given: ArrayLike, faults: list[Fault]) -> NDArray[Any]:
    """Return an array as :func:`as_array`; a missing value in it is added to `faults`, and 0 or "" stands in its place.

    Missing is what a mask hides (whatever number lies below it), ``None``, NaN among words, and the NA of pandas. NaN
    among numbers is left for the check of those.
    """
    if isinstance(given, list | tuple):
        given = _unmasked(given)
    missing = np.ma.getmaskarray(given) if isinstance(given, np.ma.MaskedArray) else None
    found = as_array(given)
    if missing is None and found.dtype.kind == "O" and found.shape:
        from pandas import isna  # noqa: PLC0415 - only where words or objects come, and half a second to import

        missing = np.asarray(isna(found))
    if missing is None or not missing.any():
        return found
    count = int(np.count_nonzero(missing))
    faults.append(Fault("missing-value", field=field, value=str(count), params={"count": count}))
    return _filled(found, missing)


def _unmasked(rows: list[Any] | tuple[Any, ...]) -> list[Any]:
    """Return nested lists in which whatever is masked is ``None``."""
    found: list[Any] = []
    for row in rows:
        if isinstance(row, np.ma.MaskedArray):
            plain = np.array(np.ma.getdata(row), object)
            plain[np.ma.getmaskarray(row)] = None
            found.append(plain.tolist())
        else:
            found.append(_unmasked(row) if isinstance(row, list | tuple) else row)
    return found


def _filled(found: NDArray[Any], missing: NDArray[np.bool_]) -> NDArray[Any]:
    """Return an array with 0 or "" where values are missing, as numbers if all others are."""
    others = found[~missing].tolist()
    words = any(isinstance(other, str) for other in others)
    filled = found.astype(object)
    filled[missing] = "" if words else 0
    return np.array(filled.ravel().tolist(), object if words else None).reshape(found.shape)


def is_number(value: object) -> bool:
    """Whether `value` is a finite real number, and neither yes or no nor a word for one."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool) and isfinite(value)


def whole_number(field: str, value: object, *, least: int, most: int | None = None) -> int:
    """Return `value` as an integer within its range.

    Raises
    ------
    FaultsError
        ``option-missing``, ``option-not-whole``, ``option-too-small`` or ``option-too-large``.
    """
    if value is None:
        raise FaultsError([Fault("option-missing", field=field)])
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer) or value != value // 1:
        raise FaultsError([Fault("option-not-whole", field=field, value=str(value))])
    if value < least:
        raise FaultsError([Fault("option-too-small", field=field, value=str(value), params={"least": least})])
    if most is not None and value > most:
        raise FaultsError([Fault("option-too-large", field=field, value=str(value), params={"most": most})])
    return int(value)


LARGEST_FIGURE = 2**40
"""A thousand billion: no people, beds or yuan of a county come near, and 2²² of them still add up in 64 bits."""


def whole_column(given: ArrayLike, count: int, field: str, faults: list[Fault]) -> NDArray[np.int64]:
    """Return `count` whole figures from 0 to 2⁴⁰ as integers; what is wrong is added to `faults`."""
    column = read_array(field, given, faults)
    if column.shape != (count,):
        faults.append(Fault("column-shape", field=field, value=str(column.shape), params={"count": count}))
        return np.zeros(count, np.int64)
    if column.dtype.kind not in "iuf":
        faults.append(Fault("not-numeric", field=field, value=str(column.dtype)))
        return np.zeros(count, np.int64)
    numbers = column.astype(np.float64)
    for code, wrong in (
        ("not-finite", ~np.isfinite(numbers)),
        ("fraction", np.isfinite(numbers) & (numbers != np.floor(numbers))),
        ("below-zero", numbers < 0),
        ("figure-too-large", np.isfinite(numbers) & (numbers > LARGEST_FIGURE)),
    ):
        if wrong.any():
            faults.append(Fault(code, field=field, value=str(wrong.sum()), params={"count": int(wrong.sum())}))
    return np.nan_to_num(numbers, nan=0, posinf=0, neginf=0).clip(0, LARGEST_FIGURE).astype(np.int64)

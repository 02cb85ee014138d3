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


def whole_column(given: ArrayLike, count: int, field: str, faults: list[Fault]) -> NDArray[np.int64]:
    """Return `count` whole figures from 0 to 2⁴⁰ as integers; what is wrong is added to `faults`."""
    column = as_array(given)
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

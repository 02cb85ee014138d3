"""Numbers of arcs, nodes and times as they are given, read without guessing: a mask is no list of numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

_NAMED = 10
_INTEGERS = np.iinfo(np.int64)


def whole_numbers(values: ArrayLike, *, name: str) -> NDArray[np.int64]:
    """Return whole numbers as they are given, or say what is wrong with them.

    Parameters
    ----------
    values : (k,) numbers
    name
        What they are, for the message.

    Returns
    -------
    (k,) int64

    Raises
    ------
    ValueError
        If they are a mask of True and False, masked, no numbers, not finite or not whole.
    """
    if np.ma.isMaskedArray(values):
        raise ValueError(f"{name}: a masked array was given; fill or drop what is masked")
    if isinstance(values, list | tuple) and 0 < sum(isinstance(v, bool | np.bool_) for v in values) < len(values):
        raise ValueError(f"{name}: True or False stands among the numbers")
    given = np.asarray(values).reshape(-1)
    if not given.size:
        return np.empty(0, np.int64)
    if given.dtype == bool:
        raise ValueError(f"{name}: a mask of True and False was given; numpy.flatnonzero turns it into numbers")
    if given.dtype.kind not in "iu":
        given = _checked(given, name)
    if given.dtype.kind == "u" and given.max() > _INTEGERS.max:
        raise ValueError(f"{name} must be at most {_INTEGERS.max}; found {given.max()}")
    return given.astype(np.int64)


def whole_number(value: ArrayLike, *, name: str, least: int, most: int) -> int:
    """Return one whole number as it is given; raise ``ValueError`` if it is none or out of range.

    Parameters
    ----------
    value
    name
        What it is, for the message.
    least, most
    """
    found = whole_numbers(value, name=name)
    if found.size != 1:
        raise ValueError(f"{name} must be one number; found {found.size}")
    if not least <= found[0] <= most:
        raise ValueError(f"{name} must lie in {least}…{most}, not {found[0]}")
    return int(found[0])


def existing(numbers: ArrayLike, size: int, kind: str) -> NDArray[np.int64]:
    """Return arc or node numbers; raise ``ValueError`` with all that are out of range.

    Parameters
    ----------
    numbers : (k,) int
    size
        How many there are.
    kind
        ``arc`` or ``node``, for the message.
    """
    found = whole_numbers(numbers, name=f"{kind} numbers")
    if found.size and (found.min() < 0 or found.max() >= size):
        wrong = np.unique(found[(found < 0) | (found >= size)])
        named = ", ".join(map(str, wrong[:_NAMED]))
        there_are = f"must lie in 0…{size - 1}" if size else f"cannot be used: the network has no {kind}"
        raise ValueError(f"{kind} numbers {there_are}; found {named}")
    return found


def _checked(given: NDArray[np.generic], name: str) -> NDArray[np.generic]:
    """Return what is given as whole floats, or say where it is none."""
    if given.dtype.kind == "O" and any(isinstance(value, bool | np.bool_) for value in given):
        raise ValueError(f"{name}: True or False stands among the numbers")
    try:
        numbers = given.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers; found {given.dtype} {str(given[0])[:40]!r}") from error
    wrong = np.flatnonzero(~np.isfinite(numbers) | (numbers != np.rint(numbers)))
    if wrong.size:
        named = ", ".join(f"{numbers[k]} at position {k}" for k in wrong[:_NAMED])
        raise ValueError(f"{name} must be whole numbers; found {named}")
    if np.abs(numbers).max() >= _INTEGERS.max:
        raise OverflowError(f"{name}: {numbers[np.abs(numbers).argmax()]} is too large")
    return numbers

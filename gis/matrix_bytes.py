"""A matrix of travel times as a few bytes, for a browser or another program that computes with it.

The form, all of it in one gzip stream:

* 4 bytes: length of the head, little-endian;
* the head, JSON in UTF-8: ``rows``, ``columns``, ``bytes`` (of a step: 1 to 4), ``order`` and ``about`` (whatever the
  sender says of rows and columns);
* the steps, byte by byte: the lowest byte of all of them, then the next.

A number is seconds + 1, 0 where there is no way. A step is a number less the one before it (the first less 0), modulo
256 to the power of ``bytes``; a row begins where the one above ended. Without an ``order`` (``null``) rows are whole.
With one, the first columns are the rows themselves: rows and those columns come in that order, neighbours after one
another, and each row begins at its own column. Then come the other columns, one by one, in the order of the rows; last,
row by row, the numbers to the left of a row's own column, each as a step from the number the other way round: mostly 0,
since roads are seldom one-way.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE

_LENGTH = 4
_WIDEST = 4
_LEVEL = 6
"""Of gzip: 9 is a fortieth shorter and takes four to six times as long, which whoever changes a road waits for."""


def pack_matrix(
    seconds: NDArray[np.int32], about: Mapping[str, Any], *, turns: NDArray[np.int64] | None = None
) -> bytes:
    """Write a matrix.

    Parameters
    ----------
    seconds : (n, m) int32
        From 0; ``UNREACHABLE`` and more is no way.
    about
        What JSON can hold.
    turns : (n,), optional
        In what order the rows come, where the first columns are the rows themselves: neighbours after one another, as
        :func:`neighbours_in_turn` finds them if not given. Any order says the same; a good one is shorter.

    Returns
    -------
    bytes
        The same for the same input.
    """
    rows, columns = seconds.shape
    coded = np.where(seconds >= UNREACHABLE, 0, seconds + 1).astype(np.uint32)
    width = next(width for width in range(1, _WIDEST + 1) if int(coded.max(initial=0)) < 256**width)
    order = None
    if _begins_with_its_rows(coded):
        order = neighbours_in_turn(seconds[:, :rows]) if turns is None else turns
    steps = _steps(coded.ravel()) if order is None else _steps_both_ways(coded, order)
    planes = steps.astype("<u4", copy=False).view(np.uint8).reshape(-1, _WIDEST)[:, :width].T  # modulo 2³²
    told_order = None if order is None else order.tolist()
    head = {"rows": rows, "columns": columns, "bytes": width, "order": told_order, "about": dict(about)}
    told = json.dumps(head, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    content = len(told).to_bytes(_LENGTH, "little") + told + np.ascontiguousarray(planes).tobytes()
    return gzip.compress(content, compresslevel=_LEVEL, mtime=0)


def unpack_matrix(packed: bytes) -> tuple[NDArray[np.int32], dict[str, Any]]:
    """Read what :func:`pack_matrix` wrote: (n, m) int32 seconds, and what is said about them."""
    content = gzip.decompress(packed)
    begin = _LENGTH + int.from_bytes(content[:_LENGTH], "little")
    head = json.loads(content[_LENGTH:begin])
    shape, width, order = (head["rows"], head["columns"]), head["bytes"], head["order"]
    planes = np.frombuffer(content, np.uint8, offset=begin).reshape(width, -1)
    wide = np.zeros((planes.shape[1], _WIDEST), np.uint8)
    wide[:, :width] = planes.T
    steps = wide.view("<u4").ravel().astype(np.int64)
    if order is None:
        coded = np.cumsum(steps).reshape(shape) % 256**width
    else:
        coded = _numbers_both_ways(steps, np.array(order, np.int64), shape, 256**width)
    return np.where(coded == 0, UNREACHABLE, coded - 1).astype(np.int32), head["about"]


def _begins_with_its_rows(coded: NDArray[np.uint32]) -> bool:
    """Whether the first columns are the rows: one is where one is in no time."""
    rows, columns = coded.shape
    return rows <= columns and bool((coded.diagonal() == 1).all())


def neighbours_in_turn(between: NDArray[np.int32]) -> NDArray[np.int64]:
    """(n,) places from the first on, each followed by the nearest of those left.

    Parameters
    ----------
    between : (n, n)
        Seconds between them.
    """
    far = np.minimum(between, UNREACHABLE)
    order = np.zeros(len(far), np.int64)
    left = np.ones(len(far), np.bool_)
    for turn in range(1, len(far)):
        left[order[turn - 1]] = False
        order[turn] = np.where(left, far[order[turn - 1]], UNREACHABLE + 1).argmin()
    return order


def _steps(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return each number less the one before it, modulo 2³²."""
    return np.diff(numbers, prepend=np.uint32(0))


def _steps_both_ways(coded: NDArray[np.uint32], order: NDArray[np.int64]) -> NDArray[np.uint32]:
    between, others = coded[np.ix_(order, order)], coded[order, len(order) :]
    is_upper = np.tri(len(order), dtype=np.bool_).T  # the diagonal is in both
    there = np.concatenate([between[is_upper], others.T.ravel()])
    back = (between - between.T)[np.tri(len(order), k=-1, dtype=np.bool_)]
    return np.concatenate([_steps(there), back])


def _numbers_both_ways(
    steps: NDArray[np.int64], order: NDArray[np.int64], shape: tuple[int, int], modulus: int
) -> NDArray[np.int64]:
    rows, columns = shape
    upper, lower = np.triu_indices(rows), np.tril_indices(rows, -1)
    there = np.cumsum(steps[: len(steps) - len(lower[0])]) % modulus
    between, coded = np.zeros((rows, rows), np.int64), np.zeros(shape, np.int64)
    between[upper] = there[: len(upper[0])]
    between[lower] = (between.T[lower] + steps[len(there) :]) % modulus
    coded[np.ix_(order, order)] = between
    coded[order, rows:] = there[len(upper[0]) :].reshape(columns - rows, rows).T
    return coded

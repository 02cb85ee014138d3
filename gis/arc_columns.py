"""What is given of nodes, arcs and places beside their times: one entry each, finite, and at one with itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.arc_shapes import ArcShapes
from gis.whole_numbers import whole_numbers

FARTHEST_M = 1e8
"""No coordinate of a projected CRS is as large as this: twice round the earth."""
_NAMED = 10

Floats = NDArray[np.float64]


def given_positions(xy: ArrayLike, *, what: str = "places") -> Floats:
    """Return positions as they are given.

    Parameters
    ----------
    xy : (k, 2) float64
        Metres; two numbers alone are one position.
    what
        Whose, for the message.

    Raises
    ------
    ValueError
        If they are no pairs of numbers, masked, not finite or farther than the earth goes.
    """
    if np.ma.isMaskedArray(xy):
        raise ValueError(f"{what}: a masked array was given; fill or drop what is masked")
    given = np.asarray(xy)
    if given.dtype == bool or given.dtype.kind == "c":
        raise ValueError(f"{what}: positions are metres, not {given.dtype}")
    positions = given.astype(np.float64)
    if not positions.size:
        return np.empty((0, 2))
    if positions.shape == (2,):
        positions = positions.reshape(1, 2)
    if positions.ndim != 2 or positions.shape[1] != 2:
        raise ValueError(f"{what}: positions must be pairs of x and y, (k, 2); found {positions.shape}")
    _refuse(~np.isfinite(positions.sum(axis=1)), f"{what} without a position")
    _refuse(np.abs(positions).max(axis=1) > FARTHEST_M, f"{what} beyond the earth; positions are metres")
    return positions


def given_lengths(length_m: ArrayLike, *, arcs: int) -> Floats:
    """Return the lengths of arcs; raise ``ValueError`` where one is missing, negative or not finite."""
    lengths = np.asarray(length_m, dtype=np.float64)
    _refuse_other_size(lengths.size, arcs, "lengths")
    _refuse(~((lengths >= 0) & np.isfinite(lengths)), "length_m must be finite and not negative; see arcs")
    return lengths


def given_flags(joinable: ArrayLike, *, arcs: int) -> NDArray[np.bool_]:
    """Return a flag for each arc; raise ``ValueError`` if they are no flags or not one each."""
    flags = np.asarray(joinable)
    _refuse_other_size(flags.size, arcs, "flags joinable")
    if flags.dtype != bool:
        raise ValueError(f"joinable must be True or False for each arc; found {flags.dtype}")
    return flags


def given_twins(twin: ArrayLike, tail: NDArray[np.int32], head: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the twins of arcs; raise ``ValueError`` where they are not each other's, there and back."""
    twins = whole_numbers(twin, name="twin")
    _refuse_other_size(twins.size, tail.size, "twins")
    _refuse((twins < -1) | (twins >= tail.size), "twin must be −1 or an arc; see arcs")
    arcs = np.flatnonzero(twins >= 0)
    other = twins[arcs]
    is_pair = (twins[other] == arcs) & (other != arcs) & (tail[other] == head[arcs]) & (head[other] == tail[arcs])
    wrong = np.zeros(twins.size, dtype=bool)
    wrong[arcs[~is_pair]] = True
    _refuse(wrong, "twin must lead back between the same nodes, and name the arc as its own twin; see arcs")
    return twins.astype(np.int32)


def check_shapes(shapes: ArcShapes, *, arcs: int) -> None:
    """Raise ``ValueError`` if courses are given and not one for each arc, or a point of them is nowhere."""
    if shapes.start.size == 1 and not len(shapes.xy):
        return
    _refuse_other_size(shapes.start.size - 1, arcs, "shapes")
    if not np.isfinite(shapes.xy).all():
        raise ValueError("shapes must be finite; a point of them is nowhere")


def _refuse_other_size(found: int, arcs: int, what: str) -> None:
    if found != arcs:
        raise ValueError(f"{arcs} arcs and {found} {what}: one each is needed")


def _refuse(is_wrong: NDArray[np.bool_], words: str) -> None:
    wrong = np.flatnonzero(is_wrong)
    if wrong.size:
        raise ValueError(f"{words}: {', '.join(map(str, wrong[:_NAMED]))}")

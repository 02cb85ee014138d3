"""Travel times of arcs as they are given, in seconds or milliseconds, and as the network keeps them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.cost_matrix import CLOSED_MS, LONGEST_S, UNREACHABLE, whole_seconds
from gis.whole_numbers import existing, whole_numbers

Ints = NDArray[np.int64]
_NAMED = 10


def as_milliseconds(seconds: ArrayLike) -> Ints:
    """Return the milliseconds of whole seconds.

    Parameters
    ----------
    seconds : (m,) int
        ``UNREACHABLE`` where a road is closed.

    Returns
    -------
    (m,) int64
        ``CLOSED_MS`` where it is.

    Raises
    ------
    ValueError
        If a time is negative or no whole number.
    OverflowError
        If one is longer than ``LONGEST_S``; the message names the arcs.
    """
    given = _not_negative(seconds, "seconds")
    closed = given == UNREACHABLE
    _refuse_long(np.flatnonzero((given > LONGEST_S) & ~closed))
    return np.where(closed, CLOSED_MS, given * 1000)


def given_milliseconds(seconds: ArrayLike, milliseconds: ArrayLike, *, arcs: int) -> NDArray[np.int32]:
    """Return the milliseconds of a network's arcs from whichever unit they are given in.

    Parameters
    ----------
    seconds, milliseconds : (m,) int
        Empty or ``None`` where not given.
    arcs
        How many there must be.

    Returns
    -------
    (m,) int32

    Raises
    ------
    ValueError
        If their number is not that of the arcs, or both are given and at odds.
    OverflowError
        As :func:`as_milliseconds`.
    """
    has_seconds, has_ms = (given is not None and np.size(given) > 0 for given in (seconds, milliseconds))
    ms = _given(milliseconds) if has_ms else as_milliseconds(seconds if has_seconds else ())
    if ms.size != arcs:
        raise ValueError(f"tail, head and times need one length; {arcs} arcs, {ms.size} times")
    if has_ms and has_seconds:
        _refuse_odds(whole_numbers(seconds, name="seconds"), ms)
    return ms.astype(np.int32)


def changed_times(
    seconds: tuple[ArrayLike, ArrayLike] | None, milliseconds: tuple[ArrayLike, ArrayLike] | None, *, arcs: int
) -> tuple[Ints, Ints]:
    """Return which arcs change, and their milliseconds from now on.

    Parameters
    ----------
    seconds, milliseconds
        Arcs, and the time of each, in either unit.
    arcs
        How many the network has.

    Raises
    ------
    ValueError
        If an arc does not exist or is changed in both units, or the numbers of arcs and times differ.
    """
    in_s, in_ms = (existing(() if given is None else given[0], arcs, "arc") for given in (seconds, milliseconds))
    times_s = _one_each(as_milliseconds(() if seconds is None else seconds[1]), in_s)
    times_ms = _one_each(_given(() if milliseconds is None else milliseconds[1]), in_ms)
    both = np.intersect1d(in_s, in_ms)
    if both.size:
        raise ValueError(f"arcs changed in seconds and in milliseconds: {_list(both)}")
    return np.concatenate([in_s, in_ms]), np.concatenate([times_s, times_ms])


def _given(milliseconds: ArrayLike) -> Ints:
    ms = _not_negative(milliseconds, "milliseconds")
    _refuse_long(np.flatnonzero(ms > CLOSED_MS))
    return ms


def _one_each(times: Ints, arcs: Ints) -> Ints:
    if times.size not in (1, arcs.size):
        raise ValueError(f"{arcs.size} arcs and {times.size} times do not match")
    return np.broadcast_to(times, arcs.shape)


def _not_negative(values: ArrayLike, name: str) -> Ints:
    given = whole_numbers(values, name=name)
    wrong = np.flatnonzero(given < 0)
    if wrong.size:
        raise ValueError(f"{name} must not be negative; found {_list(given[wrong])} (arcs {_list(wrong)})")
    return given


def _refuse_long(arcs: NDArray[np.intp]) -> None:
    if arcs.size:
        raise OverflowError(
            f"{arcs.size} arcs take more than {LONGEST_S} s (arcs {_list(arcs)}); check their lengths and speeds"
        )


def _refuse_odds(seconds: Ints, ms: Ints) -> None:
    if seconds.size != ms.size:
        raise ValueError(f"{seconds.size} seconds and {ms.size} milliseconds are at odds")
    wrong = np.flatnonzero(whole_seconds(ms) != seconds)
    if wrong.size:
        raise ValueError(
            f"seconds and milliseconds are at odds on {wrong.size} arcs (arcs {_list(wrong)}); give one of them, "
            "or use with_seconds or with_milliseconds"
        )


def _list(numbers: NDArray[np.integer]) -> str:
    return ", ".join(map(str, numbers[:_NAMED].tolist()))

"""The least of many levels at which a plan exists, some of them too hard to decide at once."""

from __future__ import annotations

from collections.abc import Callable

from planning.siting.limits import Limits

FIRST_LOOKS, LONGER = 300, 3
"""Looks at the limits that a level is given at first, and how many times as many when all were asked: with threefold
rounds the last one costs two thirds of all, so that no level which is hard keeps the others waiting."""


def close_in(
    low: int, high: int, ask: Callable[[int, int], tuple[int, int]], limits: Limits, *, stepwise: bool
) -> tuple[int, int]:
    """Halve what lies between two levels; a hard one is left for a while, first for lower, then for higher ones.

    Parameters
    ----------
    low, high
        No plan exists below `low`; one does at `high`, or it is beyond all levels.
    ask
        Looks for a plan at a level, so many times at its limits, and returns `low` and `high` as known then;
        what has a plan at a level has one at any higher.
    limits
    stepwise
        Whether `low` is so near to the truth that lower levels are asked one after the other.

    Returns
    -------
    (low, high)
        Equal unless a limit was reached.
    """
    looks = FIRST_LOOKS
    while low < high and not limits.reached():
        hard: set[int] = set()
        for lower in (True, False):
            begin, end = low, high
            while begin < end and not limits.reached():
                middle = begin if lower and stepwise else (begin + end) // 2
                if middle not in hard:
                    low, high = ask(middle, looks)
                if low <= middle < high:
                    hard.add(middle)
                    begin, end = (begin, middle) if lower else (middle + 1, end)
                begin, end = max(begin, low), min(end, high)
        looks *= LONGER
    return low, high

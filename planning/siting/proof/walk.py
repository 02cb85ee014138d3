"""The one walk over every proof: its nodes in preorder, whatever the parts of the plans are made of.

Each node narrows its part of the plans to what its multipliers leave. A leaf is right where nothing is left; where
one child follows it goes on with what is left; where two follow, they are the halves that the node divides it into.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from planning.siting.proof.certificate import LEAF, ONWARD

P = TypeVar("P")


def closes(
    start: P | None,
    branches: Sequence[int],
    narrow: Callable[[int, P], P | None],
    divide: Callable[[int, P], tuple[P | None, P | None] | None],
    is_empty: Callable[[int, P], bool] | None = None,
) -> bool:
    """Whether a tree leaves no plan.

    Parameters
    ----------
    start
        All plans; ``None`` where there are none.
    branches : (k,)
        Of each node, in preorder: LEAF, ONWARD where one child follows, from 0 a branch whose two children follow.
    narrow
        What node k leaves of a part, ``None`` where that is nothing.
    divide
        The two halves, the one whose nodes follow first first; together they are all of the part. ``None`` where node
        k does not divide it so: then the proof is false.
    is_empty
        Whether node k, whose branch is below ONWARD, shows that there are no plans in a part.
    """
    pending: list[P | None] = [start]
    for k, branch in enumerate(branches):
        if not pending:
            return False
        part = pending.pop()
        if part is not None:
            part = narrow(k, part)
        if branch == ONWARD:
            pending.append(part)
        elif branch >= 0:
            halves = (None, None) if part is None else divide(k, part)
            if halves is None:
                return False
            pending += reversed(halves)
        elif (branch < ONWARD and is_empty is None) or (
            part is not None and (branch == LEAF or is_empty is None or not is_empty(k, part))
        ):
            return False
    return not pending

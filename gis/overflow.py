"""Ways that take longer than the network's integers can tell from "no way": refused, never called unreachable."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gis.components import Components
from gis.cost_matrix import CLOSED_MS, LONGEST_S
from gis.hierarchy.ends import Ends

Rows = NDArray[np.intp]


def refuse_lost_ways(components: Components, out: Ends, into: Ends, unreached: NDArray[np.bool_]) -> None:
    """Raise where a way exists though its time says there is none.

    Parameters
    ----------
    components
        Of the network.
    out, into
        Ways out of the origins and into the destinations, ends given as nodes.
    unreached : (n, m) bool
        Pairs that are said to have no way.

    Raises
    ------
    OverflowError
        Naming the first pair.
    """
    if not unreached.any() or not _may_be_lost(components, out, into):
        return
    for rows, reached in _groups(components, out):
        arrives = _ends_in(components, into, reached)
        row, column = np.nonzero(unreached[rows] & arrives)
        if row.size:
            raise OverflowError(_words(f"from origin {rows[row[0]]} to destination {column[0]}"))


def refuse_lost_facilities(components: Components, out: Ends, into: Ends, listed: NDArray[np.int32]) -> None:
    """Raise where a list of nearest facilities ends early though a further one can be reached.

    Parameters
    ----------
    components, out, into
        As for :func:`refuse_lost_ways`; `into` of the facilities.
    listed : (n, k) int32
        Facilities found for each origin, −1 where there are fewer than k.

    Raises
    ------
    OverflowError
        Naming the first origin.
    """
    short = np.flatnonzero((listed < 0).any(axis=1))
    if not short.size or not _may_be_lost(components, out, into):
        return
    of_short = Ends(out.at[short], out.ms[short])
    for rows, reached in _groups(components, of_short):
        arrives = np.flatnonzero(_ends_in(components, into, reached))
        lost = np.flatnonzero(np.isin(listed[short[rows]], arrives).sum(axis=1) < arrives.size)
        if lost.size:
            raise OverflowError(_words(f"from origin {short[rows[lost[0]]]} to a facility"))


def _may_be_lost(components: Components, out: Ends, into: Ends) -> bool:
    walks = int(out.ms.max(initial=0)) + int(into.ms.max(initial=0))
    return components.longest_ms + walks >= CLOSED_MS


def _groups(components: Components, out: Ends) -> Iterator[tuple[Rows, NDArray[np.bool_]]]:
    """Yield the origins whose ways begin in the same components, and which components they reach."""
    begins = np.where(out.at >= 0, components.of_node[out.at], -1)
    kinds, of = np.unique(begins, axis=0, return_inverse=True)
    for number, kind in enumerate(kinds):
        reached = np.zeros(components.leads_to.shape[0], dtype=bool)
        for component in np.unique(kind[kind >= 0]):
            reached |= components.reached_from(int(component))
        yield np.flatnonzero(of.reshape(-1) == number), reached


def _ends_in(components: Components, into: Ends, reached: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(((into.at >= 0) & reached[components.of_node[into.at]]).any(axis=1))


def _words(pair: str) -> str:
    return f"a way takes more than {LONGEST_S} s, the first {pair}; check the lengths and speeds of the roads"

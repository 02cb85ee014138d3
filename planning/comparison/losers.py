"""Who loses by a change, place by place and by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import numpy as np

from planning.comparison.scheme import Aligned

LOSS_S = 300
"""Seconds that a place may lose before it is named: five minutes, which people notice whatever the mode."""


@dataclass(frozen=True, slots=True)
class Loser:
    """A place whose people lose.

    Parameters
    ----------
    row
        Among the aligned places.
    people
    elders
        Of 60 and more who live there; ``None`` if the county does not count them.
    before_s
    after_s, more_s
        ``None`` where nobody serves them any longer.
    """

    row: int
    people: int
    elders: int | None
    before_s: int
    after_s: int | None
    more_s: int | None

    def as_dict(self) -> dict[str, int | None]:
        """Return the figures by name."""
        return {name: value for name, value in asdict(self).items() if name != "row"}


def find_losers(places: Aligned, before: str, after: str, *, more_than_s: int = LOSS_S) -> list[Loser]:
    """Return the inhabited places that lose more than so much time, or are served no longer.

    Parameters
    ----------
    places
        A place that only one of the schemes has is nobody's loss.
    before, after
        Keys of the schemes.
    more_than_s
        A loss of just so much is none.

    Returns
    -------
    list of Loser
        First those who are served no longer, most people first; then by people × seconds lost, most first.
    """
    was, now = places.served(before), places.served(after)
    more = places.seconds[after].astype(np.int64) - places.seconds[before]
    lost = was & places.there[after] & (~now | (more > more_than_s)) & (places.people > 0)
    found = []
    for row in np.flatnonzero(lost).tolist():
        after_s, more_s = (int(places.seconds[after][row]), int(more[row])) if now[row] else (None, None)
        elders = None if places.elders is None else int(places.elders[row])
        people, before_s = int(places.people[row]), int(places.seconds[before][row])
        found.append(Loser(row, people, elders, before_s, after_s, more_s))
    return sorted(found, key=_by_loss)


def sum_of_losers(losers: Iterable[Loser]) -> dict[str, int | None]:
    """Return ``places``, ``people`` and ``elders`` of losers; elders ``None`` where they are not counted."""
    listed = list(losers)
    elders = [one.elders for one in listed if one.elders is not None]
    told = sum(elders) if len(elders) == len(listed) else None
    return {"places": len(listed), "people": sum(one.people for one in listed), "elders": told}


def _by_loss(one: Loser) -> tuple[bool, int]:
    return one.more_s is not None, -one.people * (1 if one.more_s is None else one.more_s)

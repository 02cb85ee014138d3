"""What changes for people from one scheme to another: who gains, who loses, and by how much, in whole numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.comparison.losers import LOSS_S
from planning.comparison.scheme import Aligned
from planning.measures.travel_times import compare_means


@dataclass(frozen=True, slots=True)
class Moved:
    """People by what a change means for them; together everyone at the places that both schemes have.

    Parameters
    ----------
    same, gain, lose
        Served by both, in as much, less or more time.
    newly_served, no_longer_served
        Served by the later scheme only, by the earlier one only.
    unserved
        Served by neither.
    """

    same: int
    gain: int
    lose: int
    newly_served: int
    no_longer_served: int
    unserved: int

    def as_dict(self) -> dict[str, int]:
        """Return the figures by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class PersonSeconds:
    """Travel of the people whom both schemes serve.

    Parameters
    ----------
    gained
        Saved by those who gain.
    lost
        More for those who lose.
    net
        ``gained − lost``: the total of the earlier scheme less that of the later one, exactly.
    """

    gained: int
    lost: int
    net: int

    def as_dict(self) -> dict[str, int]:
        """Return the figures by name."""
        return asdict(self)


def count_moved(places: Aligned, before: str, after: str) -> Moved:
    """Count people by what a change means for them.

    Parameters
    ----------
    places
    before, after
        Keys of the schemes.
    """
    is_before, is_after = (places.served(key) for key in (before, after))
    there = places.there[before] & places.there[after]
    more = _more_s(places, before, after)
    both = is_before & is_after

    def people(where: NDArray[np.bool_]) -> int:
        return int(places.people[where & there].sum())

    return Moved(
        same=people(both & (more == 0)),
        gain=people(both & (more < 0)),
        lose=people(both & (more > 0)),
        newly_served=people(~is_before & is_after),
        no_longer_served=people(is_before & ~is_after),
        unserved=people(~is_before & ~is_after),
    )


def count_person_seconds(places: Aligned, before: str, after: str) -> PersonSeconds:
    """Add up what people whom both schemes serve gain and lose.

    Parameters
    ----------
    places
    before, after
        Keys of the schemes.
    """
    both = places.served(before) & places.served(after)
    weighed = np.where(both, places.people * _more_s(places, before, after), 0)
    gained, lost = int(-weighed[weighed < 0].sum()), int(weighed[weighed > 0].sum())
    return PersonSeconds(gained, lost, gained - lost)


def change_by_township(places: Aligned, before: str, after: str) -> list[dict[str, Any]]:
    """Return what a change means township by township, in the order of their names.

    Parameters
    ----------
    places
    before, after
        Keys of the schemes.

    Returns
    -------
    list of dict
        ``township`` (``None`` for places without one), ``people`` at the places that both schemes have, ``compared``
        of them (served by both) with ``before_mean_s`` and ``after_mean_s``; ``gain`` and ``lose`` as for
        :class:`Moved`; ``lose_more``: who loses more than five minutes or is no longer served.
    """
    there = places.there[before] & places.there[after]
    seconds = [np.where(places.served(key), places.seconds[key], -1) for key in (before, after)]
    more = _more_s(places, before, after)
    both, gone = _both_and_gone(places, before, after)
    names, told = places.townships.astype(str), []
    for name in np.unique(names[there]).tolist():
        here = there & (names == name)
        same = compare_means(places.people[here], *(times[here] for times in seconds))
        told.append(
            {
                "township": name or None,
                "people": int(places.people[here].sum()),
                "compared": same.people,
                "before_mean_s": same.before_mean_s,
                "after_mean_s": same.after_mean_s,
                "gain": int(places.people[here & both & (more < 0)].sum()),
                "lose": int(places.people[here & both & (more > 0)].sum()),
                "lose_more": int(places.people[here & ((both & (more > LOSS_S)) | gone)].sum()),
            }
        )
    return told


def _more_s(places: Aligned, before: str, after: str) -> NDArray[np.int64]:
    """(n,) seconds more than before; means nothing where one of the two serves nobody."""
    return places.seconds[after].astype(np.int64) - places.seconds[before]


def _both_and_gone(places: Aligned, before: str, after: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(n,) whether both schemes serve a place, and whether only the earlier one does."""
    is_before, is_after = places.served(before), places.served(after)
    return is_before & is_after, is_before & ~is_after & places.there[after]

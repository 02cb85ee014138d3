"""Where a service may stand: the places that people live in, what stands there today, and sites somebody proposes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from planning.scenario.places import Places, rows_by_word

UNKNOWN = -1
"""Capacity of a site of which none is told."""

Origin = Literal["place", "facility", "proposed"]


@dataclass(frozen=True)
class Site:
    """One candidate beside the places that people live in.

    Parameters
    ----------
    id, name
    xy
        Metres.
    lon_lat
        Degrees, WGS-84.
    township
        As people call it, "" for none.
    origin
        ``facility`` of the county, or ``proposed`` by whoever plans.
    stands
        Whether it stands today, or will when the plan is carried out.
    capacity
        What it takes as it stands, ``UNKNOWN`` if that is not told.
    """

    id: str
    name: str
    xy: tuple[float, float]
    lon_lat: tuple[float, float]
    township: str = ""
    origin: Origin = "facility"
    stands: bool = True
    capacity: int = UNKNOWN


@dataclass(frozen=True, eq=False)
class Candidates:
    """All candidates of a question; those that are places come first, in the places' order.

    Parameters
    ----------
    ids : (m,) object
        Distinct.
    names : (m,) object
    positions : (m, 2) float64
        Metres.
    lon_lat : (m, 2) float64
        Degrees.
    townships : (m,) object or None
        As people call them; ``None`` if the county gives none.
    origins : (m,) object
        ``place``, ``facility`` or ``proposed``.
    stands : (m,) bool
    capacities : (m,) int64
        What a site takes as it stands, ``UNKNOWN`` if that is not told.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    positions: NDArray[np.float64]
    lon_lat: NDArray[np.float64]
    townships: NDArray[np.object_] | None
    origins: NDArray[np.object_]
    stands: NDArray[np.bool_]
    capacities: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def rows_by_word(self) -> Mapping[str, list[int]]:
        """Id or name -> rows; an id goes before a name that looks like one."""
        return rows_by_word(self.ids, self.names)


def candidates_of(places: Places, sites: Sequence[Site] = ()) -> Candidates:
    """Return the places, each a candidate, and further sites.

    Parameters
    ----------
    places
    sites
        Those whose id is taken are told apart from the place or site of that id by what they are.
    """
    n = len(places.names)
    ids = [*places.ids, *told_apart([site.id for site in sites], [site.origin for site in sites], places.ids)]
    townships = places.townships
    return Candidates(
        ids=np.array(ids, dtype=object),
        names=np.array([*places.names, *(site.name for site in sites)], dtype=object),
        positions=np.vstack([places.positions, *(np.array(site.xy) for site in sites)]),
        lon_lat=np.vstack([places.lon_lat, *(np.array(site.lon_lat) for site in sites)]),
        townships=None if townships is None else np.array([*townships, *(s.township for s in sites)], dtype=object),
        origins=np.array(["place"] * n + [site.origin for site in sites], dtype=object),
        stands=np.array([False] * n + [site.stands for site in sites], dtype=np.bool_),
        capacities=np.array([UNKNOWN] * n + [site.capacity for site in sites], dtype=np.int64),
    )


def told_apart(ids: Sequence[str], origins: Sequence[str], places: Iterable[str]) -> list[str]:
    """Return the ids by which sites are candidates: one that is taken says before it what its site is.

    Parameters
    ----------
    ids, origins
        Of the sites.
    places
        Ids of the places, which go before all others.
    """
    taken, found = set(places), []
    for id_, origin in zip(ids, origins, strict=True):
        free = id_
        while free in taken:
            free = f"{origin} {free}"
        taken.add(free)
        found.append(free)
    return found

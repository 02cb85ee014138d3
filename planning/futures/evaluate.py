"""All schemes in all futures: one network, one count of people a future, shared by whichever schemes can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gis.roads_used import arcs_used
from gis.snapping import one_after_other
from gis.travel_time import travel_times
from planning.futures.draw import Future
from planning.futures.scheme import FIGURES, FutureScheme
from planning.futures.travel import Travel

Tell = Callable[[int], None]
Stop = Callable[[], object]


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What schemes come to in futures.

    Parameters
    ----------
    keys
        Of the schemes.
    numbers : (f,) int64
        Of the futures that were computed: all of them unless the work was stopped.
    closed : (f,) int64
        Row of the road that is closed in each, −1 for none.
    figures : (s, len(FIGURES), f) float64
        NaN where a scheme tells no such figure.
    today : (s, len(FIGURES)) float64
        As each scheme tells them itself.
    """

    keys: tuple[str, ...]
    numbers: NDArray[np.int64]
    closed: NDArray[np.int64]
    figures: NDArray[np.float64]
    today: NDArray[np.float64]


def evaluate(
    schemes: Sequence[FutureScheme],
    futures: Sequence[Future],
    *,
    threads: Executor | None = None,
    stop: Stop = lambda: False,
    tell: Tell = lambda _done: None,
) -> Outcomes:
    """Measure schemes in futures, each future the same for all of them.

    Parameters
    ----------
    schemes
        On the same rows of one road table.
    futures
    threads
        Share the work; the figures do not depend on how many there are.
    stop
        Asked before each future; true ends the work with the futures computed so far.
    tell
        Told how many futures are computed.
    """
    used = roads_used(schemes)
    done: list[int] = []

    def compute(number: int) -> tuple[int, NDArray[np.float64]] | None:
        if stop():
            return None
        row = used.at(futures[number].road_at)
        found = _in_future(schemes, futures[number], row)
        done.append(number)
        tell(len(done))
        return row, found

    run = map if threads is None else partial(threads.map)
    computed = list(run(compute, range(len(futures))))
    numbers = [number for number, found in enumerate(computed) if found is not None]
    kept = [found for found in computed if found is not None]
    shape = (len(schemes), len(FIGURES))
    return Outcomes(
        tuple(one.key for one in schemes),
        np.array(numbers, np.int64),
        np.array([row for row, _ in kept], np.int64),
        np.stack([found for _, found in kept], axis=-1) if kept else np.empty((*shape, 0)),
        np.array([[one.today()[name] for name in FIGURES] for one in schemes]).reshape(shape),
    )


@dataclass(frozen=True, eq=False)
class UsedRoads:
    """The rows of the road table on which people go to a site of any of the schemes today.

    Parameters
    ----------
    rows : (k,) int64
        Ascending.
    length_m : (k,) float64
    """

    rows: NDArray[np.int64]
    length_m: NDArray[np.float64]

    def at(self, share: float | None) -> int:
        """Return the row at a share of the whole length, −1 where there is none to close."""
        if share is None or not self.length_m.sum() > 0:
            return -1
        ends = np.cumsum(self.length_m)
        return int(self.rows[min(np.searchsorted(ends, share * ends[-1], side="right"), len(ends) - 1)])


def roads_used(schemes: Sequence[FutureScheme]) -> UsedRoads:
    """Return the roads on which people go to the sites of any of the schemes today; the order of schemes is nothing."""
    found: dict[int, float] = {}
    for scheme in schemes:
        travel = scheme.travel
        arcs = np.flatnonzero(arcs_used(travel.network, travel.origins, scheme.sites, scheme.way))
        rows = np.unique(arcs[arcs < 2 * travel.rows] // 2)
        found |= {int(row): travel.length_m(int(row)) for row in rows}
    rows = np.array(sorted(found), np.int64)
    return UsedRoads(rows, np.array([found[int(row)] for row in rows], np.float64))


def _in_future(schemes: Sequence[FutureScheme], future: Future, row: int) -> NDArray[np.float64]:
    """(s, len(FIGURES)) what all schemes come to in one future."""
    closed = () if row < 0 else (row,)
    people: dict[tuple[object, ...], NDArray[np.int64]] = {}
    times: dict[int, NDArray[np.int32]] = {}
    for travel, together in by_travel(schemes):
        parts = _times(travel, together, future, closed)
        times |= {id(scheme): part for scheme, part in zip(together, parts, strict=True)}
    found = []
    for scheme in schemes:
        identity = scheme.counted.identity
        if identity not in people:
            people[identity] = scheme.counted.in_future(future)
        figures = scheme.in_future(future, times[id(scheme)], people[identity])
        found.append([figures[name] for name in FIGURES])
    return np.array(found)


def by_travel(schemes: Sequence[FutureScheme]) -> list[tuple[Travel, list[FutureScheme]]]:
    """Return the schemes by the roads that they share."""
    shared: dict[int, tuple[Travel, list[FutureScheme]]] = {}
    for scheme in schemes:
        shared.setdefault(id(scheme.travel), (scheme.travel, []))[1].append(scheme)
    return list(shared.values())


def _times(
    travel: Travel, schemes: Sequence[FutureScheme], future: Future, closed: Sequence[int]
) -> list[NDArray[np.int32]]:
    """Return (n, k) seconds to the sites of each scheme; sites of all of them are looked for together."""
    network = travel.in_future(future, closed)
    sites = schemes[0].sites
    for scheme in schemes[1:]:
        sites = one_after_other(sites, scheme.sites)
    seconds = travel_times(network, travel.origins, sites, mode=travel.mode).seconds
    seconds[np.concatenate([scheme.stands_at for scheme in schemes], axis=1)] = 0  # known once, not by name each time
    ends = np.cumsum([len(scheme.sites) for scheme in schemes])[:-1]
    return np.split(seconds, ends, axis=1)

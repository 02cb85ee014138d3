"""The minutes of several schemes place by place, with one number of people for each place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gis.cost_matrix import UNREACHABLE

T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Scheme:
    """Whom one scheme counts, and how long they take.

    Parameters
    ----------
    key
        What the scheme is called beside others: ``0`` for today, ``A``, ``B``, …
    ids, names, townships : (n,) object
        Of its places; a township is "" where there is none.
    lon_lat : (n, 2) float64
        Degrees.
    people : (n,) int64
    elders : (n,) int64 or None
        People of 60 and more, ``None`` if the county does not count them.
    seconds : (n,) int32
        To the site that serves them, ``UNREACHABLE`` where none does.
    """

    key: str
    ids: NDArray[Any]
    names: NDArray[Any]
    townships: NDArray[Any]
    lon_lat: NDArray[np.float64]
    people: NDArray[np.int64]
    elders: NDArray[np.int64] | None
    seconds: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Aligned:
    """Several schemes over the places of all of them.

    Parameters
    ----------
    ids, names, townships, lon_lat, people, elders
        As of a scheme; of a place that several have, as the first of them tells it. So a minute weighs the same in
        every scheme, and what is gained from one to the next adds up.
    seconds
        Key of the scheme → (n,) int32; ``UNREACHABLE`` also where a scheme does not have the place.
    there
        Key of the scheme → (n,) bool, whether it has the place.
    """

    ids: NDArray[Any]
    names: NDArray[Any]
    townships: NDArray[Any]
    lon_lat: NDArray[np.float64]
    people: NDArray[np.int64]
    elders: NDArray[np.int64] | None
    seconds: Mapping[str, NDArray[np.int32]]
    there: Mapping[str, NDArray[np.bool_]]

    def served(self, key: str) -> NDArray[np.bool_]:
        """(n,) whether a site of the scheme serves the place."""
        return np.asarray(self.there[key] & (self.seconds[key] < UNREACHABLE))


def align(schemes: Sequence[Scheme]) -> Aligned:
    """Return schemes over the places of all of them, by id: those of the first in its order, then what others add.

    Parameters
    ----------
    schemes
        At least one, with different keys.
    """
    row_of: dict[str, int] = {}
    for scheme in schemes:
        for id_ in scheme.ids:
            row_of.setdefault(str(id_), len(row_of))
    rows = {one.key: np.array([row_of[str(id_)] for id_ in one.ids], np.intp) for one in schemes}
    n = len(row_of)

    def of_first(columns: Iterable[NDArray[T]]) -> NDArray[T]:
        """Return a column as the first scheme that has a place tells it."""
        told = list(zip(schemes, columns, strict=True))
        whole = np.zeros((n, *told[0][1].shape[1:]), told[0][1].dtype)
        for scheme, column in reversed(told):
            whole[rows[scheme.key]] = column
        return whole

    def everywhere(scheme: Scheme) -> NDArray[np.int32]:
        seconds = np.full(n, UNREACHABLE, np.int32)
        seconds[rows[scheme.key]] = scheme.seconds
        return seconds

    elders = [one.elders for one in schemes if one.elders is not None]
    return Aligned(
        ids=np.array(list(row_of), dtype=object),
        names=of_first(one.names.astype(object) for one in schemes),
        townships=of_first(one.townships.astype(object) for one in schemes),
        lon_lat=of_first(one.lon_lat for one in schemes),
        people=of_first(one.people for one in schemes),
        elders=of_first(elders) if len(elders) == len(schemes) else None,
        seconds={one.key: everywhere(one) for one in schemes},
        there={key: np.isin(np.arange(n), at) for key, at in rows.items()},
    )

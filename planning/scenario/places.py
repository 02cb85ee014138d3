"""The places of a county and what stands in it, as a question names them: by id, by name, by township."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from planning.scenario.land import Land


@dataclass(frozen=True)
class Facility:
    """One facility that stands today.

    Parameters
    ----------
    id, name
    kind
        As the county's layer calls it, such as ``elder-home``.
    xy
        Metres.
    lon_lat
        Degrees, WGS-84.
    township
        As people call it, "" for none.
    capacity, floor_area_m2
        ``None`` where the layer does not tell.
    """

    id: str
    name: str
    kind: str
    xy: tuple[float, float]
    lon_lat: tuple[float, float]
    township: str = ""
    capacity: int | None = None
    floor_area_m2: float | None = None


@dataclass(frozen=True, eq=False)
class Places:
    """Places that people live in, each a demand point and a candidate, and the facilities that stand in the county.

    Parameters
    ----------
    people : (n,) frame
        Ids as index, and the columns that :func:`planning.population.demand_weights` counts.
    names : (n,) str
    positions : (n, 2) float64
        Metres.
    lon_lat : (n, 2) float64
        Degrees, WGS-84.
    townships : (n,) str or None
        As people call them; ``None`` if the county gives none.
    facilities
        Those that stand today, of whatever kind.
    land
        Gives outline and roads; asked for by edits of positions and roads only. ``None`` where there is no map.
    """

    people: pd.DataFrame
    names: NDArray[np.object_]
    positions: NDArray[np.float64]
    lon_lat: NDArray[np.float64]
    townships: NDArray[np.object_] | None
    facilities: tuple[Facility, ...] = ()
    land: Callable[[], Land] | None = None

    @cached_property
    def ids(self) -> list[str]:
        """Ids of the places."""
        return [str(id_) for id_ in self.people.index]

    @cached_property
    def rows_by_word(self) -> Mapping[str, list[int]]:
        """Id or name -> rows; an id goes before a name that looks like one."""
        return rows_by_word(self.ids, self.names)


def rows_by_word(ids: Iterable[str], names: Iterable[str]) -> dict[str, list[int]]:
    """Return id or name -> rows; an id goes before a name that looks like one."""
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        rows.setdefault(str(name), []).append(row)
    return rows | {id_: [row] for row, id_ in enumerate(ids)}


def township_labels(ids: pd.Series[Any], names: Mapping[str, str]) -> NDArray[np.object_]:
    """Return (n,) the township of each place as people call it.

    Parameters
    ----------
    ids : (n,)
        Township of each place.
    names
        Id → name; townships of the same name are told apart by their ids, those without one are called by theirs.
    """
    repeated = {name for name in names.values() if list(names.values()).count(name) > 1}
    labels = {id_: f"{name} ({id_})" if name in repeated else name for id_, name in names.items()}
    return np.array([labels.get(id_, id_) for id_ in ids.fillna("").astype(str)], dtype=object)

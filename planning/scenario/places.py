"""The places of a county as a question names them: by id, by name, by township."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Places:
    """Places that people live in; each is a demand point and a candidate.

    Parameters
    ----------
    people : (n,) frame
        Ids as index, and the columns that :func:`planning.population.demand_weights` counts.
    names : (n,) str
    positions : (n, 2) float64
        Metres.
    townships : (n,) str or None
        As people call them; ``None`` if the county gives none.
    """

    people: pd.DataFrame
    names: NDArray[np.object_]
    positions: NDArray[np.float64]
    townships: NDArray[np.object_] | None

    @property
    def ids(self) -> list[str]:
        """Ids of the places."""
        return [str(id_) for id_ in self.people.index]

    def rows_by_word(self) -> dict[str, list[int]]:
        """Return id or name -> rows; an id goes before a name that looks like one."""
        rows: dict[str, list[int]] = {}
        for row, name in enumerate(self.names):
            rows.setdefault(name, []).append(row)
        return rows | {id_: [row] for row, id_ in enumerate(self.ids)}


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

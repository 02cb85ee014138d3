"""What a site can take, and how little it must have: beds, square metres, people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.faults import Fault, FaultsError
from planning.siting.options import LARGEST_FIGURE, whole_column


@dataclass(frozen=True, eq=False)
class Capacity:
    """Capacity of the candidates and the load that each demand point puts on its site.

    Parameters
    ----------
    capacities : (m,) int64
        Most that an opened site takes.
    loads : (n,) int64
        What a demand point needs where it is served.
    minimum_loads : (m,) int64
        Least that an opened site must have.
    included : (m,) int64
        Load that a site takes as it stands or is opened; more needs an extension.
    extension_costs : (m,) int64
        Yuan for each unit of load beyond that, for models with a budget.
    """

    capacities: NDArray[np.int64]
    loads: NDArray[np.int64]
    minimum_loads: NDArray[np.int64] = field(repr=False)
    included: NDArray[np.int64] = field(repr=False)
    extension_costs: NDArray[np.int64] = field(repr=False)

    @classmethod
    def from_arrays(
        cls,
        n: int,
        m: int,
        people: NDArray[Any],
        *,
        capacities: ArrayLike | None = None,
        loads: ArrayLike | None = None,
        minimum_loads: ArrayLike | None = None,
        included: ArrayLike | None = None,
        extension_costs: ArrayLike | None = None,
    ) -> Capacity:
        """Check plain arrays.

        Parameters
        ----------
        n, m
            Numbers of demand points and candidates.
        people : (n,)
            The loads when none are given.
        capacities, minimum_loads : (m,)
            Left out: no upper limit; 0.
        included, extension_costs : (m,)
            Left out: all of the capacity; 0.
        loads : (n,)

        Raises
        ------
        FaultsError
            With everything that is wrong.
        """
        faults: list[Fault] = []
        wanted = whole_column(people if loads is None else loads, n, "loads", faults)
        enough = np.full(m, min(int(wanted.sum()), LARGEST_FIGURE), np.int64)
        room = whole_column(enough if capacities is None else capacities, m, "capacities", faults)
        none = np.zeros(m, np.int64)
        least = whole_column(none if minimum_loads is None else minimum_loads, m, "minimum_loads", faults)
        built = whole_column(room if included is None else included, m, "included", faults)
        yuan = whole_column(none if extension_costs is None else extension_costs, m, "extension_costs", faults)
        if faults:
            raise FaultsError(faults)
        return cls(room, wanted, least, built, yuan)


def refuse_capacity(capacity: Capacity | None) -> None:
    """Refuse a problem whose capacities a model would pass over in silence.

    Raises
    ------
    FaultsError
        ``capacity-not-taken``.
    """
    if capacity is not None:
        raise FaultsError([Fault("capacity-not-taken", field="capacities")])

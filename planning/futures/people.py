"""How many people a scheme counts in a future."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.futures.draw import Future
from planning.groups import COLUMNS, Base, Group
from planning.population import share_out
from planning.scenario.ageing import AGED_GROUPS, FROM_YEAR, NEEDED, aged


@dataclass(frozen=True, eq=False)
class Counted:
    """Whom a scheme counts, as far as a future can change it.

    Parameters
    ----------
    people : (n,) frame
        As the county gives them, not aged.
    group, base
        Of the scheme; the base counts where the county does not give both.
    year
        Whose elders the scheme counts whatever comes; ``None`` where it names none.
    told : (k, 2) int64
        Row of a place and how many people it has because the scheme says so: these stay.
    """

    people: pd.DataFrame
    group: Group
    base: Base
    year: int | None = None
    told: NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 2), np.int64))

    @property
    def ages(self) -> bool:
        """Whether elders are counted and can be aged."""
        return self.group in AGED_GROUPS and set(NEEDED) <= set(self.people)

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two schemes count the same people in every future."""
        return id(self.people), self.group, self.base, self.year, self.told.tobytes()

    def in_future(self, future: Future) -> NDArray[np.int64]:
        """(n,) whole people of a future, in the county rounded once and shared out by largest remainders.

        Parameters
        ----------
        future

        Notes
        -----
        At a share of 0 and of 1 these are exactly the people of :func:`planning.population.demand_weights` on the
        resident and on the registered base.
        """
        units = self.people
        everyone = self._everyone(future)
        if self.group == "all" or COLUMNS[self.group] not in units:
            counted = share_out(everyone, _rounded(everyone))
        else:
            year = self.year or future.year
            if self.ages and year != FROM_YEAR:
                units = aged(units, year, mortality=future.mortality)
            band = _column(units, COLUMNS[self.group])
            resident = _column(units, "resident") if "resident" in units else everyone
            factor = np.divide(everyone, resident, out=np.zeros(len(units)), where=resident > 0)
            residents = int(resident.sum())
            of_county = 2 * int(band.sum()) * _rounded(everyone) + residents  # halves up, without floats
            counted = share_out(band * factor, of_county // (2 * residents) if residents else 0)
        counted[self.told[:, 0]] = self.told[:, 1]
        return counted

    def _everyone(self, future: Future) -> NDArray[np.float64]:
        """(n,) all people of each place, between the two bases; on the scheme's own where there is no other."""
        if not {"resident", "registered"} <= set(self.people):
            return _column(self.people, self.base)
        resident, registered = (_column(self.people, base) for base in ("resident", "registered"))
        return np.asarray(resident + future.base_share * (registered - resident))


def _column(units: pd.DataFrame, name: str) -> NDArray[np.float64]:
    return np.array(units[name].fillna(0), np.float64)


def _rounded(people: NDArray[np.float64]) -> int:
    return int(np.floor(people.sum() + 0.5))

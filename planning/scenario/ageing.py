"""How many elders a place will have: cohorts that grow older, by assumptions that are shown with the result."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.groups import COLUMNS, Group
from planning.population import share_out

FROM_YEAR = 2020
"""Year of the figures: that of the census, which age bands of counties come from."""
STEP_YEARS = 5

AGED_GROUPS: tuple[Group, ...] = ("60+", "65+", "80+")
"""Whom ages alone say something of: children of 2030 are not born yet, and everyone includes them."""
NEEDED = ("resident", *(COLUMNS[group] for group in AGED_GROUPS), COLUMNS["5-14"])
"""Columns that the method starts from."""

WORKING_SHARES: Mapping[int, float] = MappingProxyType({45: 0.1277, 50: 0.1355, 55: 0.1134})
"""Of all aged 15–59, those of 45–49, 50–54 and 55–59: the country's at the census of 2020; assumed for each place."""
ELDER_SHARES: Mapping[int, float] = MappingProxyType({65: 0.478, 70: 0.320, 75: 0.202})
"""Of all aged 65–79, those of 65–69, 70–74 and 75–79, likewise."""
CHILDREN_PER_5_14 = 0.444
"""Children under 5 for each of 5–14, likewise."""
SURVIVAL: Mapping[int, float] = MappingProxyType(
    {45: 0.986, 50: 0.979, 55: 0.967, 60: 0.949, 65: 0.917, 70: 0.859, 75: 0.765, 80: 0.510}
)
"""Of those who begin five years at this age (80: and beyond), who end them alive: rounded, an assumption."""


def aged(people: pd.DataFrame, year: int, *, mortality: float = 1.0) -> pd.DataFrame:
    """Return the people with as many elders as they will be, by cohort.

    Those of 2020 are divided into groups of five years, and each group that lives on is five years older after five
    years. Nobody moves, mortality stays. How many elders a band of the county has is rounded once (halves up) and
    shared out by largest remainders, so that places sum to it exactly; ``resident`` stays as it is: only its
    composition changes.

    Parameters
    ----------
    people : (n,) frame
        Columns ``NEEDED``.
    year
        ``FROM_YEAR`` and some five years.
    mortality
        So many times as many die as ``SURVIVAL`` says.

    Returns
    -------
    (n,) frame
        The same with ``age_60_plus``, ``age_65_plus`` and ``age_80_plus`` of that year.

    Raises
    ------
    ValueError
        If the year is no whole number of steps ahead.
    """
    steps, left = divmod(year - FROM_YEAR, STEP_YEARS)
    if steps < 0 or left:
        raise ValueError(f"{year} is not some {STEP_YEARS} years after {FROM_YEAR}")
    cohorts = _cohorts(people)
    for _ in range(steps):
        cohorts = _grow_older(cohorts, mortality)
    bands = {age: _rounded(sum_) for age, sum_ in _bands(cohorts).items()}
    made = people.copy()
    made[COLUMNS["80+"]] = bands[80]
    made[COLUMNS["65+"]] = bands[80] + bands[65]
    made[COLUMNS["60+"]] = bands[80] + bands[65] + bands[60]
    return made


def _cohorts(people: pd.DataFrame) -> dict[int, NDArray[np.float64]]:
    """Return first age -> (n,) people of these five years (80: and beyond)."""
    resident, over_60, over_65, over_80, children = (_column(people[name]) for name in NEEDED)
    working = np.maximum(resident - over_60 - (1 + CHILDREN_PER_5_14) * children, 0)
    return {
        **{age: share * working for age, share in WORKING_SHARES.items()},
        60: np.maximum(over_60 - over_65, 0),
        **{age: share * np.maximum(over_65 - over_80, 0) for age, share in ELDER_SHARES.items()},
        80: over_80,
    }


def _grow_older(cohorts: Mapping[int, NDArray[np.float64]], mortality: float) -> dict[int, NDArray[np.float64]]:
    """Return the same people five years later; those of the youngest group are not asked for any more."""
    alive = {age: max(0.0, 1 - mortality * (1 - share)) if mortality != 1 else share for age, share in SURVIVAL.items()}
    older = {age + STEP_YEARS: alive[age] * people for age, people in cohorts.items() if age < max(alive)}
    older[max(alive)] = older[max(alive)] + alive[max(alive)] * cohorts[max(alive)]
    return older


def _bands(cohorts: Mapping[int, NDArray[np.float64]]) -> dict[int, NDArray[np.float64]]:
    """Return the people of 60–64, of 65–79, of 80 and beyond."""
    middle = [people for age, people in cohorts.items() if 65 <= age < 80]
    return {60: cohorts[60], 65: np.sum(middle, axis=0), 80: cohorts[80]}


def _rounded(people: NDArray[np.float64]) -> NDArray[np.int64]:
    return share_out(people, int(np.floor(people.sum() + 0.5)))


def _column(column: pd.Series[Any]) -> NDArray[np.float64]:
    return np.array(column.fillna(0), dtype=np.float64)

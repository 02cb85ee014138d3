"""Two-step floating catchment: what is offered within reach, shared with all others within its reach.

Enhanced by zones (E2SFCA; Luo & Qi 2009):

    R_j = S_j / Σ_i P_i W(t_ij),        A_i = Σ_j R_j W(t_ij)

with S what a site offers, P the people of a place, and W 1.00, 0.68 and 0.22 in the first, second and last third of
the time limit, 0 beyond: the weights and the three zones of Luo & Qi, whose limit is 30 minutes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from planning.measures.travel_times import weighted_percentile
from planning.siting.problem import SitingProblem

ZONE_PERCENTS = (100, 68, 22)
"""Weight in each third of the limit, in hundredths."""

Offer = Literal["capacity", "sites"]


@dataclass(frozen=True, slots=True)
class Accessibility:
    """How much is offered to people, competition with others counted.

    Parameters
    ----------
    offer
        What is shared: ``capacity`` of the sites, or the ``sites`` themselves, one each, where they have none.
    zones
        (seconds up to which, weight) of each zone.
    median_per_1000
        The least figure such that at least half of the people have no more, per 1,000 people.
    p10_per_1000
        The same of a tenth of the people: what those who have least do not exceed.
    people_without
        Those who have nothing within the limit; they count as 0 in the figures above.
    """

    offer: Offer
    zones: tuple[tuple[int, float], ...]
    median_per_1000: float
    p10_per_1000: float
    people_without: int

    def as_dict(self) -> dict[str, object]:
        """Return the figures by name."""
        return asdict(self)


def zones_of(limit_s: int) -> tuple[tuple[int, int], ...]:
    """Return (seconds up to which, weight in hundredths) of each zone."""
    count = len(ZONE_PERCENTS)
    return tuple((limit_s * zone // count, weight) for zone, weight in enumerate(ZONE_PERCENTS, start=1))


def accessibility(
    values: NDArray[np.int32], people: NDArray[np.int64], offered: NDArray[np.int64], *, limit_s: int
) -> NDArray[np.float64]:
    """(n,) what is offered for each person of a place.

    Parameters
    ----------
    values : (n, k) int32
        Seconds from the places to the sites.
    people : (n,) int64
    offered : (k,) int64
        S: what each site offers; nobody has a part of what nobody can reach.
    limit_s
        End of the last zone.
    """
    place, site = np.nonzero(values <= limit_s)
    ends, percents = np.array(zones_of(limit_s)).T
    weight = percents[np.searchsorted(ends, values[place, site])]
    wanted = np.bincount(site, people[place] * weight, minlength=values.shape[1])[site]
    shared = np.divide(offered[site] * weight, wanted, out=np.zeros(len(site)), where=wanted > 0)
    # Added one by one in the order of the sites: the same sum on every machine, as a product of matrices is not.
    return np.asarray(np.bincount(place, shared, minlength=len(people)), np.float64)


def describe_accessibility(problem: SitingProblem, opened: NDArray[np.int64], *, limit_s: int) -> Accessibility | None:
    """Return the accessibility of a plan, ``None`` where nobody is counted.

    Parameters
    ----------
    problem
        With capacities these are offered, otherwise each site is one.
    opened : (k,) int64
        Positions of the opened candidates.
    limit_s
        End of the last zone.
    """
    people, room = problem.weights, problem.capacity
    if people.sum() == 0:
        return None
    offered = np.ones(len(opened), np.int64) if room is None else room.capacities[opened]
    each = accessibility(problem.values[:, opened], people, offered, limit_s=limit_s)
    return Accessibility(
        offer="sites" if room is None else "capacity",
        zones=tuple((upto_s, percent / 100) for upto_s, percent in zones_of(limit_s)),
        median_per_1000=1000 * weighted_percentile(each, people, 50),
        p10_per_1000=1000 * weighted_percentile(each, people, 10),
        people_without=int(people[each == 0].sum()),
    )

"""Every measure by its code: one function, one unit, one definition (``measures.<code>`` among the messages)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from planning.measures.catchment import describe_accessibility
from planning.measures.floor_area import add_floor_area
from planning.measures.groups import find_worst_township, measure_ages, measure_townships
from planning.measures.inequality import equally_distributed, gini
from planning.measures.loads import loads_of
from planning.measures.money import yuan_of
from planning.measures.second_site import second_nearest_s
from planning.measures.served import count_served
from planning.measures.standards import check_facilities
from planning.measures.travel_times import measures

Unit = Literal["people", "seconds", "ratio", "yuan", "m2", "load", "per-1000-people", "verdict"]
Basis = Literal["problem", "capacities", "townships", "age-bands", "unit-costs", "rooms", "standard"]
"""What a figure rests on: the times and people of the problem alone, or these and something more."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One measure.

    Parameters
    ----------
    code
        Its key in ``measures`` of a plan, or beside them.
    unit
        Of its leading figure (``measures.unit.<unit>``).
    basis
        What it rests on beyond times and people (``measures.basis.<basis>``).
    measured_by
        The one function behind the figure.
    better
        Whether more or less of it is better; ``None`` where neither is.
    leading
        Key of its leading figure, where it has several; "" where it is one figure, or has no leading one.
    of_limit
        Whether it rests on the time limit, so that plans with different limits are not comparable by it.
    alike
        Key of what two plans must share to be comparable by it, "" for nothing: the κ of an equivalent, what is
        offered of an accessibility.
    """

    code: str
    unit: Unit
    basis: Basis
    measured_by: Callable[..., Any]
    better: Literal["more", "less"] | None = None
    leading: str = ""
    of_limit: bool = False
    alike: str = ""

    def figure_of(self, measured: Any) -> int | float | None:
        """Return the one figure that stands for a measure, ``None`` where there is none.

        Parameters
        ----------
        measured
            As it stands under its code among the measures of a plan.
        """
        figure = measured.get(self.leading) if isinstance(measured, Mapping) and self.leading else measured
        return figure if isinstance(figure, int | float) else None

    def basis_of(self, measured: Any) -> Any:
        """Return what another plan's figure must share to be comparable with this one, ``None`` for nothing."""
        return measured.get(self.alike) if isinstance(measured, Mapping) and self.alike else None


CATALOGUE: Mapping[str, Definition] = {
    one.code: one
    for one in (
        Definition("people_total", "people", "problem", measures),
        Definition("people_within_limit", "people", "problem", measures, "more", of_limit=True),
        Definition("served_people", "people", "capacities", count_served, "more", of_limit=True),
        Definition("over_capacity_people", "people", "capacities", count_served, "less", of_limit=True),
        Definition("outside_people", "people", "problem", count_served, "less", of_limit=True),
        Definition("unreachable_people", "people", "problem", measures, "less"),
        Definition("mean_s", "seconds", "problem", measures, "less"),
        Definition("median_s", "seconds", "problem", measures, "less"),
        Definition("p95_s", "seconds", "problem", measures, "less"),
        Definition("worst_s", "seconds", "problem", measures, "less"),
        Definition("second_nearest", "seconds", "problem", second_nearest_s, "less", leading="mean_s"),
        Definition("gini", "ratio", "problem", gini, "less"),
        Definition(
            "equivalent",
            "seconds",
            "problem",
            equally_distributed,
            "less",
            leading="seconds",
            alike="kappa_e12",
        ),
        Definition("by_township", "seconds", "townships", measure_townships),
        Definition("worst_township", "seconds", "townships", find_worst_township, "less", leading="mean_s"),
        Definition("loads", "load", "capacities", loads_of),
        Definition(
            "accessibility",
            "per-1000-people",
            "capacities",
            describe_accessibility,
            "more",
            leading="median_per_1000",
            of_limit=True,
            alike="offer",
        ),
        Definition("spent_yuan", "yuan", "unit-costs", yuan_of, "less"),
        Definition("by_age", "seconds", "age-bands", measure_ages),
        Definition("floor_area", "m2", "rooms", add_floor_area),
        Definition("standards", "verdict", "standard", check_facilities),
    )
}
"""The definitions that command line, API, page and README show, in the order in which they show them."""

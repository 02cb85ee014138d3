"""A plan of sites that somebody named: measured and told as any plan, with the conditions that it breaks."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from api.actions.open_county import OpenCounty
from api.actions.plan_measured import measured
from api.actions.plan_view import view_plan
from gis.faults import Fault
from planning.scenario.broken import broken_by
from planning.scenario.build import Built
from planning.scenario.fit import misfits
from planning.scenario.placed import AS_PLACED, as_placed
from planning.scenario.question import PlanQuestion
from planning.siting import Solution
from planning.siting.limits import Stop
from planning.siting.solution import Reason


def _until(stop: Callable[[], bool], time_limit_s: float) -> Stop:
    """Return `stop` for work that ends in time, the search for reasons why there is no plan included."""
    deadline = time.monotonic() + time_limit_s

    def look() -> bool | Reason:
        return stop() or (time.monotonic() >= deadline and Reason("time-limit", {}))

    return look


class Made(NamedTuple):
    """A plan of named sites as it is told, and as measures read it."""

    plan: dict[str, Any]
    solution: Solution


def misfits_placed(question: PlanQuestion) -> list[Fault]:
    """Return what can be refused in any county; ``sites-missing`` where no site is named.

    Parameters
    ----------
    question
        With its defaults.
    """
    return ([] if question.sites else [Fault("sites-missing", field="sites")]) + misfits(question)


def place(at_hand: OpenCounty, built: Built, *, stop: Callable[[], bool] = lambda: False, time_limit_s: float) -> Made:
    """Return the plan of the sites that a question names; nothing is chosen, so nothing is claimed.

    Parameters
    ----------
    at_hand
    built
        Of a question with sites.
    stop, time_limit_s
        For the allocation, where sites take only so much.

    Returns
    -------
    Made
        As a plan, with ``status`` ``as-placed``; ``broken``: the conditions that do not hold, by name;
        ``allocated_by``: ``nearest`` or ``capacity``; ``provisional``: whether time was up before the best allocation
        was found; ``reasons``: why no allocation keeps to the capacities.
    """
    placed = as_placed(built, stop=_until(stop, time_limit_s), time_limit_s=time_limit_s)
    told = view_plan(at_hand, built, placed.solution, measured(at_hand, built, placed.solution))
    ids = built.resolved.candidates.ids
    order = {str(ids[row]): k for k, row in enumerate(built.resolved.sites)}  # of their numbers
    plan = {
        **told,
        "opened": sorted(told["opened"], key=order.__getitem__),
        "facilities": sorted(told["facilities"], key=lambda site: order[site["id"]]),
        "status": AS_PLACED,
        "allocated_by": placed.allocated_by,
        "provisional": placed.is_provisional,
        "broken": [one.as_dict() for one in broken_by(built, placed.solution)],
    }
    return Made(plan, placed.solution)

"""A plan of sites that somebody has named: nothing is chosen; who goes where follows from times and capacities."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.measures.loads import site_loads
from planning.scenario.build import Built
from planning.scenario.defaults import options_known
from planning.siting import MODELS, SitingProblem, Solution
from planning.siting.capacity import Capacity
from planning.siting.engine.allocation import allocate_nearest
from planning.siting.limits import Stop, never
from planning.siting.rules import Rules
from planning.siting.spending import spent_yuan

AS_PLACED = "as-placed"
"""Status of a plan whose sites were named: never the best, since none was compared with it."""


@dataclass(frozen=True, eq=False)
class Placed:
    """What sites that were named come to.

    Parameters
    ----------
    solution
        Without objective and proof. With its reasons where no allocation keeps the capacities: then everyone is sent
        to the nearest site, and sites are overloaded.
    allocated_by
        ``nearest``, or ``capacity`` where the model's own allocation keeps to what sites take.
    is_provisional
        Whether time was up before the best allocation was found.
    """

    solution: Solution
    allocated_by: str
    is_provisional: bool = False


def at_the_nearest(problem: SitingProblem, opened: NDArray[np.int64], *, model: str) -> Solution:
    """Return the plan of some sites, everyone at the nearest that they reach.

    Parameters
    ----------
    problem
    opened : (k,)
        Rows of candidates, ascending; may be none.
    model
        What the plan calls itself.

    Notes
    -----
    Whom a site has no room for, or who takes longer than is allowed, is told by the measures, not sent elsewhere:
    people go where it is near.
    """
    allocation = allocate_nearest(problem, opened)
    return Solution(model, {}, "feasible", "min", "person-seconds", opened=opened, allocation=allocation)


def as_placed(built: Built, *, stop: Stop = never, time_limit_s: float | None = None) -> Placed:
    """Return the plan of the sites that a question names.

    Parameters
    ----------
    built
        Of a question with sites.
    stop, time_limit_s
        For the allocation where sites would be overloaded.
    """
    problem, opened = built.problem, np.sort(np.array(built.resolved.sites, np.int64))
    nearest = at_the_nearest(problem, opened, model="placed")
    if problem.capacity is None or _keeps_within(built, nearest):
        return Placed(nearest, "nearest")
    found = _allocated(built, opened, stop, time_limit_s)
    if not found.opened.size:
        is_cut = found.status == "interrupted"
        reasons = () if is_cut else found.reasons
        return Placed(dataclasses.replace(nearest, reasons=reasons), "nearest", is_provisional=is_cut)
    return Placed(_among_all(nearest, found), "capacity", is_provisional=found.status != "optimal")


def _keeps_within(built: Built, nearest: Solution) -> bool:
    """Whether everyone can go to the nearest: nobody travels less by any other allocation."""
    problem = built.problem
    if problem.capacity is None:
        return True
    loads = site_loads(problem, nearest)[nearest.opened]
    room, least = (column[nearest.opened] for column in (problem.capacity.capacities, problem.capacity.minimum_loads))
    money = built.resolved.question.conditions.budget_yuan
    return bool((loads <= room).all() and (loads >= least).all()) and (
        money is None or spent_yuan(problem, nearest.opened, nearest.allocation) <= money
    )


def _allocated(built: Built, opened: NDArray[np.int64], stop: Stop, time_limit_s: float | None) -> Solution:
    """Return the model's plan where exactly these sites may be opened, and all of them are."""
    model = MODELS[str(built.resolved.question.model)]
    options: dict[str, Any] = {**built.options, "stop": stop, "time_limit_s": time_limit_s}
    if "p" in options_known(model):
        options["p"] = len(opened)
    if options.get("budget_yuan") is not None:
        closed = np.setdiff1d(np.flatnonzero(built.problem.rules.stands), opened)
        options["budget_yuan"] = max(0, options["budget_yuan"] - int(built.problem.closing_costs[closed].sum()))
    return model.solve(_restricted(built.problem, opened), **options)


def _restricted(problem: SitingProblem, opened: NDArray[np.int64]) -> SitingProblem:
    """Return the problem with these candidates alone, each required; conditions on sets of sites play no part."""
    stands = problem.rules.stands[opened]
    room = problem.capacity
    late = problem.values[problem.inhabited][:, opened].min(axis=1) > (problem.max_time_s or 0)
    return dataclasses.replace(
        problem,
        max_time_s=None if late.any() else problem.max_time_s,  # what is broken anyway hinders nothing else
        values=np.ascontiguousarray(problem.values[:, opened]),
        candidate_ids=problem.candidate_ids[opened],
        rules=Rules.from_arrays(len(opened), status=np.where(stands, "existing", "required").astype(object)),
        capacity=None if room is None else _capacity_of(room, opened),
        opening_costs=problem.opening_costs[opened],
        closing_costs=problem.closing_costs[opened],
    )


def _capacity_of(room: Capacity, opened: NDArray[np.int64]) -> Capacity:
    columns = ("capacities", "minimum_loads", "included", "extension_costs")
    return dataclasses.replace(room, **{name: getattr(room, name)[opened] for name in columns})


def _among_all(nearest: Solution, found: Solution) -> Solution:
    """Return an allocation among the sites alone as one among all candidates."""
    rows = nearest.opened
    sent = np.where(found.allocation < 0, -1, rows[found.allocation])
    shares = found.shares
    if shares is not None:
        shares = np.column_stack([shares[:, 0], rows[shares[:, 1]], shares[:, 2]])
    return dataclasses.replace(nearest, allocation=sent, shares=shares)

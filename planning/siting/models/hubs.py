"""Hubs: where they stand, whom each serves and how large each is, at once.

min Σ_j f(P_j, C_j) y_j   subject to   Σ_{j: t_ij ≤ L} x_ij = 1,   x_ij ≤ y_j,   x, y binary,
    P_j = Σ_i w_i x_ij,   C_j = Σ_i c_i x_ij,
    f(P, C) = max(500 m², Σ_r max(m_r, b_r + p_r P + c_r C))

over the rooms r of the table (:mod:`planning.hub_rooms`), corridors included: rooms shared by
everyone are counted once per hub, not once per service. A location set covering problem (Toregas
et al. 1971) with facilities sized from their demand (Geoffrion & McBride 1978, for convex sizes).
With a budget, area times price and the opening and closing costs stay within it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.faults import Fault, FaultsError
from planning.hub_rooms import DEFAULT_ROOMS, Room, RoomFigures, hub_area_mm2, whole_figures
from planning.siting.engine.allocation import allocate_nearest
from planning.siting.engine.conflict.conflict import with_parts
from planning.siting.engine.hubs.case import MM2, HubCase
from planning.siting.engine.hubs.stages import Budget, Outcome, solve_hubs
from planning.siting.engine.solver import describe
from planning.siting.limits import Limits, Report, Stop, never, silent
from planning.siting.models.registry import MODELS
from planning.siting.options import whole_column, whole_number
from planning.siting.problem import SitingProblem
from planning.siting.solution import Reason, Solution
from planning.siting.spending import spent_yuan

FIELDS = ("base", "person", "child", "least")
UNIT = "m²"
LARGEST_COST = 2**60
"""Millionths of yuan that all openings and closings may come to, so that sums of them fit 64 bits."""


def hubs(
    problem: SitingProblem,
    *,
    limit_s: int | None = None,
    rooms: Sequence[Room] = DEFAULT_ROOMS,
    children: ArrayLike | None = None,
    budget_yuan: int | None = None,
    yuan_per_m2: int = 2600,
    p: int | None = None,
    stop: Stop = never,
    report: Report = silent,
    time_limit_s: float | None = None,
) -> Solution:
    """Choose hubs, whom they serve and their floor area so that the total area is least.

    Parameters
    ----------
    limit_s
        Every inhabited demand point is served within so many seconds.
    rooms
        The table that sizes a hub.
    children : (n,)
        Children of 5–14 at each demand point; without them a share of the people is assumed.
    budget_yuan
        What area, openings (of what does not stand) and closings may cost together.
    yuan_per_m2
        Price of a square metre.
    p
        Exactly so many hubs; left out, as many as are best, but one at least.
    stop, report, time_limit_s
        See :class:`~planning.siting.limits.Limits`; reaching a limit returns the best plan so far.

    Returns
    -------
    Solution
        ``objective`` in whole m², the exact total rounded up once. ``infeasible`` when somebody has no
        site within the limit, the rules allow no plan, or the budget is short: ``short`` yuan are
        missing at least, and ``cutoff`` would do for the cheapest plan that was found.

    Raises
    ------
    FaultsError
        When an option is missing or out of range.
    """
    limits = Limits(stop, report, time_limit_s)
    figures, ages = _sizes(problem, rooms, children)
    options = _options(problem, limit_s, yuan_per_m2, budget_yuan, p)
    options |= {"ages_known": int(children is not None), **name_figures(figures)}
    answer = MODELS["hubs"].asked(options)
    within = problem.allowed & (problem.values <= options["limit_s"])
    lonely = problem.inhabited & ~(within & ~problem.rules.barred).any(axis=1)
    if lonely.any():
        ids = problem.demand_ids[lonely].tolist()
        return answer.because(
            Reason("uncovered-demand", {"ids": ids, "count": len(ids), "limit_s": options["limit_s"]})
        )
    case = _case(problem, within, ages, figures, p)
    outcome = solve_hubs(case, _budget(problem, options), limits)
    return _told(answer, problem, outcome, limits)


def _told(answer: Solution, problem: SitingProblem, outcome: Outcome, limits: Limits) -> Solution:
    """Put the outcome into words."""
    search, solver = outcome.search, describe()
    if search.incumbent.plan is None:
        if outcome.shortage is None and not search.incumbent.proven:
            return answer.unfinished(limits.reason)
        reason = Reason("hubs-conflict", {})
        if outcome.shortage is not None:
            reason = _short(outcome.shortage.least, outcome.shortage.most)
        elif search.dearer is not None:  # HiGHS found nothing within the budget, and not how much is missing
            reason = _short(1, None)
        word = solver if outcome.by_solver else ""
        refusal = answer.because(reason, certificate=outcome.certificate, by_solver=outcome.by_solver, solver=word)
        if reason.code != "hubs-conflict":
            return refusal
        options = answer.options
        return with_parts(refusal, problem, limits.quiet(), p=options.get("p"), limit_s=options["limit_s"])
    allocation = allocate_nearest(problem, search.incumbent.plan.opened)
    allocation[problem.inhabited] = search.incumbent.plan.hub_of
    return answer.found(
        opened=search.incumbent.plan.opened,
        allocation=allocation,
        objective=search.incumbent.value,
        bound=search.incumbent.bound,
        proof=None if not search.incumbent.proven else "solver" if outcome.by_solver else "certificate",
        certificate=outcome.certificate,
        solver=solver if outcome.by_solver else "",
        limit=limits.reason,
    )


def _short(least: int, cutoff: int | None) -> Reason:
    """Return how many yuan are missing: so many, at least so many, or that at least and so many would do."""
    if cutoff is None:
        return Reason("budget-short-least", {"short": least})
    code = "budget-short" if cutoff == least else "budget-short-between"
    return Reason(code, {"short": least, "enough": cutoff})


def _options(
    problem: SitingProblem, limit_s: int | None, yuan_per_m2: int, budget_yuan: int | None, p: int | None
) -> dict[str, int]:
    """Check what was asked."""
    options = {
        "limit_s": whole_number("limit_s", limit_s, least=0),
        "yuan_per_m2": whole_number("yuan_per_m2", yuan_per_m2, least=0, most=10**6),
    }
    if budget_yuan is not None:
        options["budget_yuan"] = whole_number("budget_yuan", budget_yuan, least=0, most=10**12)
    if p is not None:
        options["p"] = whole_number("p", p, least=1, most=problem.values.shape[1])
    return options


def _sizes(
    problem: SitingProblem, rooms: Sequence[Room], children: ArrayLike | None
) -> tuple[tuple[RoomFigures, ...], NDArray[np.int64]]:
    """Return the room table in whole mm² and the children at each demand point."""
    faults: list[Fault] = []
    count = len(problem.weights)
    ages = whole_column(np.zeros(count, np.int64) if children is None else children, count, "children", faults)
    if faults:
        raise FaultsError(faults)
    return whole_figures(rooms, ages_known=children is not None), ages


def _case(
    problem: SitingProblem,
    within: NDArray[np.bool_],
    ages: NDArray[np.int64],
    figures: tuple[RoomFigures, ...],
    p: int | None,
) -> HubCase:
    here, m = problem.inhabited, problem.values.shape[1]
    room = problem.capacity
    return HubCase(
        reach=within[here],
        near=problem.values[here],
        people=problem.weights[here],
        children=ages[here],
        figures=figures,
        rules=problem.rules,
        least=1 if p is None else p,
        most=m if p is None else p,
        times=1,
        fixed=np.zeros(m, np.int64),
        capacity=None if room is None else replace(room, loads=room.loads[here]),
    )


def _budget(problem: SitingProblem, options: dict[str, int]) -> Budget | None:
    """Return the money: what stands costs its closing only if it is closed."""
    if "budget_yuan" not in options:
        return None
    stands = problem.rules.stands
    closing = int(problem.closing_costs[stands].sum())
    if (closing + sum(problem.opening_costs[~stands].tolist())) * MM2 >= LARGEST_COST:
        raise FaultsError([Fault("costs-too-large", field="opening_costs")])
    fixed = np.where(stands, -problem.closing_costs, problem.opening_costs) * MM2
    return Budget(options["yuan_per_m2"], fixed, (options["budget_yuan"] - closing) * MM2)


def spent_on_hubs(problem: SitingProblem, solution: Solution, children: ArrayLike | None = None) -> int:
    """Return what a plan of hubs costs: its area at its price, openings and closings.

    Parameters
    ----------
    problem
    solution
        Of :func:`hubs`, with a plan.
    children : (n,), optional
        As the plan was asked with.

    Returns
    -------
    int
        Yuan, rounded up.
    """
    options, area = solution.options, 0
    ages = np.zeros(len(problem.weights), np.int64) if children is None else np.asarray(children, np.int64)
    rooms = [tuple(options[f"room_{k}_{field}_mm2"] for field in FIELDS) for k in range(options["rooms"])]
    for hub in solution.opened.tolist():
        here = (solution.allocation == hub) & problem.inhabited
        area += hub_area_mm2(int(problem.weights[here].sum()), int(ages[here].sum()), rooms)  # type: ignore[arg-type]
    return -(-options["yuan_per_m2"] * area // MM2) + spent_yuan(problem, solution.opened)


def name_figures(figures: tuple[RoomFigures, ...]) -> dict[str, int]:
    """Return the room table, mm², as options by name: all that the checker needs of it."""
    named = {"rooms": len(figures)}
    for k, room in enumerate(figures):
        named |= {f"room_{k}_{field}_mm2": figure for field, figure in zip(FIELDS, room, strict=True)}
    return named

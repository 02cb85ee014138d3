"""Counter-proposals: for every candidate the best plan that has it, and what that would mean for people.

"This site instead" is the question of the scheme with one more condition, that the candidate opens. Each is solved by
the scheme's own model and checked like any plan, except where the scheme answers it: a plan with a site of a proven
scheme cannot be better than the scheme, and the scheme is one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.faults import Fault
from planning.comparison.difference import Moved, PersonSeconds, count_moved, count_person_seconds
from planning.comparison.losers import find_losers, sum_of_losers
from planning.comparison.scheme import Aligned
from planning.measures.flows import seconds_of
from planning.measures.money import yuan_of
from planning.siting import MODELS, SitingProblem, Solution, verify
from planning.siting.engine.allocation import allocate_nearest
from planning.siting.engine.legality import allowed_swaps
from planning.siting.limits import Limits, Stop, never
from planning.siting.proof.claim import Sides
from planning.siting.study.exchanges import Ground, best_exchange, pays_nearest
from planning.siting.study.question import EXISTING, REQUIRED, Question

State = Literal["proven", "found", "impossible", "excluded", "unanswered"]
"""``proven``: the best plan with the candidate. ``found``: a plan with it, not proven best. ``impossible``: there is no
plan with it under the conditions. ``excluded``: the question bars it. ``unanswered``: time was up before any was found.
"""

ANSWERED_MODELS = frozenset(model.name for model in MODELS.values() if model.quick)
"""Models that prove most candidates of a county within a second or two each, so that all come in minutes."""
SCHEME, PROPOSAL = "scheme", "proposal"
_AMPLE_S = 20.0
"""A candidate may take so long while half of the time is left: most take a fifth of a second, the worst some seconds,
and on a busy machine ten times that; cut off, they would stay unproven for nothing."""
_LEAST_S = 0.05
Tell = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Proposal:
    """The best plan with one candidate, beside the scheme.

    Parameters
    ----------
    candidate
        Its position.
    state
    plan
        ``None`` where there is none. Its certificate was checked and is not kept: whoever wants one asks for the plan.
    worse_by
        How much worse its objective is than the scheme's, in the model's unit; ``None`` where either has none.
    least_worse_by
        The least that any plan with the candidate is worse, as far as that is proven.
    seconds : (n,) int32
        Of each place to its site; empty without a plan.
    moved, travel
        Who gains and who loses, and by how much.
    losing
        ``places``, ``people`` and ``elders`` that lose more than five minutes, or are served no longer.
    extra_yuan
        What it costs more than the scheme; ``None`` where that is not priced.
    """

    candidate: int
    state: State
    plan: Solution | None = None
    worse_by: int | None = None
    least_worse_by: int | None = None
    seconds: NDArray[np.int32] | None = None
    moved: Moved | None = None
    travel: PersonSeconds | None = None
    losing: dict[str, int | None] | None = None
    extra_yuan: int | None = None


class _Exchanges(NamedTuple):
    """(p, m) figures and allowed exchanges, and what everybody pays in the scheme."""

    table: tuple[NDArray[np.int64], ...]
    allowed: NDArray[np.bool_]
    cost: int


@dataclass(frozen=True, eq=False)
class SchemeAsked:
    """The scheme that counter-proposals are held against.

    Parameters
    ----------
    question
        With the scheme as its solution. Sites that somebody placed have no objective: then plans are compared by what
        they mean for people alone.
    places
        Whom it counts and how long they take, under the key ``scheme``.
    sides
        What the model is asked with beside the problem.
    best
        The best plan of the question, where the scheme is of sites that somebody placed: searches begin from it.
    """

    question: Question
    places: Aligned
    sides: Sides
    best: Solution | None = None

    @property
    def is_proven(self) -> bool:
        """Whether nothing is better than the scheme."""
        return self.question.solution.status == "optimal"

    @cached_property
    def exchanges(self) -> _Exchanges | None:
        """What each exchange of one site comes to, where everyone pays at the nearest; else ``None``."""
        problem, solution = self.question.problem, self.question.solution
        if not pays_nearest(problem, solution) or solution.objective is None:
            return None
        ground, opened = Ground.of(problem, solution, None), solution.opened
        return _Exchanges(ground.exchanges(opened), allowed_swaps(problem.rules, opened), ground.cost_of(opened))

    def beginning(self, exchanged: Solution | None) -> Mapping[str, Any]:
        """Return what a model that can begin from other plans begins from: a proven one first, with its multipliers."""
        if "beside" not in inspect.signature(self.question.solve).parameters:
            return {}
        return {"beside": [one for one in (self.best or self.question.solution, exchanged) if one is not None]}

    def with_required(self, candidate: int) -> SitingProblem:
        """Return the problem in which a candidate opens in any case, or stays where it stands."""
        problem = self.question.problem
        status = problem.rules.status.copy()
        status[candidate] = EXISTING if problem.rules.stands[candidate] else REQUIRED
        return replace(problem, rules=replace(problem.rules, status=status))


def counter_proposals(
    scheme: SchemeAsked,
    *,
    threads: Executor | None = None,
    stop: Stop = never,
    tell: Tell = lambda _done, _of: None,
    time_limit_s: float | None = None,
) -> tuple[Proposal, ...]:
    """Return the best plan with each candidate, in the order of the candidates.

    Parameters
    ----------
    scheme
    threads
        Share the work. What is proven does not depend on how many there are.
    stop
        Asked often; true leaves the rest unanswered.
    tell
        Told how many of how many candidates are answered.
    time_limit_s
        For all of them together: what is slow then gets its share of the time that is left.

    Raises
    ------
    RuntimeError
        If the checker refuses the proof of a plan.
    """
    m = scheme.question.problem.values.shape[1]
    limits = Limits(stop, time_limit_s=time_limit_s)
    done: list[int] = []

    def answer(candidate: int) -> Proposal:
        found = _answer(scheme, candidate, limits, _share_s(limits, m - len(done), time_limit_s))
        done.append(candidate)
        tell(len(done), m)
        return found

    run = map if threads is None else partial(threads.map)
    return tuple(run(answer, range(m)))


def _share_s(limits: Limits, left: int, time_limit_s: float | None) -> float | None:
    """Return the seconds that the next candidate may take."""
    if time_limit_s is None:
        return None
    fair = max(_LEAST_S, limits.remaining_s / max(1, left))
    return max(fair, _AMPLE_S) if limits.remaining_s > time_limit_s / 2 else fair


def _answer(scheme: SchemeAsked, candidate: int, limits: Limits, seconds: float | None) -> Proposal:
    question = scheme.question
    solution = question.solution
    if question.problem.rules.barred[candidate]:
        return Proposal(candidate, "excluded")
    if scheme.is_proven and candidate in solution.opened:
        return _weighed(scheme, candidate, solution)
    exchanged = _exchanged(scheme, candidate)
    found = None if limits.reached() else _solve(scheme, candidate, exchanged, limits, seconds)
    if found is not None and found.status == "infeasible":
        return Proposal(candidate, "impossible", plan=found)
    if found is None or found.status != "optimal":
        found = _better(scheme, found, exchanged)
    return Proposal(candidate, "unanswered") if found is None else _weighed(scheme, candidate, found)


def _solve(
    scheme: SchemeAsked, candidate: int, exchanged: Solution | None, limits: Limits, seconds: float | None
) -> Solution | None:
    """Return the answer of the scheme's model with a candidate required, checked; ``None`` without a plan in time."""
    question, problem = scheme.question, scheme.with_required(candidate)
    options = {**question.options, **scheme.beginning(exchanged)}
    found = question.solve(problem, **options, stop=limits.stop, time_limit_s=seconds)
    faults = _faults(problem, found, scheme.sides)
    if faults:
        raise RuntimeError(f"the checker refuses a counter-proposal: {', '.join(fault.code for fault in faults)}")
    checked = replace(found, certificate=None)  # of a whole county's candidates they would fill the memory
    return checked if len(found.opened) or found.status == "infeasible" else None


def _exchanged(scheme: SchemeAsked, candidate: int) -> Solution | None:
    """Return the best plan that gives one site of the scheme for a candidate, ``None`` if none is known to obey.

    What it costs is read off a table, so that there is an answer however little time is left; it proves nothing.
    """
    problem, solution = scheme.question.problem, scheme.question.solution
    if scheme.exchanges is None or candidate in solution.opened:
        return None
    allowed = np.zeros_like(scheme.exchanges.allowed)
    allowed[:, candidate] = scheme.exchanges.allowed[:, candidate]
    best = best_exchange(scheme.exchanges.table, allowed)
    if best is None or scheme.exchanges.table[0][best] > 0:
        return None
    opened = np.sort(np.append(np.delete(solution.opened, best[0]), candidate))
    loss = int(scheme.exchanges.table[1][best]) - scheme.exchanges.cost
    return replace(
        solution,
        status="feasible",
        objective=int(solution.objective or 0) + (loss if solution.sense == "min" else -loss),
        proof=None,
        certificate=None,
        opened=opened,
        allocation=allocate_nearest(problem, opened),
    )


def _better(scheme: SchemeAsked, one: Solution | None, other: Solution | None) -> Solution | None:
    """Return the plan with the better objective, the first of two that are alike."""
    if one is None or other is None or one.objective is None or other.objective is None:
        return one or other
    return one if scheme.question.worse_by(one.objective) <= scheme.question.worse_by(other.objective) else other


def _faults(problem: SitingProblem, found: Solution, sides: Sides) -> list[Fault]:
    """Return what the checker holds against an answer; nothing is claimed where time was up before there was one."""
    check: Callable[..., list[Fault]] = verify
    return check(problem, found, **sides) if found.status in ("optimal", "infeasible") else []


def _weighed(scheme: SchemeAsked, candidate: int, plan: Solution) -> Proposal:
    """Return a plan with what it means for people and money, beside the scheme."""
    problem, before = scheme.question.problem, scheme.question.solution
    seconds = seconds_of(problem, plan.allocation)
    places = replace(
        scheme.places,
        seconds={SCHEME: scheme.places.seconds[SCHEME], PROPOSAL: seconds},
        there={SCHEME: scheme.places.there[SCHEME], PROPOSAL: scheme.places.there[SCHEME]},
    )
    children = scheme.sides.get("children")
    yuan = [yuan_of(problem, one, children) for one in (before, plan)]
    has_objectives = before.objective is not None and before.model == plan.model
    bounds = [one for one in (plan.bound, before.bound) if one is not None]  # with one condition more none is better
    bound = None if not bounds else max(bounds) if plan.sense == "min" else min(bounds)
    return Proposal(
        candidate,
        "proven" if plan.status == "optimal" else "found",
        plan=plan,
        worse_by=scheme.question.loss(plan) if has_objectives else None,
        least_worse_by=scheme.question.worse_by(bound) if has_objectives and bound is not None else None,
        seconds=seconds,
        moved=count_moved(places, SCHEME, PROPOSAL),
        travel=count_person_seconds(places, SCHEME, PROPOSAL),
        losing=sum_of_losers(find_losers(places, SCHEME, PROPOSAL)),
        extra_yuan=None if yuan[0] is None or yuan[1] is None else yuan[1] - yuan[0],
    )

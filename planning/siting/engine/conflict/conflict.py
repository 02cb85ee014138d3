"""Minimal conflicts: why no plan exists, as a set of parts of which none can be left out.

A conflict is a set of things asked that contradict each other, while dropping any one of them leaves
something possible (an irreducible inconsistent set, Chinneck & Dravnieks 1991). It is found by halving
(QuickXplain, Junker 2004): first with contradictions that counting shows, then with HiGHS on the
compact program. Several contradictions may exist side by side; one is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypedDict, Unpack

import numpy as np

from planning.siting.engine.conflict.figures import Figures
from planning.siting.engine.conflict.reasons import reasons_of
from planning.siting.engine.linear.compact import CompactQuestion, Part, Parts, compile_program
from planning.siting.engine.linear.search import solve_question
from planning.siting.engine.solver import describe
from planning.siting.limits import Limits
from planning.siting.problem import SitingProblem
from planning.siting.proof.statements.conflict import conflict_holds
from planning.siting.solution import Reason, Solution

EFFORT_S = 20.0
"""Seconds in which a conflict is made minimal; after them it is told as it is then, true but perhaps not minimal."""
EXPLAINS_BEST = (
    "keep", "least", "most", "everyone", "most-sites", "fewest", "capacity",
    "apart", "max-time", "limit", "minimum", "budget", "bar",
)  # fmt: skip
"""Of several contradictions the one made of earlier kinds is told."""


class Asked(TypedDict, total=False):
    """What a :class:`~planning.siting.engine.linear.compact.CompactQuestion` asks of a problem."""

    p: int | None
    at_most: bool
    limit_s: int | None
    everyone: bool
    every_place: bool
    budget: int | None
    divided: bool


def find_conflict(
    problem: SitingProblem, *, known: bool = False, limits: Limits, **asked: Unpack[Asked]
) -> tuple[Reason, ...]:
    """Return why a question has no plan: reasons that contradict each other, none of them needless.

    Dropping any one of the reasons (or any one site or township that it names) makes the rest possible.

    Parameters
    ----------
    known
        Whether it is known already that there is no plan.
    limits
        When reached, the reasons still contradict each other, but some may be needless; without
        `known` there may be none.
    asked
        See :class:`~planning.siting.engine.linear.compact.CompactQuestion`.

    Returns
    -------
    tuple of Reason
        Empty where there is a plan.
    """
    question = CompactQuestion(problem, **asked)
    conflict = minimal_conflict(question, limits, known=known)
    return reasons_of(question, conflict, limits) if conflict else ()


def because_of_rules(answer: Solution, problem: SitingProblem, *, limits: Limits, **asked: Unpack[Asked]) -> Solution:
    """Return an answer as infeasible, with a minimal conflict.

    ``enumerated`` where the checker sees the contradiction by counting, else on the solver's word.
    To be asked only where there is no plan.
    """
    reasons = find_conflict(problem, known=True, limits=Limits(limits.reached, time_limit_s=EFFORT_S), **asked)
    plain = replace(answer, status="infeasible", proof="enumerated", certificate=None, solver="", reasons=reasons)
    return plain if _counted(problem, plain, asked) else replace(plain, proof="solver", solver=describe())


def with_parts(refusal: Solution, problem: SitingProblem, limits: Limits, **asked: Unpack[Asked]) -> Solution:
    """Return a refusal with a minimal conflict after its own reason, or in its place where counting shows that.

    Everyone has to be served if nothing else is asked.

    The refusal as it was where none is found: what contradicts itself is then more than these parts, or time is up.
    """
    asked.setdefault("everyone", True)
    found = find_conflict(problem, limits=Limits(limits.reached, time_limit_s=EFFORT_S), **asked)
    plain = replace(refusal, proof="enumerated", certificate=None, solver="", reasons=found)
    if found and _counted(problem, plain, asked):
        return plain
    return replace(refusal, reasons=refusal.reasons + found)


def _counted(problem: SitingProblem, plain: Solution, asked: Asked) -> bool:
    """Whether the checker sees by counting that the reasons of an answer contradict each other."""
    everyone, every_place = asked.get("everyone", False), asked.get("every_place", False)
    limited = asked.get("limit_s") is not None
    return conflict_holds(problem, plain, everyone=everyone, limited=limited, every_place=every_place)


def minimal_conflict(asked: CompactQuestion, limits: Limits, *, known: bool = False) -> Parts:
    """Return parts that contradict each other, none of them needless; nothing where there is a plan."""
    parts = sorted(asked.parts(), key=lambda part: (EXPLAINS_BEST.index(part.kind), part.of))

    def counted(some: Parts) -> bool:
        return Figures(asked, some).contradictory()

    def impossible(some: Parts) -> bool:
        return counted(some) or _solver_refuses(asked, some, limits)

    if counted(frozenset(parts)):
        parts = _halve(parts, counted)
    elif not known and not impossible(frozenset(parts)):
        return frozenset()
    return frozenset(_halve(parts, impossible))


def _solver_refuses(asked: CompactQuestion, parts: Parts, limits: Limits) -> bool:
    """Whether HiGHS says that no plan keeps these parts; after a limit it says nothing."""
    if limits.reached() or _opens_everything(asked, parts):
        return False
    program = compile_program(asked, parts)
    answer = solve_question(program.question, limits, whole=program.whole)
    return answer.done and answer.values is None


def _opens_everything(asked: CompactQuestion, parts: Parts) -> bool:
    """Whether opening every site is a plan, places going largest first to where most room is left."""
    kinds = {part.kind for part in parts}
    capacity = asked.problem.capacity
    if kinds & {"most-sites", "most", "apart", "budget", "minimum"} or Figures(asked, parts).contradictory():
        return False
    if capacity is None or "capacity" not in kinds or not kinds & {"everyone", "max-time"}:
        return True
    may = asked.pairs(parts) & ~asked.rules(parts).barred
    room, loads = capacity.capacities.copy(), capacity.loads
    order = np.flatnonzero(asked.served)
    for i in order[np.argsort(-loads[order], kind="stable")].tolist():
        site = int(np.argmax(np.where(may[i], room, -1)))
        if not may[i, site] or room[site] < loads[i]:
            return False
        room[site] -= loads[i]
    return True


def _halve(parts: Sequence[Part], impossible: Callable[[Parts], bool]) -> list[Part]:
    """Return parts that are impossible together, and possible without any one of them (QuickXplain)."""

    def needed(given: Parts, changed: bool, some: Sequence[Part]) -> list[Part]:  # noqa: FBT001
        if changed and impossible(given):
            return []
        if len(some) == 1:
            return list(some)
        half = (len(some) + 1) // 2
        first, second = some[:half], some[half:]
        late = needed(given | frozenset(first), changed=True, some=second)
        early = needed(given | frozenset(late), changed=bool(late), some=first)
        return early + late

    return needed(frozenset(), changed=False, some=parts) if parts else []

"""Which conditions of a question the sites that somebody named break: told by name, never refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from planning.measures.flows import seconds_of
from planning.measures.loads import site_loads
from planning.scenario.build import Built
from planning.siting import Solution
from planning.siting.rules import STATUSES
from planning.siting.spending import spent_yuan

MOST_PAIRS = 200
"""So many pairs of sites that stand too near to each other are told, the nearest first."""


@dataclasses.dataclass(frozen=True)
class Broken:
    """One condition that a plan breaks.

    Parameters
    ----------
    code
        The words stand under ``planning.broken.<code>``.
    field
        Of the question.
    ids, names
        The candidates that it is about; of a township none, of a longest time the places.
    params
        Figures that the words mention.
    """

    code: str
    field: str
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    params: dict[str, Any] = dataclasses.field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        told = dataclasses.asdict(self)
        return {**told, "ids": list(self.ids), "names": list(self.names)}


def broken_by(built: Built, solution: Solution) -> list[Broken]:
    """Return every condition that a plan of named sites breaks.

    Parameters
    ----------
    built
        Of a question with sites.
    solution
        Its plan.
    """
    return [
        *_statuses(built, solution),
        *_away(built),
        *_townships(built, solution),
        *_pairs(built, solution),
        *_too_long(built, solution),
        *_overloaded(built, solution),
        *_too_dear(built, solution),
    ]


def _about(built: Built, code: str, field: str, rows: Sequence[int], **params: Any) -> Broken:
    candidates = built.resolved.candidates
    ids, names = (tuple(str(column[row]) for row in rows) for column in (candidates.ids, candidates.names))
    return Broken(code, field, ids, names, params)


def _statuses(built: Built, solution: Solution) -> Iterator[Broken]:
    """Yield sites that were to stay or to open and are not among those named, and those that were never to open."""
    rules = built.problem.rules
    is_open = np.zeros(len(rules.status), np.bool_)
    is_open[solution.opened] = True
    for status in ("existing", "required", "excluded", "closed"):
        said = rules.status == STATUSES.index(status)
        code, wrong = ("excluded", is_open) if status in {"excluded", "closed"} else (status, ~is_open)
        for row in np.flatnonzero(said & wrong).tolist():
            yield _about(built, code, "status", [row])


def _away(built: Built) -> Iterator[Broken]:
    for row in built.resolved.away:
        yield _about(built, "away", "sites", [row])


def _townships(built: Built, solution: Solution) -> Iterator[Broken]:
    rules = built.problem.rules
    of = rules.township[solution.opened]
    counts = np.bincount(of[of >= 0], minlength=len(rules.townships))
    for k, count in enumerate(counts.tolist()):
        told = {"township": str(rules.townships[k]), "count": count}
        if count < rules.least[k]:
            yield Broken("township-few", "townships", params={**told, "least": int(rules.least[k])})
        elif count > rules.most[k]:
            yield Broken("township-many", "townships", params={**told, "most": int(rules.most[k])})


def _pairs(built: Built, solution: Solution) -> Iterator[Broken]:
    rules, xy = built.problem.rules, built.resolved.candidates.positions
    is_open = np.zeros(len(rules.status), np.bool_)
    is_open[solution.opened] = True
    pairs = rules.apart[is_open[rules.apart].all(axis=1)]
    metres = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
    for pair in np.argsort(metres, kind="stable")[:MOST_PAIRS].tolist():
        told = {"metres": round(float(metres[pair])), "separation_m": rules.separation_m}
        yield _about(built, "too-near", "separation_km", pairs[pair].tolist(), **told)


def _too_long(built: Built, solution: Solution) -> Iterator[Broken]:
    problem = built.problem
    if problem.max_time_s is None:
        return
    late = (seconds_of(problem, solution.allocation) > problem.max_time_s) & problem.inhabited
    rows = np.flatnonzero(late).tolist()  # the places are the first candidates
    if rows:
        told = {"count": len(rows), "people": int(problem.weights[late].sum()), "limit_s": problem.max_time_s}
        yield _about(built, "too-long", "max_minutes", rows, **told)


def _overloaded(built: Built, solution: Solution) -> Iterator[Broken]:
    problem = built.problem
    if problem.capacity is None:
        return
    loads = site_loads(problem, solution)
    for row in solution.opened.tolist():
        load, most = int(loads[row]), int(problem.capacity.capacities[row])
        if load > most:
            yield _about(built, "overloaded", "capacity", [row], load=load, most=most)


def _too_dear(built: Built, solution: Solution) -> Iterator[Broken]:
    money = built.resolved.question.conditions.budget_yuan
    if money is None or solution.shares is not None:
        return
    spent = spent_yuan(built.problem, solution.opened, solution.allocation)
    if spent > money:
        yield Broken("too-dear", "budget_yuan", params={"spent_yuan": spent, "budget_yuan": money})

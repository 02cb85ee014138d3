"""Counter-proposals of a plan: computed when it is published, so that whoever asks "this site instead" waits for none.

The form of their file is that of :func:`view_counter_proposals`; :mod:`planning.hearing.counter_file` reads it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.actions.check_plan import asked_in
from api.actions.comparison.counted import counted_of
from api.actions.open_county import OpenCounty
from api.actions.plan_measured import site_told
from api.actions.posed import built_at
from api.runs.asked import Plan
from gis.cost_matrix import UNREACHABLE
from planning.comparison.counter_proposals import SCHEME, Proposal, SchemeAsked, counter_proposals
from planning.comparison.scheme import align
from planning.hearing.counter_file import FORM
from planning.scenario.build import Built
from planning.scenario.defaults import options_known, with_defaults
from planning.scenario.placed import as_placed
from planning.siting import MODELS, Solution
from planning.siting.proof.claim import read_claim
from planning.siting.study.question import Question

TIME_LIMIT_S = 1800.0
"""Nobody waits for them: of a county all p-medians are proven in a minute or two on an idle machine, and a busy one
takes its time rather than leave answers unproven for good; what takes seconds each is answered as far as it comes."""
WORKERS = 2
"""Threads: the solvers release the interpreter, and the office's machine has two cores."""
_BEST_TIME_LIMIT_S = 60.0
Report = Callable[[dict[str, Any]], None]


def make_counter_proposals(
    at_hand: OpenCounty,
    plan: Plan,
    *,
    stop: Callable[[], bool] = lambda: False,
    report: Report = lambda _progress: None,
    time_limit_s: float = TIME_LIMIT_S,
) -> dict[str, Any]:
    """Return the best plan with each candidate, beside a plan.

    Parameters
    ----------
    at_hand
        The county that the plan is of.
    plan
        Solved, or of sites that somebody placed: then the model of its question chooses as many sites as there are.
    stop
        Asked often; true leaves the rest unanswered.
    report
        Told how many candidates of how many are answered.
    time_limit_s
        For all of them together.

    Returns
    -------
    dict
        See :func:`view_counter_proposals`.
    """
    built, solution = _scheme_of(at_hand, plan)
    question = Question(built.problem, solution, MODELS[str(built.resolved.question.model)].solve, built.options)
    asked = SchemeAsked(question, align([counted_of(SCHEME, built, plan.answer)]), built.sides)
    if plan.claim is None:
        asked = _with_best(asked, stop)

    def tell(done: int, of: int) -> None:
        report({"step": "counter-proposals", "done": done, "of": of})

    with ThreadPoolExecutor(WORKERS) as threads:
        found = counter_proposals(asked, threads=threads, stop=stop, tell=tell, time_limit_s=time_limit_s)
    return view_counter_proposals(built, asked, found)


def _scheme_of(at_hand: OpenCounty, plan: Plan) -> tuple[Built, Solution]:
    """Return the question that counter-proposals answer, and the plan that they are held against."""
    services = at_hand.tables.services
    asked = asked_in(plan.answer, services)
    if plan.claim is not None:
        return built_at(at_hand, asked), read_claim(json.loads(plan.claim))[1]
    placed = as_placed(built_at(at_hand, asked)).solution
    takes_p = "p" in options_known(MODELS[str(asked.model)])
    free = dataclasses.replace(asked, sites=(), p=len(placed.opened) if takes_p else asked.p)
    return built_at(at_hand, with_defaults(free, services)), placed


def _with_best(asked: SchemeAsked, stop: Callable[[], bool]) -> SchemeAsked:
    """Return placed sites with the best plan of their question, as that plan where it has just these sites."""
    question = asked.question
    best = question.solve(question.problem, **question.options, stop=stop, time_limit_s=_BEST_TIME_LIMIT_S)
    if not np.array_equal(best.opened, question.solution.opened):
        return dataclasses.replace(asked, best=best)
    return dataclasses.replace(asked, question=dataclasses.replace(question, solution=best))


def view_counter_proposals(built: Built, scheme: SchemeAsked, found: Sequence[Proposal]) -> dict[str, Any]:
    """Return counter-proposals as JSON.

    Parameters
    ----------
    built, scheme
    found
        In the order of the candidates.

    Returns
    -------
    dict
        ``form``; ``model``, ``objective_unit``, ``status`` and ``opened`` of the scheme; ``demand``: ids of the places,
        with ``people`` and ``before_s`` of each (``null`` where nobody serves it); ``candidates``: each by id, name,
        township and degrees; ``counts``: state -> candidates; ``proposals``, one a candidate: ``candidate``,
        ``state``, and with a plan ``opened``, ``objective``, ``bound``, ``proof``, ``worse_by``, ``least_worse_by``,
        ``people`` (by what it means for them), ``person_seconds``, ``losing`` (more than five minutes), ``extra_yuan``
        and ``changed``: place's position and its seconds then, of all places whose time changes; without one
        ``reasons``, where it is impossible.
    """
    problem, solution = scheme.question.problem, scheme.question.solution
    before = scheme.places.seconds[SCHEME]
    states = [one.state for one in found]
    candidates = built.resolved.candidates
    return {
        "form": FORM,
        "model": solution.model,
        "objective_unit": MODELS[str(built.resolved.question.model)].objective_unit,
        "status": solution.status,
        "objective": solution.objective,
        "opened": _ids(problem.candidate_ids, solution.opened),
        "demand": [str(id_) for id_ in problem.demand_ids],
        "people": problem.weights.tolist(),
        "before_s": [_seconds(one) for one in before.tolist()],
        "candidates": [site_told(candidates, row) for row in range(len(candidates))],
        "counts": {state: states.count(state) for state in sorted(set(states))},
        "proposals": [_told(one, problem.candidate_ids, before) for one in found],
    }


def _told(one: Proposal, ids: NDArray[Any], before: NDArray[np.int32]) -> dict[str, Any]:
    told: dict[str, Any] = {"candidate": str(ids[one.candidate]), "state": one.state}
    if one.plan is None or one.seconds is None or one.moved is None or one.travel is None:
        reasons = () if one.plan is None else one.plan.reasons
        return told | {"reasons": [{"code": reason.code, "params": dict(reason.params)} for reason in reasons]}
    rows = np.flatnonzero(one.seconds != before)
    return told | {
        "opened": _ids(ids, one.plan.opened),
        "objective": one.plan.objective,
        "bound": one.plan.bound,
        "proof": one.plan.proof,
        "worse_by": one.worse_by,
        "least_worse_by": one.least_worse_by,
        "people": one.moved.as_dict(),
        "person_seconds": one.travel.as_dict(),
        "losing": one.losing,
        "extra_yuan": one.extra_yuan,
        "changed": [[row, _seconds(int(one.seconds[row]))] for row in rows.tolist()],
    }


def _ids(ids: NDArray[Any], rows: NDArray[np.int64]) -> list[str]:
    return [str(ids[row]) for row in rows]


def _seconds(seconds: int) -> int | None:
    return None if seconds >= UNREACHABLE else seconds

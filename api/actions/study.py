"""A study of a plan: from the question to what people and programs read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from api.actions.kept import keep, kept
from api.actions.open_county import OpenCounty
from api.actions.plan import FINAL, last_plan, make_plan
from api.actions.plan_file import plan_file
from api.actions.posed import built_at
from api.actions.study_question import StudyRequest, study_id
from api.actions.study_view import frontier_view, phasing_view, study_view, why_here_view
from api.memory import resident_mb
from gis.faults import Fault, FaultsError
from planning.scenario.build import Built
from planning.siting import MODELS, Progress, SitingProblem, Solution
from planning.siting.limits import Limits, within_memory
from planning.siting.proof.claim import read_claim
from planning.siting.study.frontier import (
    Frontier,
    coverage_against_budget,
    coverage_against_number,
    mean_against_worst,
)
from planning.siting.study.phasing import phase
from planning.siting.study.question import Question
from planning.siting.study.why_here import Step, why_here

Stop = Callable[[], bool]
Report = Callable[[dict[str, Any]], None]


class Watch(NamedTuple):
    """When a study ends, and who is told how far it is."""

    limits: Limits
    report: Report


def make_study(
    at_hand: OpenCounty,
    request: StudyRequest,
    *,
    shown: Mapping[str, Any] | None = None,
    stop: Stop = lambda: False,
    report: Report = lambda _progress: None,
) -> dict[str, Any]:
    """Compute the plan if it is not kept, and study it.

    Parameters
    ----------
    at_hand
    request
    shown
        The file of the very plan to study, where the caller has it.
    stop
        Asked often; true ends the study with what it has so far.
    report
        Told the step and how far it is.

    Returns
    -------
    dict
        ``kind``, ``options``, ``question``, ``plan``, ``places`` (id to name, township, lon, lat of all that is
        named), ``units``, and the answer under ``why_here``, ``frontier`` or ``phasing``.

    Raises
    ------
    FaultsError
        If the request does not fit the county or the model, ``no-plan-to-study``.
    """
    unfit = request.misfits()
    known = None if unfit else last_study(at_hand, request)
    if known is not None:
        return known
    built = built_at(at_hand, request.plan, unfit)
    made, solution = None, None
    if request.kind != "frontier" or (request.curve == "mean-worst" and request.plan.p is None):
        report({"step": "plan"})
        made = dict(shown) if shown is not None else _plan_to_study(at_hand, request, stop)
        _, solution = read_claim(made.pop("claim", None))
        if not len(solution.opened):
            raise FaultsError([Fault("no-plan-to-study", field="plan")])
    memory = within_memory(stop, most_mb=request.plan.memory_limit_mb, resident_mb=resident_mb)
    limits = Limits(memory, time_limit_s=request.time_limit_s)
    answer = _answer(request, built, solution, Watch(limits, report))
    found = study_view(at_hand, request, built, made, answer) | {"limit": _told(limits)}
    keep(at_hand.cache, "study", study_id(at_hand, request), found)
    return found


def last_study(at_hand: OpenCounty, request: StudyRequest) -> dict[str, Any] | None:
    """Return the study kept for a question, ``None`` if there is none that came to its end."""
    known = kept(at_hand.cache, "study", study_id(at_hand, request))
    return known if known is not None and _is_final(request, known) else None


def _is_final(request: StudyRequest, study: dict[str, Any]) -> bool:
    """Whether a kept study ended by itself, and is about the one plan that the question has."""
    plan = study["plan"]
    return study["limit"] is None and (plan is None or plan["status"] in FINAL or request.claim_id is not None)


def _plan_to_study(at_hand: OpenCounty, request: StudyRequest, stop: Stop) -> dict[str, Any]:
    """Return the file of the plan named by the request, else of the best that the question has."""
    known = last_plan(at_hand, request.plan)
    if known is None or known["claim_id"] != request.claim_id:
        known = make_plan(at_hand, request.plan, stop=stop)
    return plan_file(at_hand, known)


def _told(limits: Limits) -> dict[str, Any] | None:
    """Return what ended a study before its end, as JSON."""
    return None if limits.reason is None else {"code": limits.reason.code, "params": dict(limits.reason.params)}


def _answer(request: StudyRequest, built: Built, solution: Solution | None, watch: Watch) -> dict[str, Any]:
    if request.kind == "frontier" or solution is None:
        found = _frontier(built.problem, request, solution, watch)
        return frontier_view(built.problem, request, found)
    if request.kind == "phasing":
        return _phasing(built.problem, request, solution, watch)
    return _why_here(request, built, solution, watch)


def _why_here(request: StudyRequest, built: Built, solution: Solution, watch: Watch) -> dict[str, Any]:
    question = Question(built.problem, solution, MODELS[solution.model].solve, built.options)

    def tell(step: Step, done: int, of: int) -> None:
        watch.report({"step": step, "done": done, "of": of})

    found = why_here(
        question,
        positions=built.resolved.candidates.positions,
        candidate=request.candidate,
        count=request.count,
        apart_m=request.apart_km * 1000,
        within=request.within_percent / 100,
        limits=watch.limits,
        tell=tell,
    )
    return why_here_view(built.problem, solution, found)


def _frontier(problem: SitingProblem, request: StudyRequest, solution: Solution | None, watch: Watch) -> Frontier:
    done = _Counted(watch.report, "points", request.count)
    limits: dict[str, Any] = {"count": request.count, "stop": watch.limits.stop, "tell": done.one_more}
    asked = request.plan
    if request.curve == "mean-worst":
        p = asked.p if solution is None else len(solution.opened)
        return mean_against_worst(problem, p=int(p or 1), **limits)
    if request.curve == "coverage-number":
        return coverage_against_number(problem, limit_s=asked.limit_s, **limits)
    budget = int(asked.conditions.budget_yuan or 0)
    return coverage_against_budget(problem, limit_s=asked.limit_s, budget_yuan=budget, **limits)


def _phasing(problem: SitingProblem, request: StudyRequest, solution: Solution, watch: Watch) -> dict[str, Any]:
    watch.report({"step": "order"})

    def tell(progress: Progress) -> None:
        watch.report({"incumbent": progress.incumbent, "bound": progress.bound, "gap": progress.gap})

    found = phase(
        problem,
        solution,
        yearly_budget_yuan=int(request.yearly_budget_yuan or 0),
        limit_s=request.plan.limit_s,
        stop=watch.limits.stop,
        report=tell,
    )
    return phasing_view(problem, found)


class _Counted:
    """Reports how many of those wanted are found."""

    def __init__(self, report: Report, step: str, of: int) -> None:
        self._report, self._step, self._of, self._done = report, step, of, 0
        self._report({"step": step, "done": 0, "of": of})

    def one_more(self, _found: object) -> None:
        """Count one more."""
        self._done += 1
        self._report({"step": self._step, "done": self._done, "of": self._of})

"""Studies as people and programs read them: ids with their names, figures with their units and basis."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.actions.open_county import OpenCounty
from api.actions.plan_measured import site_told
from api.actions.study_question import Curve, StudyRequest, study_question
from gis.cost_matrix import UNREACHABLE
from planning.measures.flows import seconds_of
from planning.measures.travel_times import measures
from planning.scenario.build import Built
from planning.scenario.identity import question_told, tables_told
from planning.siting import MODELS, SitingProblem, Solution
from planning.siting.study.frontier import Frontier
from planning.siting.study.phasing import Phasing
from planning.siting.study.why_here import WhyHere

AXES: dict[Curve, tuple[str, str]] = {
    "mean-worst": ("person-seconds", "seconds"),
    "coverage-number": ("sites", "people"),
    "coverage-budget": ("people", "yuan"),
}
"""Units of the two values of each curve; the value's name is the unit's."""
_CLAIM = ("service", "model", "status", "proof", "solver", "objective", "bound", "objective_unit", "gap", "opened")


def study_view(
    at_hand: OpenCounty, request: StudyRequest, built: Built, made: dict[str, Any] | None, answer: dict[str, Any]
) -> dict[str, Any]:
    """Return an answer with its question, the plan that it is about, and the names of all that it mentions.

    Parameters
    ----------
    at_hand
    request
    built
    made
        The plan, ``None`` where the study needs none.
    answer
        From one of the views below, with the ids that it mentions under ``mentions``.
    """
    named = set(answer.pop("mentions"))
    candidates = built.resolved.candidates
    places = [site_told(candidates, k) for k, id_ in enumerate(candidates.ids) if id_ in named]
    return {
        "kind": request.kind,
        "options": study_question(request),
        "question": question_told(request.plan),
        "county_version": at_hand.county.version,
        **tables_told(at_hand.tables, request.plan),
        "weights_basis": built.resolved.weights.basis,
        "people_total": int(built.problem.weights.sum()),
        "plan": None if made is None else {name: made[name] for name in _CLAIM},
        "places": {place.pop("id"): place for place in places},
        **answer,
    }


def why_here_view(problem: SitingProblem, solution: Solution, found: WhyHere) -> dict[str, Any]:
    """Return what each site is worth, the exchanges, and the other plans, each drawable."""
    rows = {str(id_): k for k, id_ in enumerate(problem.candidate_ids)}
    listed = []
    for other in found.others.plans:
        ids = [str(id_) for id_ in other.opened]
        figures = _words(other.as_dict()) | {"opened": ids}
        listed.append({**figures, **_sketch(problem, np.array(sorted(rows[id_] for id_ in ids)))})
    sites = [_words(site.as_dict()) for site in found.worth]
    both = (("swap", found.swap), ("there", found.there))
    swaps = {name: None if one is None else _words(one.as_dict()) for name, one in both}
    mentions = {id_ for other in listed for id_ in other["opened"]} | {site["site"] for site in sites}
    for one in swaps.values():
        if one is not None:
            effects = (*one["most_helped"], *one["most_hurt"])
            mentions |= {one["leaving"], one["entering"], *(effect["demand"] for effect in effects)}
    answer = {
        "sites": sites,
        **swaps,
        "alternatives": {**found.others.as_dict(), "plans": listed},
        "demand": [str(id_) for id_ in problem.demand_ids],
    }
    return {"units": {"loss": MODELS[solution.model].objective_unit}, "why_here": answer, "mentions": mentions}


def frontier_view(problem: SitingProblem, request: StudyRequest, found: Frontier) -> dict[str, Any]:
    """Return the points of a frontier, each with its plan drawable."""
    points = []
    for point in found.points:
        solution = point.solution
        seconds = seconds_of(problem, solution.allocation)
        points.append(
            {
                "first": point.first,
                "second": point.second,
                "status": solution.status,
                "proof": solution.proof,
                "gap": solution.gap,
                "measures": measures(problem.weights, seconds, limit_s=request.plan.limit_s).as_dict(),
                **_sketch(problem, solution.opened),
            }
        )
    first, second = AXES[request.curve]
    answer = {
        "curve": request.curve,
        "points": points,
        "complete": found.complete,
        "proven": found.proven,
        "reasons": [{"code": reason.code, "params": dict(reason.params)} for reason in found.reasons],
        "demand": [str(id_) for id_ in problem.demand_ids],
    }
    mentions = {id_ for point in points for id_ in point["opened"]}
    return {"units": {"first": first, "second": second}, "frontier": answer, "mentions": mentions}


def phasing_view(problem: SitingProblem, found: Phasing) -> dict[str, Any]:
    """Return the years of a schedule."""

    def ids(sites: NDArray[np.int64]) -> list[str]:
        return [str(problem.candidate_ids[k]) for k in sites]

    years = [
        {
            "year": number,
            "opened": ids(year.opened),
            "closed": ids(year.closed),
            "spent_yuan": year.spent_yuan,
            "carried_yuan": year.carried_yuan,
            "measures": year.measures.as_dict(),
        }
        for number, year in enumerate(found.years, start=1)
    ]
    answer = {
        **{name: getattr(found, name) for name in ("status", "proof", "objective", "bound", "objective_unit", "gap")},
        "today": found.today.as_dict(),
        "years": years,
        "end_is_optimal": found.end_is_optimal,
        "end_gap": found.end_gap,
        "capacities_counted": problem.capacity is None,
        "reasons": [{"code": reason.code, "params": dict(reason.params)} for reason in found.reasons],
    }
    named = {id_ for year in found.years for id_ in ids(np.concatenate([year.opened, year.closed]))}
    return {"units": {"spent_yuan": "yuan"}, "phasing": answer, "mentions": named}


def _sketch(problem: SitingProblem, opened: NDArray[np.int64]) -> dict[str, Any]:
    """Return what drawing a plan takes: sites, and for each demand point its site's place there and the seconds."""
    to = np.where(problem.allowed[:, opened], problem.values[:, opened], UNREACHABLE)
    nearest, seconds = to.argmin(axis=1), to.min(axis=1)
    served = seconds < UNREACHABLE
    sites = []
    for slot in range(len(opened)):
        mine = served & (nearest == slot)
        found = measures(problem.weights[mine], seconds[mine], limit_s=None)
        sites.append({"people": found.people_total, "mean_s": found.mean_s, "worst_s": found.worst_s})
    return {
        "opened": [str(problem.candidate_ids[k]) for k in opened],
        "facilities": sites,
        "to": np.where(served, nearest, -1).tolist(),
        "seconds": [int(s) if there else None for s, there in zip(seconds, served, strict=True)],
    }


def _words(value: Any) -> Any:
    """Return figures with every id as text; other values stay."""
    if isinstance(value, dict):
        return {name: _id(one) if name in _IDS else _words(one) for name, one in value.items()}
    return [_words(one) for one in value] if isinstance(value, list) else value


_IDS = {"site", "demand", "leaving", "entering", "opened", "far"}


def _id(value: Any) -> Any:
    return [str(one) for one in value] if isinstance(value, list) else str(value)

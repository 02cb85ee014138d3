"""A resolved question turned into a siting problem, and the options that its model is asked with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, cast

from gis.cost_matrix import CostMatrix
from gis.road_edits import RoadEdits
from planning.scenario.candidates import Candidates
from planning.scenario.defaults import options_known
from planning.scenario.resolve import Resolved
from planning.siting import MODELS, SitingProblem
from planning.siting.proof.claim import Sides


class Times(Protocol):
    """Gives the seconds from every place to every candidate, by a mode of travel, with the roads edited."""

    def __call__(self, mode: str, candidates: Candidates, roads: RoadEdits) -> CostMatrix:
        """Return (n, m) seconds."""


@dataclass(frozen=True, eq=False)
class Built:
    """A question ready to be solved.

    Parameters
    ----------
    resolved
    problem
    options
        Of the model, by their names.
    """

    resolved: Resolved
    problem: SitingProblem
    options: dict[str, Any]

    @property
    def sides(self) -> Sides:
        """The options that a checker needs beside problem and solution."""
        return cast("Sides", {name: self.options[name] for name in ("upper", "children") if name in self.options})


def build(resolved: Resolved, times: Times) -> Built:
    """Build the problem of a question, and of the tier above it if it has one.

    Parameters
    ----------
    resolved
    times

    Raises
    ------
    FaultsError
        If conditions and county make no problem.
    """
    upper = None if resolved.upper is None else problem_of(resolved.upper, times)
    return Built(resolved, problem_of(resolved, times), _options(resolved, upper))


def problem_of(resolved: Resolved, times: Times) -> SitingProblem:
    """Return the problem alone: who travels how long to where, under which rules."""
    matrix = times(str(resolved.question.mode), resolved.candidates, resolved.roads)
    return SitingProblem.from_matrix(matrix, resolved.weights.values, **resolved.rules)


def _options(resolved: Resolved, upper: SitingProblem | None) -> dict[str, Any]:
    """Return all that the model needs (what is not said is ``None``: refused by name), and of the rest what is said."""
    question = resolved.question
    model = MODELS[str(question.model)]
    given = {
        "p": question.p,
        "limit_s": question.limit_s,
        "budget_yuan": question.conditions.budget_yuan,
        "hour_yuan": question.conditions.hour_yuan,
        "trips": question.conditions.trips,
        "split": question.conditions.split or None,
        "rooms": resolved.rooms,
        "children": resolved.children,
        "upper_p": question.upper_p,
        "upper": upper,
    }
    further = options_known(model) - set(model.needs) - {"limit_s"}
    said = {name: value for name, value in given.items() if name in further and value is not None}
    return {name: given.get(name) for name in model.needs} | said

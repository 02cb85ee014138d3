"""A question as it was asked, ready to be computed: by the server that was asked or by any other."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel

from api.actions.editions import PLANS
from api.actions.open_county import OpenCounty
from api.actions.plan import FINAL, last_plan, make_plan, plan_id
from api.actions.plan_file import claim_content, with_claim
from api.actions.posed import resolved_at
from api.actions.study import Report, Stop, last_study, make_study
from api.actions.study_question import StudyRequest, study_id
from api.explain import ApiError
from api.runs.lanes import Shape, lane_of
from api.runs.plan_body import PlanBody
from api.runs.study_body import StudyBody
from layers.records.run import Question, Run
from planning.scenario.fit import misfits
from planning.scenario.identity import tables_told
from planning.scenario.placed import AS_PLACED
from planning.scenario.question import PlanQuestion, names_of
from planning.services import Service

CODE_VERSION = f"{version('countygrid')}+{PLANS}"
"""Answers of another edition of the program are not given for this one's."""


class Made(NamedTuple):
    """An answer, with what checking it needs and what is told of it without reading it."""

    answer: dict[str, Any]
    claim: bytes | None
    summary: dict[str, Any]


Show = Callable[[Made], None]


class Plan(NamedTuple):
    """A plan that a run came to, with its claim, ``None`` where its sites were named and nothing is claimed."""

    answer: dict[str, Any]
    claim: bytes | None

    @property
    def claimed(self) -> bytes:
        """The claim.

        Raises
        ------
        ApiError
            409 ``plan-claims-nothing``.
        """
        if self.claim is None:
            raise ApiError(409, "plan-claims-nothing")
        return self.claim


PlanOf = Callable[[str], Plan]
"""Gives the plan of a run by the run's id."""


class Asked(Protocol):
    """A question that can be computed."""

    def question(self, at_hand: OpenCounty) -> Question:
        """Return the question as it is stored."""

    def check(self, at_hand: OpenCounty) -> None:
        """Refuse at once what can be refused at once."""

    def enough(self, summary: Mapping[str, Any]) -> bool:
        """Whether an answer that is there will do."""

    def kept(self, at_hand: OpenCounty) -> Made | None:
        """Return the answer if set-up or the command line left it in the cache."""

    def compute(self, at_hand: OpenCounty, *, stop: Stop, report: Report, show: Show) -> Made:
        """Return the answer, or the best so far when told to stop; show it before it is checked, where that is so."""


@dataclass(frozen=True)
class PlanAsked:
    """A plan that is asked for."""

    body: PlanBody
    request: PlanQuestion

    def question(self, at_hand: OpenCounty) -> Question:
        """Return the question as it is stored."""
        return Question(
            kind="plan",
            id=plan_id(at_hand, self.request),
            body=_told(at_hand, self.body, self.request),
            county_version=at_hand.county.version,
            code_version=CODE_VERSION,
            lane=lane_of(Shape("plan", self.request)),
        )

    def check(self, at_hand: OpenCounty) -> None:
        """Refuse a question that does not fit its model, and names that are not there."""
        resolved_at(at_hand, self.request, misfits(self.request))

    def enough(self, summary: Mapping[str, Any]) -> bool:
        """Whoever names limits wants them used, unless nothing is left to find; half a search is no answer."""
        return _is_enough(summary, self.body.model_fields_set)

    def kept(self, at_hand: OpenCounty) -> Made | None:
        """Return the last plan made for this question."""
        known = last_plan(at_hand, self.request)
        return None if known is None else _made_plan(at_hand, known)

    def compute(self, at_hand: OpenCounty, *, stop: Stop, report: Report, show: Show) -> Made:
        """Return the plan with its claim."""

        def show_plan(made: dict[str, Any]) -> None:
            show(Made(made, None, _summary_of_plan(made)))

        return _made_plan(at_hand, make_plan(at_hand, self.request, stop=stop, report=report, show=show_plan))


@dataclass(frozen=True)
class StudyAsked:
    """A study that is asked for, and the plan of the run that it names."""

    body: StudyBody
    request: StudyRequest
    shown: Plan | None

    def question(self, at_hand: OpenCounty) -> Question:
        """Return the question as it is stored."""
        return Question(
            kind="study",
            id=study_id(at_hand, self.request),
            body=_told(at_hand, self.body, self.request.plan),
            county_version=at_hand.county.version,
            code_version=CODE_VERSION,
            lane=lane_of(Shape("study", self.request.plan)),
        )

    def check(self, at_hand: OpenCounty) -> None:
        """Refuse a study that its plan cannot have, and names that are not there."""
        resolved_at(at_hand, self.request.plan, self.request.misfits())

    def enough(self, summary: Mapping[str, Any]) -> bool:
        """As for plans."""
        return _is_enough(summary, self.body.model_fields_set)

    def kept(self, at_hand: OpenCounty) -> Made | None:
        """Return the study if one that came to its end is kept."""
        known = last_study(at_hand, self.request)
        return None if known is None else _made_study(known)

    def compute(self, at_hand: OpenCounty, *, stop: Stop, report: Report, show: Show) -> Made:  # noqa: ARG002 - nothing to check
        """Return the study, of the very plan that was shown."""
        return _made_study(make_study(at_hand, self.request, shown=self._file(at_hand), stop=stop, report=report))

    def _file(self, at_hand: OpenCounty) -> dict[str, Any] | None:
        """Return the file of the plan that was shown, where it answers the question that is studied."""
        if self.shown is None or self.body.budget_yuan is not None:
            return None  # with other money it is no answer
        if self.shown.answer["county_version"] != at_hand.county.version:
            return None
        return with_claim(self.shown.answer, self.shown.claimed)


def plan_asked(body: PlanBody, services: Mapping[str, Service]) -> PlanAsked:
    """Return the question of a plan, with the defaults of its service, which is one of those in force."""
    return PlanAsked(body, body.as_question(services))


def plan_shown(body: StudyBody, plan_of: PlanOf) -> Plan | None:
    """Return the plan that a study names, ``None`` where it brings the plan's question."""
    return None if body.plan_id is None else plan_of(body.plan_id)


def study_asked(body: StudyBody, shown: Plan | None, services: Mapping[str, Service]) -> StudyAsked:
    """Return the question of a study.

    Parameters
    ----------
    body
    shown
        The plan that the body names.
    services
        In force.
    """
    return StudyAsked(body, body.as_request(shown.answer if shown else None, services), shown)


def refuse_outdated(run: Run, asked: Asked, at_hand: OpenCounty) -> None:
    """Refuse to compute a run whose question means something else by now: defaults or tables differ.

    Raises
    ------
    ApiError
        409 ``run-outdated``.
    """
    if asked.question(at_hand).id != run.question_id:
        raise ApiError(409, "run-outdated")


def _told(at_hand: OpenCounty, body: BaseModel, plan: PlanQuestion) -> dict[str, Any]:
    """Return a question as it was asked, with the build and the editions of tables that it is answered by."""
    by = tables_told(at_hand.tables, plan)
    return {"asked": body.model_dump(mode="json", exclude_unset=True), "county_version": at_hand.county.version, **by}


def _is_enough(summary: Mapping[str, Any], named: set[str]) -> bool:
    return bool(summary.get("final")) or (
        summary.get("status") != "interrupted" and named.isdisjoint(names_of("search"))
    )


def content_of(answer: Mapping[str, Any]) -> bytes:
    """Return an answer as the content of a file: the same answer, however it was made, is the same file."""
    written = json.dumps(answer, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return written.encode("utf-8", "backslashreplace")


def _made_plan(at_hand: OpenCounty, made: dict[str, Any]) -> Made:
    claim = None if made["status"] == AS_PLACED else claim_content(at_hand, made)
    return Made(made, claim, _summary_of_plan(made))


def _summary_of_plan(made: Mapping[str, Any]) -> dict[str, Any]:
    is_placed = made["status"] == AS_PLACED and not made["provisional"]
    return {"status": made["status"], "final": made["status"] in FINAL or is_placed}


def _made_study(made: dict[str, Any]) -> Made:
    limit = made["limit"]
    status = "interrupted" if limit is not None and limit["code"] == "cancelled" else "ended"
    return Made(made, None, {"status": status, "final": limit is None})

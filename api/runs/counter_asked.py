"""The counter-proposals of a published plan as a run: asked for once, computed by whichever server."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter

from api.actions.check_plan import asked_in
from api.actions.counter_proposals import make_counter_proposals
from api.actions.open_county import OpenCounty
from api.actions.plan import plan_id
from api.actions.study import Report, Stop
from api.explain import ApiError
from api.runs.asked import CODE_VERSION, Made, Plan, Show
from layers.matrices import content_key
from layers.records.run import Question
from planning.scenario.identity import tables_told

KIND = "counter-proposals"
_EDITION = "1"  # raised when the same plan would get other answers
Read = Callable[[str | None], bytes | None]
"""Gives a file by its SHA-256, ``None`` if it is gone."""


@dataclass(frozen=True)
class CounterRequest:
    """The files of the plan: its answer, and its claim where it has one."""

    answer: str
    claim: str | None


@dataclass(frozen=True)
class CounterAsked:
    """Counter-proposals that are asked for.

    Parameters
    ----------
    request
    plan
        What its files say.
    """

    request: CounterRequest
    plan: Plan

    def question(self, at_hand: OpenCounty) -> Question:
        """Return the question as it is stored: it names the files of the plan, which stay, not the run of somebody."""
        asked = asked_in(self.plan.answer, at_hand.tables.services)
        told = {"asked": asdict(self.request), "county_version": at_hand.county.version}
        return Question(
            kind=KIND,
            id=content_key(KIND, _EDITION, plan_id(at_hand, asked), self.request.answer, self.request.claim or ""),
            body={**told, **tables_told(at_hand.tables, asked)},
            county_version=at_hand.county.version,
            code_version=CODE_VERSION,
            lane="long",  # a question for each candidate
        )

    def check(self, at_hand: OpenCounty) -> None:
        """Nothing is left to refuse: the plan is there."""

    def enough(self, summary: Mapping[str, Any]) -> bool:
        """Half of the candidates are no answer."""
        return bool(summary.get("final"))

    def kept(self, at_hand: OpenCounty) -> Made | None:  # noqa: ARG002 - runs keep it
        """Nothing but runs keeps these."""
        return None

    def compute(self, at_hand: OpenCounty, *, stop: Stop, report: Report, show: Show) -> Made:  # noqa: ARG002 - nothing to check
        """Return the answer, or what there is of it when told to stop."""
        found = make_counter_proposals(at_hand, self.plan, stop=stop, report=report)
        is_whole = not stop()
        summary = {"status": "ended" if is_whole else "interrupted", "final": is_whole, "counts": found["counts"]}
        return Made(found, None, summary)


def counter_asked(request: CounterRequest, read: Read) -> CounterAsked:
    """Return the question of the counter-proposals of a plan.

    Parameters
    ----------
    request
    read

    Raises
    ------
    ApiError
        404 ``result-lost`` if a file of the plan is gone.
    """
    answer, claim = read(request.answer), read(request.claim)
    if answer is None or (claim is None and request.claim is not None):
        raise ApiError(404, "result-lost")
    return CounterAsked(request, Plan(json.loads(answer), claim))


def counter_again(told: object, read: Read) -> CounterAsked:
    """Return the question of a run, from what is stored of it.

    Raises
    ------
    ApiError
        As :func:`counter_asked`.
    ValueError
        If this edition of the program does not know such a question.
    """
    return counter_asked(TypeAdapter(CounterRequest).validate_python(told), read)

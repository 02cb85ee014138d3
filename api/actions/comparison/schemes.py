"""Schemes at hand: each reference's plan with the county that it is of, as whoever asks may see it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from api.actions.check_plan import asked_in
from api.actions.comparison.alike import refuse_unlike
from api.actions.comparison.counted import counted_of
from api.actions.comparison.references import FIELD, TODAY, Reference
from api.actions.comparison.years import years_of
from api.actions.open_county import OpenCounty
from api.actions.posed import built_at
from api.actions.scenarios.came_to import plan_of_scenario
from api.actions.scenarios.scheme_zero import built_today, today_told
from api.actions.scenarios.visitor import Visitor
from api.actions.sheets.shown import scenario_of_run
from api.explain import ApiError
from api.runs.asked import Plan
from api.runs.computing import read_plan
from gis.faults import Fault, FaultsError
from planning.comparison.scheme import Scheme
from planning.scenario.build import Built
from planning.scenario.defaults import with_defaults
from planning.scenario.edits import Counted, PlacePeople
from planning.scenario.question import PlanQuestion

Kind = Literal["today", "run", "scenario"]
TODAY_KEY = "0"
_LETTERS = "ABCDEF"


@dataclass(frozen=True, eq=False)
class SchemeAtHand:
    """A scheme that is compared.

    Parameters
    ----------
    key
        ``0`` for today, ``A``, ``B``, … for the others in their order.
    reference
    kind
    name
        Of the scenario; "" where there is none.
    at_hand
        The county that it is of, under the tables that it was made by.
    plan
        As the API tells it.
    built
        Its question with the minutes that it is measured by.
    years
        Site → year in which it opens or closes, where the plan was phased.
    """

    key: str
    reference: Reference
    kind: Kind
    name: str
    at_hand: OpenCounty
    plan: Mapping[str, Any]
    built: Built
    years: Mapping[str, int]

    @property
    def counts_capacities(self) -> bool:
        """Whether what sites take is counted."""
        return self.built.problem.capacity is not None

    def places(self) -> Scheme:
        """Return whom the scheme counts and how long they take, as its plan says."""
        return counted_of(self.key, self.built, self.plan)


def schemes_of(who: Visitor, references: Sequence[Reference]) -> list[SchemeAtHand]:
    """Return the schemes that somebody compares.

    Parameters
    ----------
    who
    references
        From :func:`api.actions.comparison.references.references_in`.

    Raises
    ------
    ApiError
        404 ``unknown-scheme`` for what is no run of the visitor's and no scenario that they may see; 409 where there is
        no plan yet.
    FaultsError
        With every scheme that has no sites, stands there twice, or counts others than the first does.
    """
    letters = iter(_LETTERS)
    keys = [TODAY_KEY if one.id == TODAY else next(letters) for one in references]
    others = {key: _scheme(who, key, one) for key, one in zip(keys, references, strict=True) if key != TODAY_KEY}
    refuse_unlike([(one.reference.text, one.plan, one.at_hand) for one in others.values()])
    first = next(iter(others.values()))
    return [
        others[key] if key in others else _today(reference, first)
        for key, reference in zip(keys, references, strict=True)
    ]


def _scheme(who: Visitor, key: str, reference: Reference) -> SchemeAtHand:
    kind, name, found = plan_of(who, reference)
    plan = found.answer
    if not plan["opened"]:
        raise FaultsError([Fault("compare-without-sites", field=FIELD, value=reference.text)])
    at_hand = who.at_work.county_of(plan)
    built = built_at(at_hand, asked_in(plan, at_hand.tables.services))
    return SchemeAtHand(key, reference, kind, name, at_hand, plan, built, years_of(who, plan))


def plan_of(who: Visitor, reference: Reference) -> tuple[Kind, str, Plan]:
    """Return what a reference is of, what it is called, and its plan.

    Raises
    ------
    ApiError
        As :func:`schemes_of`.
    """
    run = None if reference.n is not None else who.at_work.runs.get(reference.id, asked_by=who.actor.account_id)
    if run is not None:
        return "run", scenario_of_run(who, run), read_plan(who.at_work.files, run)
    if who.at_work.scenarios.seen(reference.id, who.viewer)[0] is None:
        raise ApiError(404, "unknown-scheme", id=reference.text)
    found = plan_of_scenario(who, reference.id, reference.n)
    return "scenario", found.record.name, found.plan


def _today(reference: Reference, first: SchemeAtHand) -> SchemeAtHand:
    """Return the service as it stands, for the people and by the minutes of another scheme, over today's roads."""
    asked, services = first.built.resolved.question, first.at_hand.tables.services
    question = with_defaults(
        PlanQuestion(
            asked.service,
            limit_minutes=asked.limit_minutes,
            mode=asked.mode,
            base=asked.base,
            edits=tuple(edit for edit in asked.edits if isinstance(edit, Counted | PlacePeople)),
        ),
        services,
    )
    built, solution = built_today(first.at_hand, dataclasses.replace(question, rooms=asked.rooms))
    plan = today_told(first.at_hand, built, solution)
    return SchemeAtHand(TODAY_KEY, reference, "today", "", first.at_hand, plan, built, {})

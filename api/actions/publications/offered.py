"""The schemes that somebody may publish, by the names by which they are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from api.actions.comparison.references import TODAY
from api.actions.publications.reader_page import moment_of
from api.actions.scenarios.visitor import Visitor
from api.actions.sheets.shown import scenario_of_run
from layers.records.run import Run
from maps.catalogue import Lang, text

_MOST_SCENARIOS, _MOST_RUNS = 100, 50
"""As many as the comparison offers; of older ones the workbench has the list."""


class OfferedScheme(NamedTuple):
    """One that can be chosen.

    Parameters
    ----------
    reference
        As :mod:`api.actions.comparison.references` reads it.
    label
    """

    reference: str
    label: str


class OfferedSchemes(NamedTuple):
    """Scenarios, and plans that are of none."""

    scenarios: Sequence[OfferedScheme]
    plans: Sequence[OfferedScheme]


def schemes_offered(who: Visitor, *, wanted: Sequence[str], lang: Lang) -> OfferedSchemes:
    """Return what the visitor may publish, the latest first.

    Parameters
    ----------
    who
    wanted
        References that are chosen already: they are offered too if they are too old for the list.
    lang
    """
    page = who.at_work.scenarios.visible_to(who.viewer, limit=_MOST_SCENARIOS)
    runs = who.at_work.runs.recent(asked_by=who.actor.account_id, limit=_MOST_RUNS)
    scenarios = [OfferedScheme(one.id, _named(one.name, one.changed_at, lang)) for one, _level in page.entries]
    plans = [one for run, _place in runs if run.scenario_id is None for one in _plan(who, run, lang)]
    known = {one.reference for one in (*scenarios, *plans)}
    for reference in wanted:
        if reference not in known and reference != TODAY:
            scenarios += _scenario(who, reference, lang)
            plans += _older(who, reference, lang)
    return OfferedSchemes(scenarios, plans)


def _plan(who: Visitor, run: Run, lang: Lang) -> Iterator[OfferedScheme]:
    """Return a run as a plan, if it came to one."""
    service = who.at_work.tables.get().services.get(str(run.question.get("asked", {}).get("service", "")))
    if run.kind == "plan" and run.state == "done" and service is not None:
        name = scenario_of_run(who, run) or service.names[lang]
        yield OfferedScheme(run.id, _named(name, run.ended_at or run.asked_at, lang))


def _older(who: Visitor, reference: str, lang: Lang) -> Iterator[OfferedScheme]:
    run = who.at_work.runs.get(reference, asked_by=who.actor.account_id)
    if run is not None:
        yield from _plan(who, run, lang)


def _scenario(who: Visitor, reference: str, lang: Lang) -> Iterator[OfferedScheme]:
    """Return a scenario that is not of the latest, or a revision of one."""
    id_, _, n = reference.partition("@")
    record = who.at_work.scenarios.get(id_, who.viewer)
    if record is not None:
        name = text(lang, "hearings.of-revision", name=record.name, n=n) if n else record.name
        yield OfferedScheme(reference, _named(name, record.changed_at, lang))


def _named(name: str, at: datetime, lang: Lang) -> str:
    return text(lang, "hearings.scheme", name=name, at=moment_of(at))

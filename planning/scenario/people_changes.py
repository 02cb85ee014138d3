"""What the edits of a scenario change about the people: who is counted, in which year, how many live at a place."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from planning.closest import Closest
from planning.groups import COLUMNS, Base, Group
from planning.scenario.ageing import AGED_GROUPS, NEEDED
from planning.scenario.contradictions import Contradictions, of_kind
from planning.scenario.edits import Counted, Edit, NewCandidate, PlacePeople, Standard
from planning.scenario.places import Places
from planning.scenario.question import PlanQuestion
from planning.services import Service


@dataclass(frozen=True)
class PeopleChanges:
    """Who is counted.

    Parameters
    ----------
    base
        ``None`` where the question's own stays.
    group
        Of the edits, else of the service.
    year
        ``None`` for today.
    people
        Row of a place -> so many are counted there.
    rows
        Number of an edit -> row of the place that it is about.
    """

    base: Base | None
    group: Group
    year: int | None
    people: dict[int, int]
    rows: dict[int, int]


def people_changes(
    edits: Sequence[Edit], question: PlanQuestion, service: Service, places: Places, found: Contradictions
) -> PeopleChanges:
    """Return who is counted after the edits.

    Parameters
    ----------
    edits, question, service, places
    found
        Told every contradiction.
    """
    given: dict[str, tuple[int, Base | Group | int]] = {}
    for number, edit in of_kind(edits, Counted):
        for name in ("base", "group", "year"):
            value = getattr(edit, name)
            if value is not None and given.setdefault(name, (number, value))[0] != number:
                found.tell("edit-set-twice", number, name, str(value), other=given[name][0])
    base, group, year = (given.get(name, (0, None)) for name in ("base", "group", "year"))
    _check_base(base, question, places, found)
    _check_group(group, service, places, found)
    counted: Group = group[1] or service.group  # type: ignore[assignment]
    _check_year(year, counted, places, found)
    people, rows = _place_people(edits, places, found)
    return PeopleChanges(base[1], counted, year[1], people, rows)  # type: ignore[arg-type]


def with_standard(
    edits: Sequence[Edit], question: PlanQuestion, service: Service, found: Contradictions
) -> PlanQuestion:
    """Return the question under another standard of its service.

    A question with the new standard in it already is the same question, so that a plan answers what it was asked.

    Parameters
    ----------
    edits, question, service
    found
        Told every contradiction.
    """
    given: dict[str, tuple[int, float]] = {}
    usual = {"limit_minutes": service.limit_minutes, "max_minutes": None}
    asked = {"limit_minutes": question.limit_minutes, "max_minutes": question.conditions.max_minutes}
    for number, edit in of_kind(edits, Standard):
        for name, standard in usual.items():
            minutes = getattr(edit, name)
            if minutes is None:
                continue
            if given.setdefault(name, (number, minutes))[0] != number:
                found.tell("edit-set-twice", number, name, f"{minutes:g}", other=given[name][0])
            elif asked[name] not in (standard, minutes):
                found.tell("edit-against-question", number, name, f"{minutes:g}", asked_for=f"{asked[name]:g}")
            elif minutes == standard:
                found.tell("edit-changes-nothing", number, name, f"{minutes:g}")
    if "limit_minutes" in given:
        question = dataclasses.replace(question, limit_minutes=given["limit_minutes"][1])
    if "max_minutes" in given:
        conditions = dataclasses.replace(question.conditions, max_minutes=given["max_minutes"][1])
        question = dataclasses.replace(question, conditions=conditions)
    return question


def _check_base(given: tuple[int, object], question: PlanQuestion, places: Places, found: Contradictions) -> None:
    number, base = given
    if base is not None and base not in places.people:
        found.tell("edit-base-missing", number, "base", str(base))
    elif base is not None and question.base not in ("resident", base):
        found.tell("edit-against-question", number, "base", str(base), asked_for=question.base)


def _check_group(given: tuple[int, object], service: Service, places: Places, found: Contradictions) -> None:
    number, group = given
    column = COLUMNS.get(group)  # type: ignore[call-overload]
    if group is not None and group == service.group:
        found.tell("edit-changes-nothing", number, "group", str(group))
    elif column is not None and column not in places.people:
        found.tell("edit-no-age-bands", number, "group", str(group))


def _check_year(given: tuple[int, object], group: Group, places: Places, found: Contradictions) -> None:
    number, year = given
    if year is None:
        return
    if group not in AGED_GROUPS:
        found.tell("edit-ageing-not-elders", number, "year", str(year), group=group, known=", ".join(AGED_GROUPS))
    elif not set(NEEDED) <= set(places.people):
        found.tell("edit-no-age-bands", number, "year", str(year))


def _place_people(
    edits: Sequence[Edit], places: Places, found: Contradictions
) -> tuple[dict[int, int], dict[int, int]]:
    known, ids = places.rows_by_word, places.ids
    closest = Closest(known)
    elsewhere = {word for one in places.facilities for word in (one.id, one.name)}
    elsewhere |= {edit.target for _, edit in of_kind(edits, NewCandidate)}
    people: dict[int, int] = {}
    rows: dict[int, int] = {}
    told: dict[int, int] = {}
    for number, edit in of_kind(edits, PlacePeople):
        if edit.target not in known and edit.target in elsewhere:
            found.tell("edit-nobody-lives-there", number, "target", edit.target)
            continue
        row = found.row_of(number, edit.target, known, closest, ids)
        if row < 0:
            continue
        if told.setdefault(row, number) != number:
            found.tell("edit-people-twice", number, "people", edit.target, other=told[row])
        people[row], rows[number] = edit.people, row
    return people, rows

"""Leave: asked for by whoever goes or by a desk, decided on by somebody else, with the cases that are left behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast, get_args

from api.actions.staff.desk import StaffDesk
from api.actions.staff.reading import LAYER, moment_words, read_moment, told_plainly
from api.actions.staff.view import view_leaves
from api.actions.who_answers import Matter, who_answers
from api.explain import ApiError
from gis.faults import Fault, FaultsError, Param
from layers.records.leaves import LeaveStore, NewLeave, OpenCase
from planning.incidents.staff import Leave, LeaveReason, Staff
from planning.incidents.staff_rules import leave_faults

Decision = Literal["approved", "denied", "withdrawn"]


@dataclass(frozen=True)
class LeaveWords:
    """Leave as somebody typed it; an empty `person` is whoever asks, an empty end is until told otherwise."""

    from_moment: str
    until_moment: str = ""
    reason: str = "personal"
    person: str = ""
    stand_in: str = ""


def ask_leave(desk: StaffDesk, words: LeaveWords, *, now: datetime) -> dict[str, Any]:
    """Ask for leave for oneself, or as a desk for somebody of its townships.

    Raises
    ------
    ApiError
        404 ``unknown-person``, also for others' leave where one is no desk.
    FaultsError
        With everything that is wrong.
    """
    staff = desk.staff
    person = _whose(desk, staff, words.person, now)
    leave = _read(person, words)
    values = {"until": words.until_moment, "stand_in": words.stand_in, "person": person}
    faults = told_plainly(leave_faults(0, leave, staff, now=now), values)
    if faults:
        raise FaultsError(faults)
    new = NewLeave(person, leave.from_at, leave.until_at, leave.reason, leave.stand_in)
    try:
        made = _store(desk).ask(new, act=desk.act("leave.asked", "leave"), now=now)
    finally:
        desk.at_work.staff.forget()
    return view_leaves(desk, [made])[0]


def decide_leave(
    desk: StaffDesk, leave_id: str, decision: Decision, *, expected_version: int, now: datetime
) -> dict[str, Any]:
    """Approve, deny or withdraw leave; with its approval come the open cases of whoever goes.

    Parameters
    ----------
    desk
    leave_id
    decision
        To approve and to deny is a desk's, never on one's own leave but by the county desk; to withdraw is for whoever
        goes as well.
    expected_version
    now

    Returns
    -------
    dict
        ``leave``, and ``cases`` with whom each would go to now.

    Raises
    ------
    ApiError
        404 ``unknown-leave``.
    FaultsError
        ``leave-not-by-oneself``, ``leave-decided-already``, ``leave-moved-on``.
    """
    store, staff = _store(desk), desk.staff
    leave = _visible(desk, staff, leave_id)
    is_own = desk.is_own(staff.people[leave.person_id])
    if decision != "withdrawn" and is_own and not desk.is_county_desk:
        raise FaultsError([Fault("leave-not-by-oneself", LAYER, field="decision", value=decision)])
    if not (desk.is_desk and desk.sees(staff, leave.person_id)) and not (decision == "withdrawn" and is_own):
        raise ApiError(404, "unknown-leave", leave=leave_id[:40])
    act = desk.act(f"leave.{decision}", "leave")
    try:
        decided = store.decide(leave_id, decision, expected_version=expected_version, act=act, now=now)
    finally:
        desk.at_work.staff.forget()
    cases = cases_left(desk, decided, now=now) if decision == "approved" else []
    return {"leave": view_leaves(desk, [decided])[0], "cases": cases}


def list_leave(
    desk: StaffDesk, *, since: datetime, area: str = "", states: tuple[str, ...] = (), own: bool = False
) -> list[dict[str, Any]]:
    """Return leave that has not ended by then: of a desk's townships, else one's own.

    Parameters
    ----------
    desk
    since
    area
        A township; "" for all.
    states
        None for all.
    own
        Only one's own.
    """
    staff = desk.staff
    people = {
        one.id
        for one in staff.people.values()
        if (desk.is_own(one) or (not own and desk.is_desk and desk.sees(staff, one.id)))
        and (not area or area in staff.townships_of(one.id))
    }
    return view_leaves(desk, _store(desk).listed(since=since, people=people, states=states))


def cases_left(desk: StaffDesk, leave: Leave, *, now: datetime) -> list[dict[str, Any]]:
    """Return the open cases of somebody who goes, each with whom it would go to once they are away."""
    at = max(now, leave.from_at)
    return [_case_left(desk, one, at) for one in _store(desk).open_cases(leave.person_id)]


def _case_left(desk: StaffDesk, case: OpenCase, at: datetime) -> dict[str, Any]:
    county = desk.county
    stored = desk.at_work.incidents.get(case.id)
    about = Matter(stored.category, stored.severity, stored.subcategory) if stored else None
    found = who_answers(county, stored.lon, stored.lat, at=at, about=about).assignment if stored else None
    name = desk.at_work.staff.name_of(found.assignee_id) if found and found.assignee_id else None
    return {
        "id": case.id,
        "state": case.state,
        "category": case.category,
        "version": case.seq,
        "due_at": moment_words(case.due_at) or None,
        "next_assignee": found.assignee_id if found else None,
        "next_name": name,
        "next_level": found.level if found else None,
        "next_reason": found.reason if found else None,
    }


def _whose(desk: StaffDesk, staff: Staff, person: str, now: datetime) -> str:
    """Return whose leave it is: one's own where nobody is named; of others only by a desk."""
    if not person:
        mine = sorted(one.id for one in staff.people.values() if desk.is_own(one) and staff.is_employed(one.id, now))
        if not mine:
            raise FaultsError([Fault("leave-nobody", LAYER, field="person")])
        return mine[0]
    found = desk.person(staff, person)
    if not (desk.is_own(found) or desk.is_desk):
        raise ApiError(404, "unknown-person", person=person[:60])
    return person


def _read(person: str, words: LeaveWords) -> Leave:
    faults = []
    first = read_moment(words.from_moment, is_end=False)
    last = read_moment(words.until_moment, is_end=True) if words.until_moment.strip() else None
    if first is None:
        faults.append(Fault("leave-moment-unread", LAYER, field="from", value=words.from_moment[:40]))
    if last is None and words.until_moment.strip():
        faults.append(Fault("leave-moment-unread", LAYER, field="until", value=words.until_moment[:40]))
    if words.reason not in get_args(LeaveReason):
        params: dict[str, Param] = {"known": "、".join(get_args(LeaveReason))}
        faults.append(Fault("table-unknown-choice", LAYER, field="reason", value=words.reason[:40], params=params))
    if faults or first is None:
        raise FaultsError(faults)
    reason = cast("LeaveReason", words.reason)
    return Leave("", person, first, last, reason, words.stand_in.strip() or None, "asked")


def _visible(desk: StaffDesk, staff: Staff, leave_id: str) -> Leave:
    try:
        leave = _store(desk).get(leave_id)
    except FaultsError:
        raise ApiError(404, "unknown-leave", leave=leave_id[:40]) from None
    person = staff.people.get(leave.person_id)
    if person is None or not (desk.is_own(person) or (desk.is_desk and desk.sees(staff, person.id))):
        raise ApiError(404, "unknown-leave", leave=leave_id[:40])
    return leave


def _store(desk: StaffDesk) -> LeaveStore:
    return LeaveStore(desk.at_work.database.get())

"""A case's moves: random lives of cases against a second table, written here by hand and not derived from the first."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest
from case_lives import DATA, NINE, REPORT, event
from case_table import ROWS
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from api.access.roles import Role
from gis.faults import FaultsError
from planning.incidents.case import Case
from planning.incidents.events import IncidentEvent, Kind
from planning.incidents.flows import move_of
from planning.incidents.matters import MATTER_KINDS, MATTER_STATES
from planning.incidents.moves import ENDED, Post, State
from planning.incidents.states import TRANSITIONS, apply, possible, replay


def codes(case: Case | None, what: IncidentEvent) -> set[str]:
    with pytest.raises(FaultsError) as refused:
        apply(case, what)
    return {fault.code for fault in refused.value.faults}


def after(*moves: str, at: datetime = NINE) -> Case:
    """Return a case after moves that follow each other, the handler's by `worker`, the others by `desk`."""
    case = apply(None, event(None, "report", post="county-desk", actor="desk", **REPORT))
    for move in moves:
        by_worker = move in ("accept", "arrive", "handle", "feed-back", "ask-extension", "return")
        actor, post = ("worker", "grid-worker") if by_worker else ("desk", "county-desk")
        case = apply(case, event(case, move, post=post, actor=actor, at=at, **DATA.get(move, {})))
    return case


class LifeOfACase(RuleBasedStateMachine):
    """Tries moves by anybody at any time, and holds what happens against the second table."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[IncidentEvent] = []
        self.case: Case | None = None
        self.now = NINE
        self.before_pause = ""
        self.handler: str | None = None
        self.handlers: set[str] = set()
        self.asker: str | None = None
        self.due: datetime | None = None
        self.rated = False

    @initialize()
    def report(self) -> None:
        self._take(event(None, "report", post="county-desk", **REPORT))

    @rule(
        move=st.sampled_from(sorted(ROWS)),
        post=st.sampled_from(get_args(Post)),
        actor=st.sampled_from(["a-1", "a-2", "a-3"]),
        hours=st.integers(0, 40),
    )
    def anybody_tries_anything(self, move: str, post: str, actor: str, hours: int) -> None:
        self._try(move, post, actor, hours)

    @precondition(lambda self: self._open_moves())
    @rule(draw=st.data(), actor=st.sampled_from(["a-1", "a-2", "a-3"]), hours=st.integers(0, 4))
    def somebody_in_the_right_post_goes_on(self, draw: st.DataObject, actor: str, hours: int) -> None:
        move = draw.draw(st.sampled_from(self._open_moves()))
        self._try(move, draw.draw(st.sampled_from(sorted(ROWS[move][2]))), actor, hours)

    def _open_moves(self) -> list[str]:
        assert self.case is not None
        return sorted(move for move, (sources, _to, _by) in ROWS.items() if self.case.state in sources)

    def _try(self, move: str, post: str, actor: str, hours: int) -> None:
        assert self.case is not None
        self.now += timedelta(hours=hours)
        data = dict(DATA.get(move, {}))
        if "until" in data:  # later than what is granted already: anything else makes no sense, whoever asks
            data["until"] = (max(self.now, self.due or self.now) + timedelta(days=1)).isoformat()
        tried = event(self.case, move, post=post, actor=actor, at=self.now, **data)
        told = move in possible(self.case, actor=actor, posts=[post], now=self.now)  # type: ignore[list-item]
        assert told == self._is_legal(move, post, actor)
        if told:
            self._check_target(move, tried)
        else:
            assert codes(self.case, tried)
        if told and move == "check-good":
            assert actor not in {e.payload["actor"] for e in self.events if e.kind == "accepted"}

    def _is_legal(self, move: str, post: str, actor: str) -> bool:
        assert self.case is not None
        sources, _target, posts = ROWS[move]
        if self.case.state not in sources or post not in posts:
            return False
        if move in ("arrive", "handle", "feed-back", "return", "ask-extension") and self.handler not in (None, actor):
            return False
        if move in ("check-good", "check-bad"):
            return actor not in self.handlers
        if move in ("grant-extension", "deny-extension"):
            return self.asker not in (None, actor)
        if move == "ask-extension":
            return self.asker is None and (self.due is None or self.now < self.due)
        return not (move == "rate" and self.rated)

    def _check_target(self, move: str, tried: IncidentEvent) -> None:
        assert self.case is not None
        state, actor = str(self.case.state), tried.payload["actor"]
        target = {"=": state, "<": self.before_pause}.get(ROWS[move][1], ROWS[move][1])
        self._take(tried)
        assert self.case.state == target
        if move == "pause":
            self.before_pause = state
        if move == "accept":
            self.handler = actor
            self.handlers.add(actor)
        if ROWS[move][1] in ("opened", "assigned"):
            self.handler = self.asker = None
        if move == "ask-extension":
            self.asker = actor
        if move == "grant-extension":
            self.due = datetime.fromisoformat(tried.payload["until"])
        if move in ("grant-extension", "deny-extension", "handle"):
            self.asker = None
        if move == "assign":
            self.due = NINE + timedelta(days=3)
        if move == "reopen":
            self.due, self.rated = None, False
        if move == "rate":
            self.rated = True

    def _take(self, one: IncidentEvent) -> None:
        self.case = apply(self.case, one)
        self.events.append(one)

    @invariant()
    def the_replay_is_where_the_case_stands(self) -> None:
        if self.events:
            assert replay(self.events) == self.case

    @invariant()
    def what_belongs_to_a_state_is_there_and_only_there(self) -> None:
        if self.case is None:
            return
        case = self.case
        assert (case.handler, case.due_at) == (self.handler, self.due)
        assert (case.paused_since is not None) == (case.paused_in is not None) == (case.state == "paused")
        assert (case.merged_into is not None) == (case.state == "merged")
        assert (case.asked_until is None) == (case.asker is None) == (self.asker is None)


def test_random_lives_of_cases_follow_the_second_table() -> None:
    run_state_machine_as_test(LifeOfACase, settings=settings(max_examples=100, stateful_step_count=50))  # type: ignore[no-untyped-call]


def test_both_tables_name_the_same_moves_states_and_posts() -> None:
    assert set(ROWS) | {"report"} == set(TRANSITIONS)
    assert Counter(row.kind for row in TRANSITIONS.values()) == Counter(set(get_args(Kind)) - set(MATTER_KINDS))
    assert all(move_of(row.kind) == move for move, row in TRANSITIONS.items())
    for move, (sources, _target, posts) in ROWS.items():
        assert (set(TRANSITIONS[move].sources), set(TRANSITIONS[move].posts)) == (sources, posts), move
    assert set(get_args(Post)) - {"service"} <= set(Role)


def test_every_state_is_reached_and_all_but_the_ended_ones_lead_on() -> None:
    reached, left = {"reported", "paused"}, set()
    for sources, target, _posts in ROWS.values():
        reached.add(target)
        left |= sources
    assert reached - {"=", "<"} == set(get_args(State)) - set(MATTER_STATES)
    assert set(get_args(State)) - set(MATTER_STATES) - left == set()
    assert {"voided", "merged"} < set(ENDED)


def test_a_whole_life_from_report_to_rating() -> None:
    case = after("verify", "open", "assign", "accept", "arrive", "handle", "feed-back", "check-good", "close", "rate")
    assert (case.state, case.version, case.handler, case.stars) == ("closed", 11, "worker", 4)


def test_a_refusal_tells_move_state_and_what_would_be_possible() -> None:
    case = after("verify", "open", "assign", "accept", "handle")
    with pytest.raises(FaultsError) as refused:
        apply(case, event(case, "close", post="county-desk"))
    (fault,) = refused.value.faults
    assert fault.code == "case-move-not-now"
    assert fault.params == {"move": "close", "state": "handled", "possible": "feed-back"}


def test_the_handler_never_checks_even_with_a_checkers_post() -> None:
    case = after("assign", "accept", "handle", "feed-back")
    assert codes(case, event(case, "check-good", post="checker", actor="worker")) == {"case-not-by-handler"}
    assert apply(case, event(case, "check-good", post="checker", actor="other")).state == "checked"


def test_whoever_handled_before_a_reopening_does_not_check_after_it() -> None:
    case = after("assign", "accept", "handle", "feed-back", "check-good", "close", "reopen", "assign")
    for move in ("accept", "handle", "feed-back"):
        case = apply(case, event(case, move, post="township-desk", actor="second", **DATA.get(move, {})))
    for who in ("worker", "second"):
        assert codes(case, event(case, "check-good", post="checker", actor=who)) == {"case-not-by-handler"}


def test_an_extension_is_asked_before_the_deadline_and_granted_by_another() -> None:
    case = after("assign", "accept")
    late = event(
        case, "ask-extension", post="grid-worker", actor="worker", at=NINE + timedelta(days=3), **DATA["ask-extension"]
    )
    assert codes(case, late) == {"case-past-deadline"}
    case = after("assign", "accept", "ask-extension")
    assert codes(
        case, event(case, "grant-extension", post="county-desk", actor="worker", **DATA["grant-extension"])
    ) == {"case-not-by-asker"}
    assert codes(case, event(case, "ask-extension", post="grid-worker", actor="worker", **DATA["ask-extension"])) == {
        "case-extension-asked-already"
    }
    granted = apply(case, event(case, "grant-extension", post="county-desk", actor="desk", **DATA["grant-extension"]))
    assert (granted.due_at, granted.asked_until) == (NINE + timedelta(days=900), None)
    denied = apply(case, event(case, "deny-extension", post="county-desk", actor="desk"))
    assert (denied.due_at, denied.asked_until) == (NINE + timedelta(days=3), None)


def test_a_paused_case_goes_on_where_it_stood() -> None:
    case = after("assign", "accept", "arrive", "pause")
    assert (case.state, case.paused_in, case.paused_since) == ("paused", "arrived", NINE)
    case = apply(case, event(case, "resume", post="county-desk"))
    assert (case.state, case.paused_since, case.handler) == ("arrived", None, "worker")


@pytest.mark.parametrize(
    ("move", "data", "expected"),
    [
        ("merge", {}, {"case-data-missing"}),
        ("merge", {"into": "i-1"}, {"case-with-itself"}),
        ("split", {"parts": ["i-2", "i-1"]}, {"case-with-itself"}),
        ("split", {"parts": ["i-2", "i-2"]}, {"case-data-wrong"}),
        ("pause", {"reason": "王某说明天再来"}, {"case-data-wrong"}),
        ("pause", {"reason": "season", "note": "电话 13812345678"}, {"case-data-unknown"}),
        ("move", {"lon": float("nan"), "lat": True}, {"case-data-wrong"}),
        ("ask-extension", {"until": "2026-03-09", "reason": "weather"}, {"case-data-wrong"}),
        ("ask-extension", {"until": "2026-03-01T09:00:00+08:00", "reason": "weather"}, {"case-extension-not-later"}),
        ("recategorise", {"category": "Some words"}, {"case-data-wrong"}),
    ],
)
def test_data_that_is_missing_wrong_or_not_asked_for_is_refused(move: str, data: Any, expected: set[str]) -> None:
    case = after("assign")
    assert codes(case, event(case, move, post="township-desk", **data)) == expected


def test_who_has_another_post_or_comes_without_a_name_is_refused() -> None:
    case = after("assign")
    assert codes(case, event(case, "accept", post="checker")) == {"case-not-your-post"}
    assert codes(case, event(case, "accept", post="grid-worker", actor="")) == {"case-not-your-post"}
    assert codes(case, event(case, "accept", post="grid-worker", at=NINE - timedelta(seconds=1))) == {
        "case-earlier-than-last"
    }


def test_nothing_comes_before_the_report_and_no_second_report_after_it() -> None:
    assert codes(None, event(None, "open", post="county-desk")) == {"case-move-not-now"}
    assert codes(after(), event(after(), "report", post="county-desk", **REPORT)) == {"case-move-not-now"}
    with pytest.raises(ValueError, match="at least one"):
        replay([])
    with pytest.raises(ValueError, match="expected"):
        apply(after(), IncidentEvent(5, "opened", NINE, {"actor": "a", "post": "county-desk"}))


def test_cases_stored_before_there_were_moves_stand_as_assigned() -> None:
    old = [
        IncidentEvent(1, "reported", NINE, REPORT),
        IncidentEvent(2, "assigned", NINE, {"assignee_id": None, "rule": "county-desk"}),
    ]
    assert (replay(old).state, replay(old).assignee) == ("assigned", None)

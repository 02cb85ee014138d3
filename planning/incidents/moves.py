"""The one table of a case's moves: from which states, into which, by whom, with which data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from planning.incidents.events import Kind

State = Literal[
    "reported",
    "verified",
    "opened",
    "assigned",
    "accepted",
    "arrived",
    "handled",
    "fed-back",
    "checked",
    "closed",
    "refused",
    "voided",
    "merged",
    "paused",
    "declared",
    "granted",
    "sampled",
    "upheld",
    "revoked",
    "withdrawn",
]
Target = State | Literal["same", "before"]
"""Where a move leads: a state, the state that the case is in, or the one that it was paused in."""
Post = Literal["grid-worker", "department", "township-desk", "county-desk", "checker", "service"]
"""Who may act; all but ``service``, which is the program itself, are roles of accounts."""
Person = Literal["anyone", "handler", "not-handler", "not-asker"]
"""Who of those in the post: only whoever has accepted the case, nobody who ever did, or not who asked."""

ENDED: tuple[State, ...] = ("closed", "refused", "voided", "merged", "granted", "upheld", "revoked", "withdrawn")


@dataclass(frozen=True, slots=True)
class Need:
    """One value that a move carries: never free text, a name or a number of a person.

    Parameters
    ----------
    form
        ``code`` (one of `codes`), ``instant`` (ISO 8601 with its zone), ``id``, ``id-or-desk`` (``None`` is the desk on
        duty), ``ids``, ``degrees``, ``stars`` (1 to 5) or ``codes`` (some of `codes`).
    codes
        Those that are known; empty where the office's tables tell them.
    """

    form: Literal["code", "instant", "id", "id-or-desk", "ids", "degrees", "stars", "codes"]
    codes: tuple[str, ...] = ()


_NOTHING: Mapping[str, Need] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table.

    Parameters
    ----------
    kind
        Of the event that the move writes.
    sources
        States in which it is possible; none for a report, with which a case begins.
    target
    posts
        Who may do it.
    needs
        The data that it must carry, by name.
    person
    further
        What the service writes beside; nobody else may.
    may
        The data that it may carry.
    """

    kind: Kind
    sources: tuple[State, ...]
    target: Target
    posts: tuple[Post, ...]
    needs: Mapping[str, Need] = field(default_factory=lambda: _NOTHING)
    person: Person = "anyone"
    further: frozenset[str] = frozenset()
    may: Mapping[str, Need] = field(default_factory=lambda: _NOTHING)


CLOCK_DATA = frozenset({"clock", "due_at", "workdays", "calendar", "provisional"})
"""What the service writes beside every move: the clocks as they stand after it."""

_DESKS: tuple[Post, ...] = ("township-desk", "county-desk")
_HANDLERS: tuple[Post, ...] = ("grid-worker", "department", *_DESKS)
_STAFF: tuple[Post, ...] = (*_HANDLERS, "checker", "service")
_NEW: tuple[State, ...] = ("reported", "verified", "opened")
_UNDER_WAY: tuple[State, ...] = ("assigned", "accepted", "arrived")
_BEFORE_RESULT: tuple[State, ...] = ("opened", *_UNDER_WAY)

_RUNNING: tuple[State, ...] = (*_NEW, *_UNDER_WAY, "handled", "fed-back", "checked")
_ALL: tuple[State, ...] = (*_RUNNING, "paused")
_EVER: tuple[State, ...] = (*_ALL, *ENDED[:4])

_ASSIGNED_BESIDE = frozenset({"level", "role", "rule", "reason", "params", "route_seconds", "tables"})


def _code(*codes: str) -> Need:
    return Need("code", codes)


_ID = Need("id")
_PLACE = {"lon": Need("degrees"), "lat": Need("degrees")}
_SEVERITY = _code("emergency", "urgent", "normal")
_KIND = {"severity": _SEVERITY, "subcategory": Need("code")}

TRANSITIONS: Mapping[str, Transition] = MappingProxyType(
    {
        "report": Transition(
            "reported",
            (),
            "reported",
            _STAFF,
            {"id": _ID, "category": Need("code"), **_PLACE},
            further=frozenset({"cell", "township", "county_version", "channel", "flow"}),
            may=_KIND,
        ),
        "verify": Transition(
            "verified",
            ("reported",),
            "verified",
            ("grid-worker", *_DESKS, "checker"),
            {"outcome": _code("as-reported", "different", "not-found")},
        ),
        "open": Transition("opened", ("reported", "verified"), "opened", _DESKS),
        "refuse": Transition(
            "refused",
            _NEW,
            "refused",
            _DESKS,
            {"reason": _code("not-our-matter", "not-found", "too-vague", "already-solved")},
        ),
        "assign": Transition(
            "assigned",
            _NEW,
            "assigned",
            (*_DESKS, "service"),
            {"assignee_id": Need("id-or-desk")},
            further=_ASSIGNED_BESIDE,
        ),
        "accept": Transition("accepted", ("assigned",), "accepted", _HANDLERS),
        "arrive": Transition("arrived", ("accepted",), "arrived", _HANDLERS, person="handler"),
        "handle": Transition(
            "handled",
            ("accepted", "arrived"),
            "handled",
            _HANDLERS,
            {"outcome": _code("solved", "explained", "passed-on", "not-solvable")},
            person="handler",
        ),
        "feed-back": Transition(
            "fed_back",
            ("handled",),
            "fed-back",
            _HANDLERS,
            {"outcome": _code("told", "not-reached", "nobody-to-tell")},
            person="handler",
        ),
        "check-good": Transition("checked_good", ("fed-back",), "checked", ("checker", *_DESKS), person="not-handler"),
        "check-bad": Transition(
            "checked_bad",
            ("fed-back",),
            "accepted",
            ("checker", *_DESKS),
            {"reason": _code("not-done", "half-done", "applicant-disagrees", "no-evidence")},
            person="not-handler",
        ),
        "close": Transition("closed", ("checked",), "closed", _DESKS),
        "rate": Transition("rated", ("closed",), "same", (*_DESKS, "service"), {"stars": Need("stars")}),
        "return": Transition(
            "returned",
            _UNDER_WAY,
            "opened",
            _HANDLERS,
            {"reason": _code("not-my-matter", "not-my-area", "needs-department", "not-available")},
            person="handler",
        ),
        "reassign": Transition(
            "reassigned",
            _UNDER_WAY,
            "assigned",
            (*_DESKS, "service"),
            {"assignee_id": Need("id-or-desk"), "why": _code("on-leave", "overloaded", "wrong-person", "urgent")},
            further=_ASSIGNED_BESIDE,
        ),
        "ask-extension": Transition(
            "extension_asked",
            _UNDER_WAY,
            "same",
            _HANDLERS,
            {"until": Need("instant"), "reason": _code("needs-materials", "needs-others", "weather", "complex")},
            person="handler",
        ),
        "grant-extension": Transition(
            "extension_granted", _UNDER_WAY, "same", _DESKS, {"until": Need("instant")}, person="not-asker"
        ),
        "deny-extension": Transition("extension_denied", _UNDER_WAY, "same", _DESKS, person="not-asker"),
        "pause": Transition(
            "paused",
            _BEFORE_RESULT,
            "paused",
            _DESKS,
            {"reason": _code("weather", "funding", "procedure", "applicant-absent", "season")},
        ),
        "resume": Transition("resumed", ("paused",), "before", _DESKS),
        "merge": Transition("merged", (*_NEW, *_UNDER_WAY), "merged", _DESKS, {"into": _ID}),
        "split": Transition("split", (*_NEW, *_UNDER_WAY), "same", _DESKS, {"parts": Need("ids")}),
        "move": Transition(
            "moved",
            (*_NEW, *_UNDER_WAY),
            "opened",
            _DESKS,
            _PLACE,
            further=frozenset({"cell", "township", "county_version"}),
        ),
        "recategorise": Transition(
            "recategorised", (*_NEW, *_UNDER_WAY), "opened", _DESKS, {"category": Need("code")}, may=_KIND
        ),
        "void": Transition(
            "voided",
            (*_NEW, *_UNDER_WAY, "paused"),
            "voided",
            _DESKS,
            {"reason": _code("test", "reported-twice", "by-mistake")},
        ),
        "reopen": Transition(
            "reopened",
            ("closed", "refused"),
            "opened",
            _DESKS,
            {"reason": _code("came-back", "not-solved", "new-facts", "refused-wrongly")},
        ),
        "note": Transition("noted", _EVER, "same", _STAFF),
        "attach": Transition("attached", _EVER, "same", _STAFF, {"attachment": _ID}),
        "close-road": Transition("road_closed", _ALL, "same", _HANDLERS, {"road": _ID}, further=frozenset({"name"})),
        "open-road": Transition("road_opened", _EVER, "same", _HANDLERS),
        "erase": Transition(
            "erased", _EVER, "same", ("county-desk", "service"), {"what": Need("codes", ("person", "texts", "files"))}
        ),
        "warn": Transition("warned", _RUNNING, "same", ("service",), {"step": Need("code")}),
        "escalate": Transition(
            "escalated",
            _RUNNING,
            "same",
            ("service",),
            {"step": Need("code"), "to_level": _code("village", "township", "county")},
            further=frozenset({"from_level", "next_at"}),
        ),
        "recompute": Transition("recomputed", _RUNNING, "same", ("service",), further=frozenset({"because", "tables"})),
    }
)
"""By the name of the move. Whoever is assigned at once has been taken on: a report need not be opened first.

After a return, a move, another category or a reopening the case is open and to be assigned again.
"""

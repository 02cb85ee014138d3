"""Whose time it was: every stretch of a case has exactly one owner, and their minutes add up to what has passed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from planning.incidents.case import Case
from planning.incidents.events import IncidentEvent
from planning.incidents.moves import State
from planning.incidents.states import apply

Owner = Literal["worked", "paused", "waiting-desk", "waiting-assignee", "waiting-check", "ended"]
OWNERS: tuple[Owner, ...] = ("worked", "paused", "waiting-desk", "waiting-assignee", "waiting-check", "ended")

_MINUTE = timedelta(minutes=1)

OWNER_OF: Mapping[State, Owner] = MappingProxyType(
    {
        "reported": "waiting-desk",
        "verified": "waiting-desk",
        "opened": "waiting-desk",
        "assigned": "waiting-assignee",
        "accepted": "worked",
        "arrived": "worked",
        "handled": "worked",
        "fed-back": "waiting-check",
        "checked": "waiting-desk",
        "paused": "paused",
        "closed": "ended",
        "refused": "ended",
        "voided": "ended",
        "merged": "ended",
        "declared": "waiting-desk",
        "granted": "ended",
        "sampled": "waiting-check",
        "upheld": "ended",
        "revoked": "ended",
        "withdrawn": "ended",
    }
)
"""Whose time passes in a state. ``ended`` is nobody's fault: the time before a reopening."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time and whose it is.

    Parameters
    ----------
    owner
    state
    since, until
    who
        The account that works, or the person of the roster that is waited for; ``None`` for a desk.
    """

    owner: Owner
    state: State
    since: datetime
    until: datetime
    who: str | None


def spans(events: Iterable[IncidentEvent], *, until: datetime | None = None) -> tuple[Span, ...]:
    """Return the stretches between a case's events, one after the other and without a gap.

    Parameters
    ----------
    events
        All of one case, in order.
    until
        How far to count; the last event if not given. What happened later is not looked at.

    Raises
    ------
    FaultsError, ValueError
        As ``states.replay`` does.
    """
    return spans_of(list(_cases(events, until)), until=until)


def spans_of(cases: Sequence[Case], *, until: datetime | None = None) -> tuple[Span, ...]:
    """Return the stretches of a case of which every state is at hand, as it was after each event.

    Parameters
    ----------
    cases
        In order, none later than `until`.
    until
        As for ``spans``.

    Raises
    ------
    ValueError
        If there is none.
    """
    if not cases:
        raise ValueError("a case has at least one event")
    ends = [*(case.at for case in cases[1:]), max(until or cases[-1].at, cases[-1].at)]
    return tuple(_span(case, end) for case, end in zip(cases, ends, strict=True) if case.at < end)


def minutes(events: Iterable[IncidentEvent], *, until: datetime | None = None) -> dict[Owner, int]:
    """Return whole minutes by owner; their sum is the time from the report to `until`, whole minutes of it.

    Counted exactly to the microsecond. The minutes that no owner fills alone go to those who are nearest to one, the
    first of `OWNERS` where two are as near: no owner is off by a minute.

    Parameters
    ----------
    events, until
        As for `spans`.
    """
    return minutes_of(spans(events, until=until))


def minutes_of(stretches: Iterable[Span]) -> dict[Owner, int]:
    """Return the whole minutes of some stretches by owner, as ``minutes`` does."""
    times = dict.fromkeys(OWNERS, timedelta())
    for span in stretches:
        times[span.owner] += span.until - span.since
    told = {owner: time // _MINUTE for owner, time in times.items()}
    left = sum(times.values(), timedelta()) // _MINUTE - sum(told.values())
    nearest = sorted(OWNERS, key=lambda owner: -(times[owner] % _MINUTE))
    return {owner: told[owner] + (owner in nearest[:left]) for owner in OWNERS}


def _cases(events: Iterable[IncidentEvent], until: datetime | None) -> Iterable[Case]:
    case: Case | None = None
    for event in events:
        if case is not None and until is not None and event.at > until:
            return
        case = apply(case, event)
        yield case


def _span(case: Case, until: datetime) -> Span:
    owner = OWNER_OF[case.state]
    who = case.handler if owner == "worked" else case.assignee if owner == "waiting-assignee" else None
    return Span(owner, case.state, case.at, until, who)

"""What may come next in an invented case, how likely, by whom, and after how long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from planning.incidents.case import Case
from planning.incidents.moves import Post, State


class Choice(NamedTuple):
    """One thing that may come next.

    Parameters
    ----------
    move
        Of the table of moves.
    weight
        How likely, beside the others of its state.
    minutes
        Typical time until it is done.
    post
        Of whoever does it.
    data
        That chance does not decide.
    """

    move: str
    weight: float
    minutes: float
    post: Post
    data: Mapping[str, Any] = {}


CALM = 0.55
"""Share of ended cases that nobody speaks of any more."""
TOO_LATE: Final = Choice("note", 1, 0, "township-desk")
"""In place of asking for an extension once the deadline has passed."""
_DESK: Post = "township-desk"
_WORKER: Post = "grid-worker"

_WRONG = (
    Choice("return", 3, 60, _WORKER, {"reason": "not-my-matter"}),
    Choice("reassign", 4, 120, _DESK, {"why": "overloaded"}),
    Choice("pause", 3, 90, _DESK, {"reason": "weather"}),
    Choice("void", 1, 60, _DESK, {"reason": "reported-twice"}),
    Choice("merge", 1, 60, _DESK),
    Choice("recategorise", 1, 60, _DESK),
    Choice("move", 1, 60, _DESK),
    Choice("note", 4, 60, _DESK),
)
_LATER = Choice("ask-extension", 5, 60, _WORKER, {"reason": "needs-materials"})
CHOICES: Mapping[State, tuple[Choice, ...]] = {
    "reported": (
        Choice("verify", 4, 50, _WORKER, {"outcome": "as-reported"}),
        Choice("open", 4, 30, _DESK),
        Choice("refuse", 1, 60, _DESK, {"reason": "not-our-matter"}),
        Choice("assign", 6, 30, _DESK),
    ),
    "verified": (Choice("open", 3, 30, _DESK), Choice("assign", 3, 30, _DESK)),
    "opened": (Choice("assign", 9, 45, _DESK), Choice("refuse", 1, 60, _DESK, {"reason": "already-solved"})),
    "assigned": (Choice("accept", 80, 25, _WORKER), *_WRONG[1:]),
    "accepted": (
        Choice("arrive", 60, 40, _WORKER),
        Choice("handle", 15, 240, _WORKER, {"outcome": "explained"}),
        _LATER,
        *_WRONG,
    ),
    "arrived": (Choice("handle", 80, 200, _WORKER, {"outcome": "solved"}), _LATER, *_WRONG),
    "handled": (Choice("feed-back", 1, 30, _WORKER, {"outcome": "told"}),),
    "fed-back": (
        Choice("check-good", 11, 150, "checker"),
        Choice("check-bad", 1, 150, "checker", {"reason": "half-done"}),
    ),
    "checked": (Choice("close", 1, 60, _DESK),),
    "closed": (Choice("rate", 12, 400, _DESK), Choice("reopen", 1, 900, _DESK, {"reason": "came-back"})),
    "paused": (Choice("resume", 12, 1500, _DESK), Choice("void", 1, 1500, _DESK, {"reason": "by-mistake"})),
}
_ANSWERED = (Choice("grant-extension", 4, 45, _DESK), Choice("deny-extension", 1, 45, _DESK))


def choices_of(case: Case) -> tuple[Choice, ...]:
    """Return what may come next; an extension that was asked for is answered first."""
    if case.asked_until is not None:
        return _ANSWERED
    return tuple(one for one in CHOICES.get(case.state, ()) if _fits(case, one))


def _fits(case: Case, choice: Choice) -> bool:
    if choice.move == "rate":
        return case.stars is None
    if choice.move == "ask-extension":
        return case.extended_until is None and case.due_at is not None
    if choice.move == "accept" or choice.post != _WORKER:
        return True
    return case.handler is not None or case.state in ("reported", "verified")

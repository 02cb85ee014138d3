"""The tables of moves, by the flow that a case follows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planning.incidents.matters import MATTER, MATTER_MOVES
from planning.incidents.moves import TRANSITIONS, Transition

FLOWS: Mapping[str, Mapping[str, Transition]] = MappingProxyType({"incident": TRANSITIONS, MATTER: MATTER_MOVES})

_MOVE_OF: Mapping[str, Mapping[str, str]] = {
    flow: {row.kind: move for move, row in table.items()} for flow, table in FLOWS.items()
}


def move_of(kind: str, *, flow: str = "incident") -> str | None:
    """Return which move writes an event of a kind, ``None`` if none does."""
    return _MOVE_OF[flow].get(kind)


def first_move(flow: str) -> str:
    """Return the move with which a case of a flow begins."""
    return next(move for move, row in FLOWS[flow].items() if not row.sources)

"""Matters of residents: granted at once when the village declares them, looked into by the county afterwards.

Affirm first (肯定式受理), check later (否定式审查): what is declared is granted by the township; the county draws a
sample, and upholds or revokes. The same engine as for incidents, another table of moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planning.incidents.events import Kind
from planning.incidents.moves import TRANSITIONS, Need, Post, State, Transition

MATTER = "matter"
"""Name of the flow."""

MATTER_STATES: tuple[State, ...] = ("declared", "granted", "sampled", "upheld", "revoked", "withdrawn")
MATTER_KINDS: tuple[Kind, ...] = ("declared", "granted", "sampled", "upheld", "revoked", "withdrawn")
"""Those that no incident has."""

_TOWNSHIP: tuple[Post, ...] = ("township-desk", "county-desk")
_COUNTY: tuple[Post, ...] = ("county-desk", "checker")
_ID = Need("id")
_EVER: tuple[State, ...] = (*MATTER_STATES, "refused")
_SHARED = ("note", "attach", "erase")


def _as_in_an_incident(move: str) -> Transition:
    row = TRANSITIONS[move]
    return Transition(row.kind, _EVER, row.target, row.posts, row.needs, row.person, row.further, row.may)


MATTER_MOVES: Mapping[str, Transition] = MappingProxyType(
    {
        "declare": Transition(
            "declared",
            (),
            "declared",
            ("grid-worker", *_TOWNSHIP),
            {
                "id": _ID,
                "category": Need("code"),
                "matter": Need("code"),
                "proxy": Need("code", ("own", "coordinator")),
                "lon": Need("degrees"),
                "lat": Need("degrees"),
            },
            further=frozenset({"cell", "township", "county_version", "channel", "flow", "level"}),
        ),
        "grant": Transition("granted", ("declared",), "granted", _TOWNSHIP),
        "refuse": Transition(
            "refused",
            ("declared",),
            "refused",
            _TOWNSHIP,
            {"reason": Need("code", ("not-our-matter", "not-entitled", "papers-missing", "already-granted"))},
        ),
        "sample": Transition("sampled", ("granted",), "sampled", _COUNTY, {"seed": Need("id")}),
        "uphold": Transition("upheld", ("sampled",), "upheld", _COUNTY, person="not-handler"),
        "revoke": Transition(
            "revoked",
            ("granted", "sampled", "upheld"),
            "revoked",
            _COUNTY,
            {"reason": Need("code", ("not-entitled", "false-statement", "circumstances-changed", "by-mistake"))},
            person="not-handler",
        ),
        "withdraw": Transition(
            "withdrawn", ("declared", "granted", "sampled"), "withdrawn", ("grid-worker", *_TOWNSHIP)
        ),
        **{move: _as_in_an_incident(move) for move in _SHARED},
    }
)
"""By the name of the move. Whoever granted a matter neither upholds nor revokes it."""

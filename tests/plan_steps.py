"""Random steps of a planner at the workbench, as its store takes them: choices, sites, statuses, edits of roads."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any


def random_steps(
    rng: random.Random, places: Sequence[str], roads: Sequence[str], *, count: int
) -> Iterator[dict[str, Any]]:
    """Yield actions none of which the server refuses: sites and excluded places are drawn from different halves."""
    stand, apart = places[::2], places[1::2]
    sites, closed = set[str](), dict[str, dict[str, Any]]()
    for _step in range(count):
        kind = rng.choice(
            ["fields", "fields", "site-added", "site-removed", "site-moved", "status", "edit", "edit-removed"]
        )
        if kind == "fields":
            yield {
                "type": kind,
                "fields": rng.choice([{"p": rng.randint(1, 60)}, {"limit_minutes": rng.randint(5, 60)}]),
            }
        elif kind == "status":
            ids = rng.sample(apart, rng.randint(1, 4))
            yield {"type": kind, "ids": ids, "status": rng.choice(["excluded", "closable", None])}
        elif kind == "edit":
            road = rng.choice(roads)
            closed[road] = {"op": "road-closed", "target": road}
            yield {"type": kind, "edit": closed[road]}
        elif kind == "edit-removed" and closed:
            yield {"type": kind, "target": closed.pop(rng.choice(sorted(closed)))["target"]}
        elif kind == "site-removed" and len(sites) > 1:
            gone = rng.choice(sorted(sites))
            sites.remove(gone)
            yield {"type": kind, "id": gone}
        elif kind == "site-moved" and sites:
            left, to = rng.choice(sorted(sites)), rng.choice(stand)
            sites = sites - {left} | {to} if to not in sites else sites
            yield {"type": kind, "from": left, "to": to}
        else:
            sites.add(new := rng.choice(stand))
            yield {"type": "site-added", "id": new}

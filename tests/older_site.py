"""Records as the version before accounts stored them: tables of the first revision, rows in plain SQL."""

from __future__ import annotations

import json
from typing import Any

from backup_site import NOW, VERSIONS
from sqlalchemy import make_url, text

from layers.records.engines import engine_for
from layers.records.revisions import upgrade_tables


def _old(number: int) -> dict[str, Any]:
    """Return an incident as that version stored it: columns, and the payloads of both events."""
    place = {"lon": 116.8 + number / 7, "lat": 37.1, "cell": None if number % 3 else "371424001002003"}
    told = {"id": f"20261129-065757-{number:08d}", "county_version": VERSIONS[number % 2], **place}
    reported = {**told, "category": "party", "text": f"第{number}件 “路灯” \\ / ****1111 🚧"}
    person = {"assignee_id": f"p{number}" if number % 2 else None, "level": "county", "role": "desk"}
    why = {"rule": "county-desk", "reason": "outside-cells", "params": {"count": 1.0, "名": ["设", 1.5]}}
    due = {"due_at": "2026-12-03T10:00:00+00:00", "workdays": 3, "calendar": "state-council", "route_seconds": 61.0}
    return {**told, "idempotency_key": f"键-{number}", "events": [reported, {**person, **why, **due}]}


OLD = [_old(number) for number in range(9)]
KINDS = ("reported", "assigned")


def write_old(url: str) -> None:
    """Make the tables of the first revision and fill them as that version did: in plain SQL."""
    engine = engine_for(make_url(url))
    moment = NOW if engine.dialect.name == "postgresql" else f"{NOW:%Y-%m-%d %H:%M:%S.%f}"
    with engine.begin() as connection:
        upgrade_tables(connection, revision="0001")
        for one in OLD:
            connection.execute(
                text(
                    "INSERT INTO incident (id, idempotency_key, county_version, lon, lat, cell, created_at) "
                    "VALUES (:id, :idempotency_key, :county_version, :lon, :lat, :cell, :at)"
                ),
                {**{name: value for name, value in one.items() if name != "events"}, "at": moment},
            )
            for seq, (kind, payload) in enumerate(zip(KINDS, one["events"], strict=True), start=1):
                connection.execute(
                    text(
                        "INSERT INTO incident_event (incident_id, seq, kind, at, payload) "
                        f"VALUES (:id, :seq, :kind, :at, {_JSON[engine.dialect.name]})"
                    ),
                    {"id": one["id"], "seq": seq, "kind": kind, "at": moment, "payload": json.dumps(payload)},
                )
    engine.dispose()


_JSON = {"sqlite": ":payload", "postgresql": "CAST(:payload AS jsonb)"}

"""How many remarks came in on compared schemes that are published: numbers only, nothing that anybody said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from api.actions.comparison.compare import Compared
from api.actions.scenarios.visitor import Visitor
from layers.records.hearings import HearingStore
from layers.records.publications import PublicationStore


def heard_told(who: Visitor, found: Compared) -> list[dict[str, Any]]:
    """Return the publications of the schemes, newest first, each with the tally of its hearing.

    Parameters
    ----------
    who
    found

    Returns
    -------
    list of dict
        ``key`` of the scheme, ``slug``, ``title``, ``at``, ``closes_at``, ``stage`` (open, closed, withdrawn),
        ``total``, ``answered``, and numbers by ``states``, ``channels`` and ``stances``.
    """
    keys = {one.reference.id: one.key for one in found.schemes if one.kind != "today"}
    database, now = who.at_work.database.get(), datetime.now(UTC)
    told = []
    for one in PublicationStore(database).register():
        key = keys.get(one.runs[0].partition("@")[0]) if one.runs else None
        if key is None:
            continue
        tally = HearingStore(database).tally(one.slug)
        told.append(
            {
                "key": key,
                "slug": one.slug,
                "title": one.title,
                "stage": one.stage(now),
                "at": one.at.isoformat(),
                "closes_at": one.closes_at.isoformat(),
                "total": tally.total,
                "answered": tally.answered,
                **{name: dict(getattr(tally, name)) for name in ("states", "channels", "stances")},
            }
        )
    return told

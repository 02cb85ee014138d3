"""Whose time a case took, as a chart: hours by owner, which add up to all of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from maps.catalogue import Lang, text
from maps.charts import Axis, Chart, Series, chart
from planning.incidents.events import IncidentEvent
from planning.incidents.ledger import OWNERS, minutes

_COLOURS = {
    "worked": "#0072B2",
    "paused": "#CC79A7",
    "waiting-desk": "#E69F00",
    "waiting-assignee": "#D55E00",
    "waiting-check": "#56B4E9",
    "ended": "#5b6878",
}


def ledger_chart(events: Sequence[IncidentEvent], *, now: datetime, lang: Lang) -> str:
    """Return the chart as SVG; who had no time of the case is left out."""
    told = minutes(events, until=max(now, events[-1].at))
    owners = [owner for owner in OWNERS if told[owner]]
    unit, decimals = (60.0, 1) if sum(told.values()) >= 120 else (1.0, 0)
    axis = text(lang, "cases.ledger-hours" if unit > 1 else "cases.ledger-minutes")
    values = tuple(told[owner] / unit for owner in owners)
    return chart(
        Chart(
            title=text(lang, "cases.ledger"),
            kind="rows",
            x=Axis(axis),
            y=Axis(""),
            series=(Series("", values=values, colours=tuple(_COLOURS[owner] for owner in owners)),),
            categories=tuple(text(lang, f"incident.owner.{owner}") for owner in owners),
            decimals=decimals,
            width=340,
            height=70 + 26.0 * len(owners),
        ),
        lang=lang,
    )

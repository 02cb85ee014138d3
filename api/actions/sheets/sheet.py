"""A printed sheet: everything that stands on it, from the very figures that the page shows."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.actions.left_behind import list_left_behind
from api.actions.open_county import OpenCounty
from api.actions.sheets.ground import changes_of, ground_of
from api.actions.sheets.shown import Shown
from api.actions.sheets.tables import left_table, people_by_minutes, second_chart, sites_table
from api.actions.sheets.words import (
    edits_in_words,
    figures_of_sheet,
    notes_in_words,
    question_words,
    verdict_words,
)
from maps.catalogue import Lang, text
from maps.sheet.spec import MapSpec, Place, Sheet, Site
from maps.theme import PLAN_SYMBOLS, Shape
from planning.incidents.deadlines import CHINA_TIME
from planning.siting.proof.claim import read_claim


def sheet_of(shown: Shown, *, now: datetime, made_by: str, lang: Lang) -> Sheet:
    """Return the sheet of a plan in words.

    Parameters
    ----------
    shown
    now
        When it is made.
    made_by
        Who makes it; empty where that is not known.
    lang
    """
    at_hand, plan = shown.at_hand, shown.plan
    problem, solution = read_claim(shown.claim)
    service = at_hand.tables.services[plan["service"]].names[lang]
    level, verdict = verdict_words(plan, lang)
    left, left_more = left_table(list_left_behind(at_hand, plan, shown.claim), lang)
    return Sheet(
        title=shown.name or text(lang, "sheet.title", service=service),
        county=f"{at_hand.county.name} {at_hand.county.code}",
        question=question_words(plan, lang, service=service),
        badge=text(lang, "page.reconstructed.badge") if _is_reconstructed(at_hand) else "",
        verdict=verdict,
        verdict_level=level,
        figures=figures_of_sheet(plan, lang),
        edits=edits_in_words(at_hand, plan, lang),
        sites=sites_table(plan, lang),
        chart=people_by_minutes(problem, solution, lang),
        second=second_chart(plan, lang),
        left=left,
        left_more=left_more,
        notes=notes_in_words(plan, lang),
        service=service,
        made_at=now.astimezone(CHINA_TIME).strftime("%Y-%m-%d %H:%M"),
        made_by=made_by,
        version=at_hand.county.version[:12],
        origin=shown.origin,
        map=_map_of(at_hand, plan),
    )


def _is_reconstructed(at_hand: OpenCounty) -> bool:
    return any(layer.get("reconstructed") for layer in at_hand.county.layers.values())


def _map_of(at_hand: OpenCounty, plan: Mapping[str, Any]) -> MapSpec:
    return MapSpec(
        ground_of(at_hand),
        places=_places(at_hand, plan),
        sites=_sites(at_hand, plan),
        symbol=_symbol(at_hand, plan["service"]),
        changes=changes_of(at_hand, plan),
    )


def _places(at_hand: OpenCounty, plan: Mapping[str, Any]) -> tuple[Place, ...]:
    """Return every place with its time; its circle is sized by the people of the plan's base."""
    demand = at_hand.demand
    seconds = {one["demand_id"]: one["seconds"] for one in plan["allocation"]}
    base = next(name for name in (plan["base"], "resident", "registered") if name in demand)
    names, people = demand["name"].astype(str), demand[base].fillna(0).astype(int)
    rows = zip(demand.index.astype(str), names, people, at_hand.demand_xy.tolist(), strict=True)
    return tuple(Place(name, x, y, count, seconds.get(id_)) for id_, name, count, (x, y) in rows)


def _sites(at_hand: OpenCounty, plan: Mapping[str, Any]) -> tuple[Site, ...]:
    sites = []
    for number, site in enumerate(plan["facilities"], 1):
        x, y = at_hand.metres_of(site["lon"], site["lat"])[0].tolist()
        sites.append(Site(number, site["name"] or site["id"], x, y, stands=bool(site.get("stands"))))
    return tuple(sites)


def _symbol(at_hand: OpenCounty, service: str) -> tuple[Shape, str]:
    """Return the symbol of a service: by its place among all, as on the page."""
    return dict(zip(at_hand.tables.services, itertools.cycle(PLAN_SYMBOLS), strict=False))[service]

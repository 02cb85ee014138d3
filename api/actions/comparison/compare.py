"""Two to six schemes compared, as people and programs read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from api.actions.comparison.builds import builds_told
from api.actions.comparison.references import Reference
from api.actions.comparison.schemes import TODAY_KEY, SchemeAtHand, schemes_of
from api.actions.comparison.site_actions import actions_told
from api.actions.recent import Recent
from api.actions.scenarios.visitor import Visitor
from api.actions.sheets.words import question_words, verdict_words
from layers.matrices import content_key
from maps.catalogue import Lang, text
from planning.comparison.difference import change_by_township, count_moved, count_person_seconds
from planning.comparison.figures import Row, differences, rows_of
from planning.comparison.losers import find_losers, sum_of_losers
from planning.comparison.scheme import Aligned, align
from planning.groups import COLUMNS
from planning.measures.plan_measures import IN_COUNTY
from planning.scenario.identity import question_told
from planning.scenario.placed import AS_PLACED
from planning.scenario.question import PlanQuestion

_RECENT_BYTES = 32 * 2**20
"""Of comparisons held in memory: in a county of 900 places some sixty of six schemes."""
_PER_FIGURE = 90
"""Bytes that a figure of a place takes as a Python number in a list, with its share of the rest of an answer."""
_OF_THE_QUESTION = (*question_told(PlanQuestion("")), "sites")


@dataclass(frozen=True, eq=False)
class Compared:
    """Schemes compared.

    Parameters
    ----------
    schemes
        In order, with their counties and plans.
    told
        As ``GET /api/compare`` tells them.
    lang
        Of names and definitions.
    """

    schemes: Sequence[SchemeAtHand]
    told: Mapping[str, Any]
    lang: Lang


def compare(who: Visitor, references: Sequence[Reference], *, lang: Lang) -> Compared:
    """Return schemes beside each other.

    Parameters
    ----------
    who
    references
        From :func:`api.actions.comparison.references.references_in`.
    lang
        Of names and definitions.

    Raises
    ------
    ApiError, FaultsError
        As :func:`api.actions.comparison.schemes.schemes_of`.
    """
    schemes = schemes_of(who, references)
    held = schemes[0].at_hand.once("comparisons", lambda: Recent(_RECENT_BYTES, _bytes_of))
    return Compared(schemes, held.get(_content_of(schemes, lang), lambda: told_together(schemes, lang)), lang)


def told_together(schemes: Sequence[SchemeAtHand], lang: Lang) -> dict[str, Any]:
    """Return schemes at hand beside each other.

    Parameters
    ----------
    schemes
        Alike in what :func:`api.actions.comparison.alike.refuse_unlike` asks.
    lang
    """
    aligned, first = align([one.places() for one in schemes]), schemes[0]
    limits = {one.plan["limit_minutes"] for one in schemes}
    measured = {one.key: _measures(one.plan) for one in schemes}
    differing = _differing(schemes)
    rows = rows_of(
        measured,
        same_limit="limit_minutes" not in differing,
        same_capacities="capacities" not in differing,
        today=TODAY_KEY,
    )
    resolved = first.built.resolved
    return {
        "service": first.plan["service"],
        "service_name": first.at_hand.tables.services[first.plan["service"]].names[lang],
        "county": first.at_hand.county.name,
        "limit_minutes": limits.pop() if len(limits) == 1 else None,
        "base": first.plan["base"],
        "weights_basis": first.plan["weights_basis"],
        "year": resolved.year,
        "capacity_unit": first.plan["capacity_unit"],
        "notes": list(dict.fromkeys(note for one in schemes for note in one.plan["notes"])),
        "differs": differing,
        "versions": builds_told(schemes, aligned),
        "ages": [column for column in COLUMNS.values() if column in resolved.people],
        "schemes": [_scheme_told(one, measured[one.key], lang) for one in schemes],
        "measures": [_row_told(row, lang) for row in rows],
        "differences": [
            _difference_told(aligned, rows, before.key, after.key) for before, after in combinations(schemes, 2)
        ],
        "places": _places_told(aligned),
        "actions": {one.key: actions_told(one) for one in schemes if one.kind != "today"},
    }


def _content_of(schemes: Sequence[SchemeAtHand], lang: Lang) -> str:
    told = [[one.key, one.reference.text, one.kind, one.name, one.years, one.plan] for one in schemes]
    return content_key(lang, json.dumps(told, ensure_ascii=False, sort_keys=True))


def _bytes_of(told: Mapping[str, Any]) -> int:
    return _PER_FIGURE * len(told["places"]["ids"]) * (6 + len(told["schemes"]))


def _measures(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return all measures of a plan by code, those that take the county's own data included."""
    return {**plan["measures"], **{code: plan[code] for code in sorted(IN_COUNTY) if code in plan}}


def _differing(schemes: Sequence[SchemeAtHand]) -> list[str]:
    """Return in what the schemes differ beside their sites: what a reader must know before comparing figures."""
    asked = {name: [one.plan[name] for one in schemes] for name in ("mode", "limit_minutes", "edits", "tables")}
    asked["capacities"] = [one.counts_capacities for one in schemes]
    return [name for name, values in asked.items() if any(value != values[0] for value in values)]


def _scheme_told(one: SchemeAtHand, measured: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    plan = one.plan
    return {
        "key": one.key,
        "reference": one.reference.text,
        "kind": one.kind,
        "name": one.name or _plain_name(one, lang),
        "county_version": plan["county_version"],
        "question": {name: plan[name] for name in _OF_THE_QUESTION if name in plan},
        "edits_told": plan.get("edits_told", []),
        "tables": plan["tables"],
        "status": plan["status"],
        "proof": plan.get("proof"),
        "gap": plan.get("gap"),
        "verdict": _verdict(one, lang),
        "asked": _asked(one, lang),
        "objective": plan.get("objective"),
        "bound": plan.get("bound"),
        "objective_unit": plan.get("objective_unit"),
        "mode": plan["mode"],
        "limit_minutes": plan["limit_minutes"],
        "sites": plan["facilities"],
        "measures": measured,
        "spent_yuan": measured.get("spent_yuan"),
    }


def _plain_name(one: SchemeAtHand, lang: Lang) -> str:
    """Return what a scheme is called that nobody gave a name."""
    if one.kind == "today":
        return text(lang, "compare.today")
    model = text(lang, f"page.model.{one.plan['model']}")
    return text(lang, "compare.unnamed", model=model, count=str(len(one.plan["opened"])))


def _verdict(one: SchemeAtHand, lang: Lang) -> dict[str, str]:
    """Return how good a scheme is, in the words of its sheet: a level, and what stands there."""
    if one.kind == "today":
        return {"level": "fair", "words": text(lang, "compare.today"), "more": text(lang, "compare.as-it-stands")}
    level, (words, more) = verdict_words(one.plan, lang)
    return {"level": level, "words": words, "more": more}


def _asked(one: SchemeAtHand, lang: Lang) -> str:
    """Return what a scheme was asked, in the words of its sheet."""
    service = one.at_hand.tables.services[one.plan["service"]].names[lang]
    if one.kind == "today":
        return question_words({**one.plan, "status": AS_PLACED}, lang, service=service)
    return question_words(one.plan, lang, service=service)


def _row_told(row: Row, lang: Lang) -> dict[str, Any]:
    code = row.definition.code
    return {
        "code": code,
        "name": text(lang, f"measures.{code}.name"),
        "unit": row.definition.unit,
        "definition": text(lang, f"measures.{code}.definition"),
        "better": row.definition.better,
        "comparable": row.is_comparable,
        "values": dict(row.values),
        "best": list(row.best),
    }


def _difference_told(places: Aligned, rows: list[Row], before: str, after: str) -> dict[str, Any]:
    losers = find_losers(places, before, after)
    return {
        "from": before,
        "to": after,
        "measures": differences(rows, before, after),
        "people": count_moved(places, before, after).as_dict(),
        "person_seconds": count_person_seconds(places, before, after).as_dict(),
        "losers": [{**place_told(places, one.row), **one.as_dict()} for one in losers],
        "losers_sum": sum_of_losers(losers),
        "townships": change_by_township(places, before, after),
    }


def place_told(places: Aligned, row: int) -> dict[str, Any]:
    """Return a place by id, name, township and degrees."""
    lon, lat = (round(degrees, 6) for degrees in places.lon_lat[row].tolist())
    township = str(places.townships[row]) or None
    return {"id": str(places.ids[row]), "name": str(places.names[row]), "township": township, "lon": lon, "lat": lat}


def _places_told(places: Aligned) -> dict[str, Any]:
    """Return the columns that maps and tables are made of, each once."""
    lon, lat = places.lon_lat.round(6).T.tolist()
    return {
        "ids": places.ids.astype(str).tolist(),
        "names": places.names.astype(str).tolist(),
        "townships": [name or None for name in places.townships.astype(str).tolist()],
        "lon": lon,
        "lat": lat,
        "people": places.people.tolist(),
        "elders": None if places.elders is None else places.elders.tolist(),
        "seconds": {key: _seconds_told(places, key) for key in places.seconds},
    }


def _seconds_told(places: Aligned, key: str) -> list[int | None]:
    pairs = zip(places.seconds[key].tolist(), places.served(key).tolist(), strict=True)
    return [seconds if is_served else None for seconds, is_served in pairs]

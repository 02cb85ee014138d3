"""A plan in the words of its sheet: what was asked, how good it is, what the scenario changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from api.actions.open_county import OpenCounty
from api.cli.edit_words import asked_words, edit_words
from api.cli.measure_words import left_out_key
from api.cli.wording import gap_words, in_unit
from api.figures import gap_of, minutes_of, share_of
from api.reasons import broken_words
from maps.catalogue import Lang, has_text, text
from maps.sheet.spec import Figure
from planning.scenario.placed import AS_PLACED

_PROVEN = ("certificate", "enumerated")
_CONDITIONS = ("capacity", "max_minutes", "every_township", "separation_km", "budget_yuan", "hour_yuan", "trips")
_STATUS = "site-status"
_MOST_NAMED = 14
_WAYS_ASKED = ("road-closed", "road-slowed")


def question_words(plan: Mapping[str, Any], lang: Lang, *, service: str) -> str:
    """Return what was asked: service, objective, number of sites, limit, mode, whom it counts, conditions."""
    placed = plan["status"] == AS_PLACED
    parts = [service, text(lang, "planning.placed.sites") if placed else _word("page.model", plan["model"], lang)]
    parts.append(text(lang, "page.card.sites", count=f"{len(plan['opened']):,}"))
    if plan.get("limit_minutes"):
        parts.append(text(lang, "sheet.limit", minutes=f"{plan['limit_minutes']:g}"))
    parts += [_word("page.mode", plan["mode"], lang), _word("planning.weights", plan["weights_basis"], lang)]
    asked = plan.get("conditions") or {}
    parts += [asked_words(name, [asked[name]], lang) for name in _CONDITIONS if asked.get(name) is not None]
    return " · ".join(parts)


def verdict_words(plan: Mapping[str, Any], lang: Lang) -> tuple[str, tuple[str, str]]:
    """Return how good a plan is, as the card of the page says it: a level, and what stands there."""
    if plan["status"] == "optimal" and plan["proof"] in _PROVEN:
        return "good", (text(lang, "page.card.proven"), text(lang, f"page.proof.{plan['proof']}"))
    if plan["status"] == "optimal":
        solver = str(plan["solver"] or "HiGHS").split(",")[0]
        return "fair", (text(lang, "page.card.solver-says"), text(lang, "page.card.solver-more", solver=solver))
    if plan["status"] == AS_PLACED:
        return "fair", (text(lang, "planning.placed.verdict"), _placed_words(plan, lang))
    causes = [reason["code"] for reason in plan["reasons"]]
    key = "best-memory" if "memory-limit" in causes else "best-so-far"
    key = "best-stopped" if plan["status"] == "interrupted" else key
    return "fair", (text(lang, f"page.card.{key}"), gap_words(plan, lang))


def _placed_words(plan: Mapping[str, Any], lang: Lang) -> str:
    """Return that nothing was compared, and which conditions the sites break."""
    told = [text(lang, "planning.placed.verdict-more")]
    told += [text(lang, "planning.placed.provisional")] if plan["provisional"] else []
    broken = text(lang, "chart.semicolon").join(broken_words(one, lang) for one in plan["broken"])
    told += [text(lang, "cli.figure", name=text(lang, "planning.placed.missed"), value=broken)] if broken else []
    return text(lang, "chart.semicolon").join(told)


def figures_of_sheet(plan: Mapping[str, Any], lang: Lang) -> tuple[Figure, ...]:
    """Return the figures of a plan, named as on the page."""
    found = plan["measures"]
    total = found["people_total"]
    reached = total - found["unreachable_people"]
    of_whom = text(lang, "page.card.of-reached", people=f"{reached:,}") if reached < total else ""
    figures = [_within(plan, lang)] if found["people_within_limit"] is not None else []
    figures += [
        Figure(text(lang, f"page.card.{name}"), _minutes(found[f"{name}_s"], lang), of_whom if name == "mean" else "")
        for name in ("mean", "p95", "worst")
    ]
    left_out = text(lang, left_out_key(found))
    figures.append(Figure(left_out, text(lang, "page.people", count=f"{found['unreachable_people']:,}")))
    figures += [_bound(plan, lang)] if plan["objective"] is not None else []
    if found.get("over_capacity_people"):
        served = text(lang, "page.people", count=f"{found['served_people']:,}")
        figures.append(Figure(text(lang, "measures.served_people.name"), served))
    if "spent_yuan" in plan:
        figures.append(Figure(text(lang, "page.card.spent"), f"{plan['spent_yuan']:,}"))
    return tuple(figures)


def _within(plan: Mapping[str, Any], lang: Lang) -> Figure:
    within, total = plan["measures"]["people_within_limit"], plan["measures"]["people_total"]
    of = text(lang, "page.card.within-of", within=f"{within:,}", total=f"{total:,}")
    return Figure(text(lang, "page.card.within", minutes=f"{plan['limit_minutes']:g}"), share_of(within, total), of)


def _bound(plan: Mapping[str, Any], lang: Lang) -> Figure:
    """Return how far a better plan could be at most, and what no plan can beat."""
    gap = text(lang, "page.unknown") if plan["gap"] is None else gap_of(plan["gap"])
    if plan["bound"] is None or plan["objective_unit"] == "scaled-cost":
        return Figure(text(lang, "sheet.gap"), gap)
    most = plan["sense"] == "maximize"
    bound = in_unit(plan["bound"], plan["objective_unit"], lang)
    return Figure(
        text(lang, "sheet.gap"), gap, text(lang, f"page.plan.{'bound-most' if most else 'bound'}", value=bound)
    )


def edits_in_words(at_hand: OpenCounty, plan: Mapping[str, Any], lang: Lang) -> tuple[str, ...]:
    """Return each edit of the scenario as a county office would say it, by name; places of one status together."""
    edits: Iterable[Mapping[str, Any]] = plan.get("edits") or ()
    named = [{**edit, **_called(at_hand, edit)} for edit in edits]
    said: dict[str, list[str]] = {}
    for edit in named:
        if edit["op"] == _STATUS:
            said.setdefault(str(edit["status"]), []).append(str(edit["target"]))
    rest = (edit_words(edit, lang) for edit in named if edit["op"] != _STATUS)
    return (*(_said_of(status, names, lang) for status, names in said.items()), *rest)


def _said_of(status: str, names: list[str], lang: Lang) -> str:
    """Return of which places a scenario says so: the first by name, and how many there are."""
    first = text(lang, "page.comma").join(names[:_MOST_NAMED])
    status = text(lang, f"page.status.{status}")
    key = "sheet.said" if len(names) <= _MOST_NAMED else "sheet.said-more"
    return text(lang, key, status=status, count=f"{len(names):,}", names=first)


def _called(at_hand: OpenCounty, edit: Mapping[str, Any]) -> dict[str, str]:
    """Return what an edit is about by its name, where it says an id that has one."""
    target = str(edit.get("target", ""))
    for frame in (at_hand.roads,) if edit["op"] in _WAYS_ASKED else _places(at_hand):
        if target in frame.index and "name" in frame:
            name = str(frame["name"].fillna("")[target])
            return {"target": f"{name} {target}" if name and edit["op"] in _WAYS_ASKED else name or target}
    return {}


def _places(at_hand: OpenCounty) -> Iterator[pd.DataFrame]:
    yield at_hand.demand
    if at_hand.county.has("facilities"):
        yield at_hand.county.layer("facilities")


def notes_in_words(plan: Mapping[str, Any], lang: Lang) -> tuple[str, ...]:
    """Return what one must know before relying on a plan."""
    told = plan.get("candidates") or {}
    params = {"count": f"{told.get('count', 0):,}", "of": f"{told.get('of', 0):,}"}
    return tuple(text(lang, f"page.note.{code}", **params) for code in plan["notes"] if has_text(f"page.note.{code}"))


def _minutes(seconds: float | None, lang: Lang) -> str:
    if seconds is None:
        return text(lang, "page.unreachable")
    return text(lang, "page.minutes", minutes=minutes_of(seconds))


def _word(prefix: str, code: str, lang: Lang) -> str:
    return text(lang, f"{prefix}.{code}") if has_text(f"{prefix}.{code}") else str(code)

"""Tables and chart of a sheet: sites, who is left behind, people by minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from api.figures import minutes_figure, minutes_of, share_of
from gis.cost_matrix import UNREACHABLE
from maps.catalogue import Lang, text
from maps.charts import Axis, Chart, Series
from maps.sheet.layers import class_of
from maps.sheet.legend import class_words
from maps.sheet.spec import Table
from maps.theme import MINUTE_COLOURS
from maps.theme import UNREACHABLE as NO_WAY
from planning.measures.flows import flows_of
from planning.siting import SitingProblem, Solution

_EVERYBODY = ("resident", "registered", "no-age-data")


def sites_table(plan: Mapping[str, Any], lang: Lang) -> Table:
    """Return the opened sites: whom each serves, how far they come, its load or its floor area."""
    sites = plan["facilities"]
    carries = any("load" in site for site in sites)
    has_area = not carries and any(site.get("floor_area_m2") for site in sites)
    people = "people" if plan["weights_basis"] in _EVERYBODY else "elders"
    head = [text(lang, f"sheet.head.{name}") for name in ("number", "site", "township", people, "mean", "worst")]
    last = ("load", "load-share") if carries else ("area", "area") if has_area else ()
    head += [text(lang, f"sheet.head.{name}") for name in last]
    rows = tuple((*_site_row(number, site, lang), *_last(site, last)) for number, site in enumerate(sites, 1))
    least = (0, 1, 3, 4, 5)
    more = ((6,), (7,)) if last else ((), ())
    title = text(lang, "page.card.opened")
    return Table(title, tuple(head), rows, wide=(*range(6), *more[0]), narrow=(*least, *more[1]), tight=least)


def _site_row(number: int, site: Mapping[str, Any], lang: Lang) -> tuple[str, ...]:
    marks = [text(lang, "page.card.upper")] if site.get("upper") else []
    marks += [text(lang, "sheet.stands")] if site.get("stands") else []
    name = " · ".join([site["name"] or site["id"], *marks])
    times = (_minutes(site[f"{which}_s"], lang) for which in ("mean", "worst"))
    return (str(number), name, site["township"] or "", f"{site['people']:,}", *times)


def _last(site: Mapping[str, Any], columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return what stands in the last column, and the same where there is less room."""
    if not columns:
        return ()
    if columns[0] == "area":
        area = f"{site['floor_area_m2']:,.0f}" if site.get("floor_area_m2") else ""
        return area, area
    if "load" not in site:
        return "", ""
    share = f"{100 * site['load'] / site['capacity']:,.0f}%" if site["capacity"] else "–"
    return f"{site['load']:,} / {site['capacity']:,}", share


def left_table(told: Mapping[str, Any], lang: Lang) -> tuple[Table, str]:
    """Return who is left behind, the farthest first, and how many in all."""
    places = sorted(told["places"], key=_worst_first)
    rows = tuple(
        (
            place["name"] or place["id"],
            f"{place['people']:,}",
            text(lang, "page.unreachable") if place["seconds"] is None else minutes_of(place["seconds"]),
            place["site"] or "–",
        )
        for place in places
    )
    head = tuple(text(lang, f"sheet.left.{name}") for name in ("place", "people", "minutes", "site"))
    columns = tuple(range(len(head)))
    table = Table(text(lang, "left-behind.title"), head, rows, wide=columns, narrow=columns, tight=columns)
    return table, _left_in_all(told, len(rows), lang)


def _worst_first(place: Mapping[str, Any]) -> tuple[bool, float, int, str]:
    seconds = place["seconds"]
    return (seconds is not None, -(seconds or 0), -place["people"], str(place["id"]))


def _left_in_all(told: Mapping[str, Any], places: int, lang: Lang) -> str:
    sums = told["sums"]
    people = sums["over_capacity_people"] + sums["outside_people"]
    if not people:
        return text(lang, "sheet.left.nobody")
    over, total = sums["over_capacity_people"], sums["people_total"]
    share = share_of(people, total) if 1000 * people >= total else text(lang, "sheet.left.below-a-tenth")
    more = text(lang, "sheet.left.over", count=f"{over:,}") if over else ""
    return text(lang, "sheet.left.in-all", places=f"{places:,}", people=f"{people:,}", share=share) + more


def people_by_minutes(problem: SitingProblem, solution: Solution, lang: Lang) -> Chart:
    """Return how many people are in each class of minutes, and how many nobody serves."""
    counts = people_in_classes(problem, solution)
    labels = class_words(lang)
    kept = len(counts) if counts[-1] else len(counts) - 1
    colours = (*MINUTE_COLOURS, NO_WAY)[:kept]
    hatched = (kept - 1,) if counts[-1] else ()
    values = tuple(float(count) for count in counts[:kept])
    return Chart(
        text(lang, "sheet.chart.title"),
        "columns",
        Axis(text(lang, "sheet.chart.minutes")),
        Axis(text(lang, "sheet.chart.people")),
        (Series(text(lang, "sheet.chart.people"), values=values, colours=colours, hatched=hatched),),
        categories=tuple(label.replace(" ", "") for label in labels[:kept]),
    )


def second_chart(plan: Mapping[str, Any], lang: Lang) -> Chart | None:
    """Return loads against capacities where sites carry loads, else the mean times of townships, the longest first."""
    loaded = [site for site in plan["facilities"] if "load" in site]
    if loaded:
        return Chart(
            text(lang, "sheet.chart.loads"),
            "rows",
            Axis(_unit(plan, lang)),
            Axis(""),
            (Series(text(lang, "sheet.chart.load"), values=tuple(float(site["load"]) for site in loaded)),),
            categories=tuple(site["name"] or site["id"] for site in loaded),
            against=Series(text(lang, "sheet.chart.capacity"), values=tuple(float(one["capacity"]) for one in loaded)),
        )
    told = [one for one in plan["measures"].get("by_township") or () if one["mean_s"] is not None]
    if not told:
        return None
    ordered = sorted(told, key=lambda one: (-one["mean_s"], one["township"] or ""))
    return Chart(
        text(lang, "sheet.chart.townships"),
        "rows",
        Axis(text(lang, "sheet.chart.mean")),
        Axis(""),
        (Series(text(lang, "sheet.chart.mean"), values=tuple(minutes_figure(one["mean_s"]) for one in ordered)),),
        categories=tuple(one["township"] or text(lang, "page.unnamed") for one in ordered),
        decimals=1,
    )


def _unit(plan: Mapping[str, Any], lang: Lang) -> str:
    return text(lang, f"sheet.unit.{plan['capacity_unit']}")


def people_in_classes(problem: SitingProblem, solution: Solution) -> list[int]:
    """Return people by the classes of the map, then those whom no site serves; they add up to everyone."""
    flows = flows_of(problem, solution)
    seconds = problem.values[flows.demand, flows.site]
    counts = [0] * (len(MINUTE_COLOURS) + 1)
    for people, time_s in zip(flows.people.tolist(), seconds.tolist(), strict=True):
        counts[class_of(None if time_s >= UNREACHABLE else int(time_s))] += people
    counts[-1] += int(problem.weights.sum()) - int(np.sum(flows.people))
    return counts


def _minutes(seconds: float | None, lang: Lang) -> str:
    return text(lang, "page.unreachable") if seconds is None else minutes_of(seconds)

"""Results as lines of text for the command line."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from api.explain import explain_faults
from api.reasons import reason_words
from gis.faults import Fault
from maps.catalogue import Lang, has_text, text


def fault_lines(faults: Iterable[Fault], lang: Lang, *, always: bool = False) -> list[str]:
    """Return one paragraph a fault: where, what, what was expected, how to mend it.

    Parameters
    ----------
    faults
    lang
    always
        Say so when there are none.
    """
    lines = []
    for fault in explain_faults(faults, lang):
        where = [fault["layer"], fault["file"], _row(fault["row"], lang), fault["field"]]
        place = " · ".join(part for part in where if part)
        severity = text(lang, f"cli.severity.{fault['severity']}")
        found = text(lang, "cli.found", value=fault["value"]) if fault["value"] else ""
        expected = text(lang, "cli.expected", expected=fault["expected"]) if fault["expected"] else ""
        parts = [expected, found, text(lang, "cli.mend", mend=fault["mend"]) if fault["mend"] else ""]
        if fault["severity"] == "note":  # nothing is wrong and nothing to mend
            parts = [fault["mend"]]
        lines.append(f"[{severity}] {place}: " + "; ".join(part for part in parts if part))
    return lines or ([text(lang, "cli.no-faults")] if always else [])


def info_lines(info: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return the county's figures, one a line."""
    county, people, network = info["county"], info["population"], info["network"]
    lines = [f"{county['name']} ({county['code']})  {county['crs']}  {info['version']}"]
    for name, layer in info["layers"].items():
        made = ",".join(layer["reconstructed"])
        label = text(lang, "cli.reconstructed", fields=made) if made else ""
        lines.append(f"  {name:<16}{layer['count']:>8}  {layer['source']}  {label}".rstrip())
    lines += [f"  {key:<16}{_figure(value)}" for key, value in {**people, **network}.items()]
    return lines


def plan_lines(plan: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return a plan's verdict, figures and sites."""
    asked = [text(lang, f"page.service.{plan['service']}"), text(lang, f"page.model.{plan['model']}")]
    count = [text(lang, "page.card.sites", count=f"{len(plan['opened']):,}")] if plan["opened"] else []
    lines = [
        " · ".join(asked + count),
        text(lang, f"cli.status.{plan['status']}"),
        text(lang, f"cli.proof.{_proof(plan)}", solver=plan["solver"]),
    ]
    lines += [f"  {reason_words(why, lang)}" for why in plan["reasons"]]
    lines += objective_lines(plan, lang)
    if plan["objective"] is not None and plan["proof"] is None:
        lines.append(f"  {gap_words(plan, lang)}")
    lines += [f"  {line}" for line in measure_lines(plan, lang)] if plan["opened"] else []
    lines += [_site_line(site, lang) for site in plan["facilities"]]
    lines += [text(lang, "cli.note", note=text(lang, f"page.note.{code}")) for code in plan["notes"]]
    return lines


def measure_lines(plan: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return what a plan means for people, each figure with its name and unit."""
    found = plan["measures"]
    within, total = found["people_within_limit"], found["people_total"]
    figures = []
    if within is not None:
        share = math.floor(1000 * within / max(1, total) + 1e-9) / 10
        of = text(lang, "page.card.within-of", within=f"{within:,}", total=f"{total:,}")
        figures.append((text(lang, "page.card.within", minutes=f"{plan['limit_minutes']:g}"), f"{share:.1f}%  {of}"))
    times = {"mean": found["mean_s"], "p95": found["p95_s"], "worst": found["worst_s"]}
    if plan.get("equivalent"):
        times["equivalent"] = plan["equivalent"]["seconds"]
    reached = total - found["unreachable_people"]
    of_whom = text(lang, "page.card.of-reached", people=f"{reached:,}") if reached < total else ""
    figures += [
        (text(lang, f"page.card.{name}"), f"{_minutes(seconds, lang)}  {of_whom}".rstrip())
        for name, seconds in times.items()
    ]
    if found["unreachable_people"]:
        people = text(lang, "page.people", count=f"{found['unreachable_people']:,}")
        figures.append((text(lang, "page.card.unreachable"), people))
    if "spent_yuan" in plan:
        figures.append((text(lang, "page.card.spent"), f"{plan['spent_yuan']:,}"))
    figures.append((text(lang, "page.card.base"), text(lang, f"planning.weights.{plan['weights_basis']}")))
    figures.append((text(lang, "page.card.mode"), text(lang, f"page.mode.{plan['mode']}")))
    return [text(lang, "cli.figure", name=name, value=value) for name, value in figures]


def _site_line(site: Mapping[str, Any], lang: Lang) -> str:
    people = text(lang, "page.people", count=f"{site['people']:,}")
    times = {name: _minutes(site[f"{name}_s"], lang) for name in ("mean", "worst")}
    upper = text(lang, "page.card.upper") if site.get("upper") else ""
    where = "  ".join(part for part in (site["name"], site["township"], upper) if part)
    return text(lang, "cli.site", id=site["id"], where=where, people=people, **times)


def _minutes(seconds: float | None, lang: Lang) -> str:
    """Return seconds as minutes; that nobody gets there is a word."""
    if seconds is None:
        return text(lang, "page.unreachable")
    return text(lang, "page.minutes", minutes=f"{seconds / 60:,.1f}")


def objective_lines(plan: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return what a plan reaches and what none can beat, in its unit; nothing without a plan."""
    if plan["objective"] is None:
        return []
    figures = {name: in_unit(plan[name], plan["objective_unit"], lang) for name in ("objective", "bound")}
    return [text(lang, "cli.objective", **figures)]


def gap_words(plan: Mapping[str, Any], lang: Lang) -> str:
    """Return how much better any plan could be at most, rounded up: in people, or in seconds a person."""
    if plan["objective"] is None or plan["bound"] is None:
        return text(lang, "page.gap.unknown")
    missing = abs(plan["objective"] - plan["bound"])
    key = f"page.gap.{plan['objective_unit']}"
    seconds = f"{math.ceil(_seconds_each(plan, missing) * 10 - 1e-9) / 10:,.1f}"
    share = f"{math.ceil(plan['gap'] * 10_000 - 1e-9) / 100:.2f}%"
    return text(lang, key if has_text(key) else "page.gap.other", share=share, count=f"{missing:,}", seconds=seconds)


def _seconds_each(plan: Mapping[str, Any], missing: int) -> float:
    if plan["objective_unit"] == "milliseconds":
        return missing / 1000
    if plan.get("equivalent"):
        return float(plan["equivalent"]["seconds"] - plan["equivalent"]["bound_seconds"])
    found = plan["measures"]
    return float(missing / max(1, found["people_total"] - found["unreachable_people"]))


def in_unit(value: int | None, unit: str, lang: Lang) -> str:
    """Return a figure with its unit."""
    key = f"page.unit.{unit}"
    figure = f"{value / 1000:,.3f}" if unit == "milliseconds" and value is not None else _figure(value)
    return text(lang, key, value=figure) if has_text(key) else f"{figure} {unit}"


def _proof(plan: Mapping[str, Any]) -> str:
    if plan["status"] == "infeasible" and plan["proof"]:
        return "infeasible-solver" if plan["proof"] == "solver" else "infeasible"
    return plan["proof"] or "none"


def _row(row: int | None, lang: Lang) -> str:
    return "" if row is None else text(lang, "cli.row", row=row)


def _figure(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int | float) else str(value)

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
    found = plan["measures"]
    lines = [
        text(lang, f"cli.status.{plan['status']}"),
        text(lang, f"cli.proof.{_proof(plan)}", solver=plan["solver"]),
    ]
    lines += [f"  {reason_words(why, lang)}" for why in plan["reasons"]]
    lines += objective_lines(plan, lang)
    if plan["objective"] is not None and plan["proof"] is None:
        lines.append(f"  {gap_words(plan, lang)}")
    lines += [f"  {key:<24}{_figure(value)}" for key, value in found.items()]
    lines += [f"  {site['id']}  {site['name']}  {site['township'] or ''}" for site in plan["facilities"]]
    return lines


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
    found = plan["measures"]
    people = max(1, found["people_total"] - found["unreachable_people"])
    key = f"page.gap.{plan['objective_unit']}"
    seconds = -(-missing * 10 // people) / 10
    share = f"{math.ceil(plan['gap'] * 10_000 - 1e-9) / 100:.2f}%"
    return text(lang, key if has_text(key) else "page.gap.other", share=share, count=f"{missing:,}", seconds=seconds)


def in_unit(value: int | None, unit: str, lang: Lang) -> str:
    """Return a figure with its unit."""
    key = f"page.unit.{unit}"
    return text(lang, key, value=_figure(value)) if has_text(key) else f"{_figure(value)} {unit}"


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

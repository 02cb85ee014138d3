"""Results as lines of text for the command line."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from api.cli.measure_words import in_minutes, measure_lines
from api.explain import NameOf, explain_fault, in_order
from api.figures import gap_of, hours_of, minutes_of, rounded
from api.reasons import broken_words, reason_words
from gis.faults import Fault
from maps.catalogue import Lang, has_text, text

_READ_AS: Mapping[str, Callable[[int], str]] = {
    "person-seconds": hours_of,
    "load-seconds": hours_of,
    "seconds": minutes_of,
    "milliseconds": lambda value: minutes_of(value / 1000),
}


def field_of(fault: Fault, _lang: Lang) -> str:
    """Return the field of a fault as its file calls it."""
    return fault.field


def fault_lines(faults: Iterable[Fault], lang: Lang, *, always: bool = False, name_of: NameOf = field_of) -> list[str]:
    """Return one paragraph a fault: where, what was expected, what was found, how to fix it.

    Parameters
    ----------
    faults
    lang
    always
        Say so when there are none.
    name_of
        What the field of a fault is called on the command line.
    """
    lines = []
    for fault in in_order(faults):
        told = explain_fault(fault, lang, name_of=name_of)
        where = [told["layer"], told["file"], _row(told["row"], lang), name_of(fault, lang)]
        if fault.layer == "edits" and fault.row is not None:
            where = [text(lang, "edit.number", number=fault.row), fault.field]
        place = " · ".join(part for part in where if part)
        severity = text(lang, f"cli.severity.{told['severity']}")
        found = text(lang, "cli.found", value=told["value"]) if told["value"] else ""
        expected = text(lang, "cli.expected", expected=told["expected"].rstrip("。.")) if told["expected"] else ""
        parts = [expected, found, text(lang, "cli.mend", mend=told["mend"]) if told["mend"] else ""]
        if told["severity"] == "note":  # nothing is wrong and nothing to fix
            parts = [told["mend"]]
        words = text(lang, "cli.and").join(part for part in parts if part)
        lines.append(
            text(lang, "cli.fault" if place else "cli.fault-anywhere", severity=severity, place=place, words=words)
        )
    return lines or ([text(lang, "cli.no-faults")] if always else [])


def info_lines(info: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return the county's figures in words, one a line."""
    county, people, network = info["county"], info["population"], info["network"]
    area = "" if county["area_km2"] is None else rounded(county["area_km2"], 1)
    lines = [
        text(lang, "cli.info.county", name=county["name"], code=county["code"]),
        _told(lang, "version", info["version"]),
        *([_told(lang, "area_km2", area)] if area else []),
        _told(lang, "crs", county["crs"]),
        text(lang, "cli.info.layers"),
    ]
    for name, layer in info["layers"].items():
        fields = text(lang, "page.comma").join(_word("page.field", field, lang) for field in layer["reconstructed"])
        made = text(lang, "cli.reconstructed", fields=fields) if fields else ""
        derived = text(lang, "cli.info.derived") if layer["source"] == "derived" else layer["source"]
        row = {"name": _word("page.layer", name, lang), "count": f"{layer['count']:,}", "source": derived, "made": made}
        lines.append(text(lang, "cli.info.layer", **row).rstrip())
    lines.append(text(lang, "cli.info.population"))
    lines += [_told(lang, name, _figure(people[name])) for name in people if name != "age_basis"]
    lines.append(text(lang, "cli.info.ages" if people["age_basis"] else "cli.info.no-ages"))
    lines.append(text(lang, "cli.info.network"))
    return [*lines, *(_told(lang, name, _figure(value)) for name, value in network.items())]


def _told(lang: Lang, name: str, value: str) -> str:
    """Return a figure of the county with its name; a name that has no words stays as it is."""
    key = next((key for key in (f"cli.info.{name}", f"page.field.{name}") if has_text(key)), None)
    return f"  {text(lang, 'cli.figure', name=text(lang, key) if key else name, value=value)}"


def _word(kind: str, code: str, lang: Lang) -> str:
    return text(lang, f"{kind}.{code}") if has_text(f"{kind}.{code}") else code


def plan_lines(plan: Mapping[str, Any], lang: Lang, *, service: str = "") -> list[str]:
    """Return a plan's verdict, figures and sites; `service` is what its service is called."""
    asked = [service or _word("page.service", plan["service"], lang), text(lang, f"page.model.{plan['model']}")]
    count = [text(lang, "page.card.sites", count=f"{len(plan['opened']):,}")] if plan["opened"] else []
    lines = [
        " · ".join(asked + count),
        text(lang, f"cli.status.{plan['status']}"),
        *_proof_lines(plan, lang),
    ]
    lines += [f"  {reason_words(why, lang)}" for why in plan["reasons"]]
    lines += objective_lines(plan, lang)
    if plan["objective"] is not None and plan["proof"] is None:
        lines.append(f"  {gap_words(plan, lang)}")
    lines += [f"  {line}" for line in measure_lines(plan, lang)] if plan["opened"] else []
    lines += [site_line(site, lang) for site in plan["facilities"]]
    lines += [f"  {line}" for line in table_lines(plan, lang)]
    lines += [text(lang, "cli.note", note=text(lang, f"page.note.{code}")) for code in plan["notes"]]
    return lines


def _proof_lines(plan: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return what is proven; of sites that were named, which nobody compared, the conditions that they break."""
    if "broken" not in plan:
        return [text(lang, f"cli.proof.{_proof(plan)}", solver=plan["solver"])]
    missed = [f"  {broken_words(one, lang)}" for one in plan["broken"]]
    head = [text(lang, "planning.placed.missed")] if missed else []
    return [*([text(lang, "planning.placed.provisional")] if plan["provisional"] else []), *head, *missed]


def table_lines(answer: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return which of the office's own tables an answer was made by; nothing where it was made by none."""
    told = [
        text(lang, "page.table.version", name=_word("page.table", kind, lang), version=version)
        for kind, version in answer.get("tables", {}).items()
    ]
    if not told:
        return []
    return [text(lang, "cli.figure", name=text(lang, "page.table.label"), value=text(lang, "page.comma").join(told))]


def site_line(site: Mapping[str, Any], lang: Lang) -> str:
    """Return one site: its name, whom it serves and how far they come."""
    people = text(lang, "page.people", count=f"{site['people']:,}")
    times = {name: in_minutes(site[f"{name}_s"], lang) for name in ("mean", "worst")}
    upper = text(lang, "page.card.upper") if site.get("upper") else ""
    where = "  ".join(part for part in (site["name"], site["township"], upper) if part)
    return text(lang, "cli.site", id=site["id"], where=where, people=people, **times)


def objective_lines(plan: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return what a plan reaches and what none can beat, in its unit; nothing without a plan."""
    if plan["objective"] is None:
        return []
    figures = {name: _reached(plan, name, lang) for name in ("objective", "bound")}
    key = "objective-most" if plan.get("sense") in ("maximize", "max") else "objective"
    return [text(lang, f"cli.{key}", **figures)]


def _reached(plan: Mapping[str, Any], name: str, lang: Lang) -> str:
    """Return the objective or the bound; a scaled cost as the time that, shared equally, would be as bad."""
    fair = plan.get("equivalent")
    if plan["objective_unit"] == "scaled-cost" and fair:
        return in_minutes(fair["seconds" if name == "objective" else "bound_seconds"], lang)
    return in_unit(plan[name], plan["objective_unit"], lang)


def gap_words(plan: Mapping[str, Any], lang: Lang) -> str:
    """Return how much better any plan could be at most, rounded up: in people, or in seconds a person."""
    if plan["objective"] is None or plan["bound"] is None:
        return text(lang, "page.gap.unknown")
    missing = abs(plan["objective"] - plan["bound"])
    key = f"page.gap.{plan['objective_unit']}"
    seconds = f"{math.ceil(_seconds_each(plan, missing) * 10 - 1e-9) / 10:,.1f}"
    share = gap_of(plan["gap"])
    return text(lang, key if has_text(key) else "page.gap.other", share=share, count=f"{missing:,}", seconds=seconds)


def _seconds_each(plan: Mapping[str, Any], missing: int) -> float:
    if plan["objective_unit"] == "milliseconds":
        return missing / 1000
    if plan.get("equivalent"):
        return float(plan["equivalent"]["seconds"] - plan["equivalent"]["bound_seconds"])
    found = plan["measures"]
    return float(missing / max(1, found["people_total"] - found["unreachable_people"]))


def in_unit(value: int | None, unit: str, lang: Lang) -> str:
    """Return a figure in the unit that people read it in: person-seconds as hours, seconds as minutes."""
    key = f"page.unit.{unit}"
    figure = _figure(value) if value is None or unit not in _READ_AS else _READ_AS[unit](value)
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

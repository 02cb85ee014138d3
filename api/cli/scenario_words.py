"""Scenarios in words for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.cli.edit_words import asked_words, edit_words
from api.cli.measure_words import measure_lines
from api.cli.scenario_files import DIGITS
from api.cli.wording import fault_lines, site_line, table_lines
from gis.faults import Fault
from maps.catalogue import Lang, has_text, text
from planning.incidents.deadlines import CHINA_TIME


def scenario_lines(told: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return a scenario: its record, its question, its edits by number."""
    county = told["county"]
    lines = [
        text(lang, "cli.scenario.head", name=told["name"], id=told["id"]),
        _figure(lang, "revision", told["revision"]),
        _figure(lang, "content", told["content_id"]),
        _figure(lang, "county", f"{county['name']} {county['code']} · {county['version']}"),
        *stale_lines(told["stale"], lang),
        text(lang, "cli.scenario.question"),
        *(f"  {asked_words(name, [value], lang)}" for name, value in told["question"].items()),
        text(lang, f"cli.scenario.{'edits' if told['edits'] else 'no-edits'}", count=len(told["edits"])),
    ]
    return [*lines, *(f"  {number}. {edit_words(edit, lang)}" for number, edit in enumerate(told["edits"], 1))]


def saved_lines(told: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return what came of a change."""
    key = "saved" if told.get("changed", True) else "unchanged"
    return [text(lang, f"cli.scenario.{key}", name=told["name"], id=told["id"], revision=told["revision"])]


def listed_lines(rows: Sequence[Mapping[str, Any]], lang: Lang) -> list[str]:
    """Return scenarios, one a line; that there is none is told."""
    lines = [
        "  ".join(
            [
                row["id"][:DIGITS],
                text(lang, "cli.scenario.revision-short", revision=row["revision"]),
                _when(row["changed_at"]),
                row["county"]["name"],
                row["name"],
                *([text(lang, "cli.scenario.stale-short")] if row["stale"] else []),
                *([text(lang, f"scenario.level.{row['level']}")] if row["level"] != "owner" else []),
            ]
        )
        for row in rows
    ]
    return lines or [text(lang, "cli.scenario.none")]


def stale_lines(stale: Mapping[str, Any] | None, lang: Lang) -> list[str]:
    """Return that the county was built anew, and which layers differ."""
    if stale is None:
        return []
    layers = stale["layers"] or {}
    comma = text(lang, "page.comma")
    changed = [
        f"{text(lang, f'scenario.change.{how}')} {comma.join(_layer(one, lang) for one in names)}"
        for how, names in layers.items()
        if names
    ]
    told = text(lang, "cli.and").join(changed) or text(lang, "cli.scenario.layers-unknown")
    return [text(lang, "cli.scenario.stale", current=stale["current"], layers=told)]


def rebase_lines(told: Mapping[str, Any], faults: Sequence[Fault], lang: Lang) -> list[str]:
    """Return what becomes of every edit, and what still contradicts itself."""
    lines = [text(lang, "cli.scenario.rebase", before=told["from"], after=told["to"], **told["counts"])]
    for fate in told["edits"]:
        became = " ".join(fate["became"])
        words = {
            "outcome": text(lang, f"scenario.outcome.{fate['outcome']}"),
            "part": text(lang, f"scenario.part.{fate['part']}"),
            "reason": text(lang, f"scenario.rebase.{fate['reason']}"),
            "target": f"{fate['target']} → {became}" if became else fate["target"],
        }
        lines.append(text(lang, "cli.scenario.fate", number=fate["number"], **words))
    lines += fault_lines(faults, lang)
    saved = told["saved"]
    return [*lines, *(saved_lines(saved, lang) if saved else [text(lang, "cli.scenario.not-saved")])]


def difference_lines(told: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return what differs between two scenarios."""
    lines = []
    if told["county_version"]:
        lines.append(_figure(lang, "county", f"{told['county_version']['before']} → {told['county_version']['after']}"))
    lines += [f"  {asked_words(one['field'], [one['before'], one['after']], lang)}" for one in told["question"]]
    for one in told["edits"]:
        shown = " → ".join(edit_words(edit, lang) for edit in (one["before"], one["after"]) if edit is not None)
        lines.append(f"  {text(lang, 'scenario.change.' + one['change'])}: {shown}")
    return lines or [text(lang, "cli.scenario.same")]


def scheme_zero_lines(told: Mapping[str, Any], lang: Lang, *, service: str) -> list[str]:
    """Return today's facilities of a service and what they mean for people; where nothing stands, that."""
    if told["status"] == "no-service":
        return [text(lang, "cli.scenario.no-service", service=service)]
    lines = [text(lang, "cli.scenario.scheme-0", service=service, count=f"{len(told['opened']):,}")]
    lines += [f"  {line}" for line in measure_lines(told, lang)]
    lines += [site_line(site, lang) for site in told["facilities"]]
    lines += [f"  {line}" for line in table_lines(told, lang)]
    return lines + [text(lang, "cli.note", note=text(lang, f"page.note.{code}")) for code in told["notes"]]


def _figure(lang: Lang, name: str, value: object) -> str:
    return f"  {text(lang, 'cli.figure', name=text(lang, f'cli.scenario.{name}'), value=value)}"


def _layer(name: str, lang: Lang) -> str:
    key = f"page.layer.{name}"
    return text(lang, key) if has_text(key) else name


def _when(moment: str) -> str:
    """Return a moment by the clock of the office."""
    return f"{datetime.fromisoformat(moment).astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"

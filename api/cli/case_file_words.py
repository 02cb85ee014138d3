"""What the commands about many cases do beside their actions, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from api.actions.case_files.batch_in import TakenIn
from api.actions.case_files.counted import Names, heading, name_of
from api.actions.case_files.replayed import Replayed
from api.actions.open_county import OpenCounty
from api.actions.workplace import Workplace
from api.explain import ApiError
from gis.faults import FaultsError
from layers.sources.files import file_fault
from maps.catalogue import Lang, text
from planning.incidents.bulk.statistics import FIGURES, WAITING, GroupFigures, Grouping

LARGEST_TABLE = 32 * 2**20
LARGEST_LINES = 4 * 2**30
"""Bytes of a file that is taken in; lines are never held together."""
_MOST_SHOWN = 50


def checked_file(file: Path) -> bool:
    """Return whether a file holds lines rather than a table.

    Raises
    ------
    FaultsError
        If there is no such file, or it is too large.
    """
    is_lines = file.suffix.lower() in (".jsonl", ".ndjson")
    fault = file_fault(file, layer="case-batch", max_bytes=LARGEST_LINES if is_lines else LARGEST_TABLE)
    if fault is not None:
        raise FaultsError([replace(fault, code="table-missing-file") if fault.code == "missing-file" else fault])
    return is_lines


def county_or_none(at_work: Workplace) -> OpenCounty | None:
    """Return the county, ``None`` while none can be read: cases with positions are taken in all the same."""
    try:
        return at_work.county
    except (ApiError, FaultsError):
        return None


def group_names(at_work: Workplace, lang: Lang) -> Names:
    """Return what categories and townships are called."""
    at_hand = county_or_none(at_work)
    townships: Mapping[str, str] = {}
    if at_hand is not None and at_hand.county.has("townships"):
        townships = at_hand.county.layer("townships")["name"].astype(str).to_dict()
    names = at_work.tables.get().category_names
    return {"township": townships, "category": {code: name[lang] for code, name in names.items()}}


def taken_lines(done: TakenIn, lang: Lang) -> list[str]:
    """Return what a file did."""
    known = done.rows - done.created
    told = [text(lang, "case-files.taken", rows=f"{done.rows:,}", created=f"{done.created:,}")]
    return [*told, *([text(lang, "case-files.known", count=f"{known:,}")] if known else [])]


def exported_line(file: Path, count: int, lang: Lang) -> str:
    """Return what was written."""
    return text(lang, "case-files.exported", file=str(file), count=f"{count:,}")


def forgotten_line(count: int, lang: Lang) -> str:
    """Return how many invented cases are gone."""
    return text(lang, "case-files.forgotten", count=f"{count:,}")


def replayed_json(found: Replayed) -> dict[str, Any]:
    """Return what a replay found, as JSON."""
    told = asdict(found)
    for one in told["differences"]:
        one["stands"], one["should"] = str(one["stands"]), str(one["should"])
    return {"is_sound": found.is_sound, **told}


def replayed_lines(found: Replayed, lang: Lang) -> list[str]:
    """Return what a replay found."""
    lines = [text(lang, "case-files.replayed", cases=f"{found.cases:,}", events=f"{found.events:,}")]
    for one in found.differences[:_MOST_SHOWN]:
        told = {"stands": str(one.stands), "should": str(one.should)}
        lines.append("  " + text(lang, "case-files.differs", case=one.case, column=one.column, **told))
    for case, why in list(found.broken.items())[:_MOST_SHOWN]:
        lines.append("  " + text(lang, "case-files.broken", case=case, why=why))
    lines += ["  " + text(lang, "case-files.unbalanced", case=case) for case in found.unbalanced[:_MOST_SHOWN]]
    if found.differences and not found.mended:
        lines.append(text(lang, "case-files.mend", count=len(found.differences)))
    if found.mended:
        lines.append(text(lang, "case-files.mended", count=found.mended))
    if not (found.differences or found.broken or found.unbalanced):
        lines.append(text(lang, "case-files.sound"))
    lines += [
        "  " + text(lang, "cli.figure", name=text(lang, f"incident.owner.{owner}"), value=_minutes(count, lang))
        for owner, count in found.minutes.items()
    ]
    return lines


def stats_lines(counted: Mapping[Grouping, Mapping[str, GroupFigures]], names: Names, lang: Lang) -> list[str]:
    """Return the figures, group by group."""
    lines = []
    for grouping, groups in counted.items():
        lines.append(text(lang, f"case-stats.grouping.{grouping}"))
        for key, one in groups.items():
            medians = one.medians()
            counts = [f"{heading(name, lang)} {one.counts[name]:,}" for name in FIGURES if one.counts[name]]
            owners = [_median(owner, medians[owner], lang) for owner in WAITING if medians.get(owner)]
            told = text(lang, "page.comma").join([*counts, *owners])
            lines.append("  " + text(lang, "cli.figure", name=name_of(grouping, key, names, lang), value=told))
    return lines or [text(lang, "case-stats.none")]


def _median(owner: str, count: int, lang: Lang) -> str:
    return text(lang, "case-stats.median", owner=text(lang, f"incident.owner.{owner}"), count=f"{count:,}")


def _minutes(count: int, lang: Lang) -> str:
    return text(lang, "case-stats.count-minutes", count=f"{count:,}")

"""Figures of all cases, and as a workbook in which each figure says what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from api.actions.case_files.replayed import Replayed, lived_cases
from layers.records.database import Database
from maps.catalogue import Lang, has_text, text
from maps.report.workbook import Cell, Sheet, SheetColumn, workbook_bytes
from planning.incidents.bulk.statistics import FIGURES, GROUPINGS, WAITING, CaseFigures, GroupFigures, Grouping, grouped

Names = Mapping[Grouping, Mapping[str, str]]
"""What groups are called: by grouping and code."""


def count_cases(database: Database, *, now: datetime) -> dict[Grouping, dict[str, GroupFigures]]:
    """Return the figures of all cases that can be replayed, counted until now."""
    return grouped(_figures(database, now))


def _figures(database: Database, now: datetime) -> Iterator[CaseFigures]:
    for _case, figures in lived_cases(database, now=now, found=Replayed()):
        if figures is not None:
            yield figures


def counted_json(counted: Mapping[Grouping, Mapping[str, GroupFigures]]) -> dict[str, Any]:
    """Return the figures as JSON."""
    return {
        f"by_{grouping}": {key: {**one.counts, "median_minutes": one.medians()} for key, one in groups.items()}
        for grouping, groups in counted.items()
    }


def counted_workbook(
    counted: Mapping[Grouping, Mapping[str, GroupFigures]], names: Names, *, now: datetime, lang: Lang
) -> bytes:
    """Return the figures as an .xlsx file: a sheet for each grouping, and one with what the figures mean."""
    sheets = [
        Sheet(text(lang, f"case-stats.sheet.{grouping}"), _columns(grouping, lang), [
            _row(name_of(grouping, key, names, lang), one) for key, one in counted[grouping].items()
        ], has_filter=True)
        for grouping in GROUPINGS
    ]  # fmt: skip
    told: list[list[Cell]] = [[heading(name, lang), text(lang, f"case-stats.meaning.{name}")] for name in FIGURES]
    told += [[heading(name, lang), text(lang, "case-stats.meaning.minutes")] for name in WAITING]
    told.append([text(lang, "case-stats.until"), now.isoformat(timespec="minutes")])
    about = [SheetColumn(text(lang, "case-stats.figures")), SheetColumn(text(lang, "case-stats.meanings"))]
    title = text(lang, "case-stats.title")
    return workbook_bytes([*sheets, Sheet(text(lang, "case-stats.sheet.about"), about, told)], title=title)


def heading(name: str, lang: Lang) -> str:
    """Return what a figure is called."""
    if name in FIGURES:
        return text(lang, f"case-stats.figure.{name}")
    return text(lang, "case-stats.minutes", owner=text(lang, f"incident.owner.{name}"))


def name_of(grouping: Grouping, key: str, names: Names, lang: Lang) -> str:
    """Return what a group is called."""
    if not key:
        return text(lang, "case-stats.outside")
    if grouping == "category" and has_text(f"incident.category.{key}"):
        return names.get(grouping, {}).get(key) or text(lang, f"incident.category.{key}")
    return names.get(grouping, {}).get(key, key)


def _columns(grouping: Grouping, lang: Lang) -> list[SheetColumn]:
    first = SheetColumn(text(lang, f"case-stats.grouping.{grouping}"))
    return [first, *(SheetColumn(heading(name, lang), "#,##0") for name in (*FIGURES, *WAITING))]


def _row(name: str, one: GroupFigures) -> list[Cell]:
    medians = one.medians()
    return [name, *(one.counts[figure] for figure in FIGURES), *(medians.get(owner) for owner in WAITING)]

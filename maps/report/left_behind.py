"""Who is left behind by a plan, as a list of places for a file: headings with units, and on what basis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maps.catalogue import Lang, has_text, text
from maps.report.place_list import PlaceList
from maps.report.workbook import Cell, SheetColumn

_FIGURE = "#,##0"
_FORMATS = {
    "people": _FIGURE,
    "counted": _FIGURE,
    "age_60_plus": _FIGURE,
    "age_80_plus": _FIGURE,
    "minutes": "0.0",
    "lon": "0.000000",
    "lat": "0.000000",
}
_AGES = ("age_60_plus", "age_80_plus")
COLUMNS = ("id", "name", "township", "reason", "people", "counted", *_AGES, "minutes", "site", "lon", "lat")
"""Of each place; an age band that the county does not count is left out."""


def left_behind_list(told: Mapping[str, Any], lang: Lang, *, service: str, county: str) -> PlaceList:
    """Return the list of who is left behind.

    Parameters
    ----------
    told
        As ``GET /api/runs/{id}/left-behind`` tells it.
    lang
    service, county
        As people call them.
    """
    columns = [column for column in COLUMNS if column not in _AGES or column in told["ages"]]
    return PlaceList(
        title=text(lang, "left-behind.title"),
        columns=[
            SheetColumn(text(lang, f"left-behind.column.{column}"), _FORMATS.get(column, "")) for column in columns
        ],
        rows=[[_cell(place, column, lang) for column in columns] for place in told["places"]],
        lon_lat=[(place["lon"], place["lat"]) for place in told["places"]],
        crs=str(told["crs"]),
        about_title=text(lang, "left-behind.about"),
        about_columns=(text(lang, "left-behind.item"), text(lang, "left-behind.content")),
        about=_about(told, lang, service, county),
    )


def _cell(place: Mapping[str, Any], column: str, lang: Lang) -> Cell:
    if column == "reason":
        return text(lang, f"left-behind.reason.{place['reason']}")
    value: Cell = place[column]
    return value


def _about(told: Mapping[str, Any], lang: Lang, service: str, county: str) -> list[tuple[str, str]]:
    """Return whose list it is, its sums, whom it counts, and every note of the plan."""
    sums = told["sums"]
    figures = ("people_total", "served_people", "over_capacity_people", "outside_people")
    items = [
        ("county", f"{county} {told['county_version']}"),
        ("service", service),
        ("limit", text(lang, "left-behind.minutes", minutes=f"{told['limit_minutes']:g}")),
        ("mode", _word("page.mode", told["mode"], lang)),
        ("counted-basis", _word("planning.weights", told["weights_basis"], lang)),
        ("ages-basis", text(lang, f"left-behind.ages.{told['ages_basis']}")),
        ("crs", text(lang, f"left-behind.degrees.{'cgcs2000' if told['crs'] == 'EPSG:4490' else 'wgs84'}")),
    ]
    named = [(text(lang, f"left-behind.{item}"), content) for item, content in items]
    summed = [(text(lang, f"measures.{name}.name"), f"{sums[name]:,}") for name in figures]
    summed.append((text(lang, "left-behind.no-way"), f"{sums['no_way_people']:,}"))
    defined = [
        (_reason(reason, lang), text(lang, f"left-behind.meaning.{reason}"))
        for reason in ("over-capacity", "outside", "no-way")
    ]
    notes = [(text(lang, "left-behind.note"), text(lang, f"page.note.{code}")) for code in told["notes"]]
    return [*named, *summed, *defined, *notes]


def _reason(reason: str, lang: Lang) -> str:
    return text(lang, "left-behind.reason-is", reason=text(lang, f"left-behind.reason.{reason}"))


def _word(prefix: str, code: str, lang: Lang) -> str:
    return text(lang, f"{prefix}.{code}") if has_text(f"{prefix}.{code}") else code

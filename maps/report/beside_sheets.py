"""What stands beside compared schemes as sheets of a workbook: the trade-off curve, added sites, the hearing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maps.catalogue import Lang, text
from maps.remark_counts import KINDS, counts_in_words
from maps.report.workbook import Cell, Sheet, SheetColumn

_SURE = ("certificate", "enumerated")


def beside_sheets(told: Mapping[str, Any], named: Mapping[str, str], lang: Lang) -> list[Sheet]:
    """Return a sheet for each that a comparison tells.

    Parameters
    ----------
    told
        As ``GET /api/compare`` tells it.
    named
        Key of a scheme → what it is called.
    lang
    """
    made = [
        _curve(told["curve"], named, lang) if told.get("curve") else None,
        _made_good(told["made_good"], named, lang) if told.get("made_good") else None,
        _heard(told["heard"], named, lang) if told.get("heard") else None,
    ]
    return [sheet for sheet in made if sheet is not None]


def _columns(lang: Lang, *names: str) -> list[SheetColumn]:
    return [SheetColumn(text(lang, f"compare.word.{name}")) for name in names]


def _curve(curve: Mapping[str, Any], named: Mapping[str, str], lang: Lang) -> Sheet:
    """Return the points of the curve, then the schemes beside it."""
    comma = text(lang, "page.comma")
    columns = [*_columns(lang, "point"), *map(SheetColumn, curve["axes"]), *_columns(lang, "proven", "site-names")]
    points: list[list[Cell]] = [
        [str(number), one["x"], one["y"], _proven(one["proof"], lang), comma.join(one["names"])]
        for number, one in enumerate(curve["points"], 1)
    ]
    schemes: list[list[Cell]] = [[named[one["key"]], one["x"], one["y"], "", ""] for one in curve["schemes"]]
    return Sheet(text(lang, "compare.word.curve"), columns, [*points, *schemes])


def _proven(proof: str | None, lang: Lang) -> str:
    return text(lang, "page.study.proven" if proof in _SURE else "page.study.unproven")


def _made_good(made: list[Mapping[str, Any]], named: Mapping[str, str], lang: Lang) -> Sheet:
    """Return one added site a row; a pair that needs none, or cannot be helped, has one row without a site."""
    heads = ("from", "to", "fewest", "bound", "proven", "site", "township", "helped", "yuan")
    rows: list[list[Cell]] = []
    for one in made:
        proven = _proven(one["proof"] if one["status"] in ("optimal", "nothing-to-add") else None, lang)
        about: list[Cell] = [named[one["from"]], named[one["to"]], one["count"], one["bound"], proven]
        sites = [[site["name"], site["township"], site["people"], site["yuan"]] for site in one["added"]]
        rows += [[*about, *site] for site in sites or [["", "", None, None]]]
    return Sheet(text(lang, "compare.word.made-good"), _columns(lang, *heads), rows)


def _heard(heard: list[Mapping[str, Any]], named: Mapping[str, str], lang: Lang) -> Sheet:
    """Return one number a row: how many remarks, how many of a kind; nothing that anybody said."""
    rows: list[list[Cell]] = []
    for one in heard:
        about: list[Cell] = [named[one["key"]], one["title"], one["slug"]]
        rows += [[*about, text(lang, f"compare.word.{name}"), one[name]] for name in ("total", "answered")]
        rows += [[*about, name, count] for by in KINDS for name, count in counts_in_words(one, by, lang)]
    heads = ("scheme", "publication", "id", "item", "remarks")
    return Sheet(text(lang, "compare.word.heard"), _columns(lang, *heads), rows)

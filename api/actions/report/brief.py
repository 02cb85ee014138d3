"""A comparison on one sheet of A3: what an official is asked in a hearing, answered without turning a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.actions.open_county import OpenCounty
from api.actions.report import beside, futures_tables, key_points, tables
from api.actions.report.contents import document_of, notes_told, points_section, warnings_told
from api.actions.report.making import Making
from api.actions.report.maps import MapsOf, Room
from maps.catalogue import Lang, text
from maps.document.blocks import Block, Brief, Paragraph, Points, Section

Told = Mapping[str, Any]
_SHARES = (1.22, 0.95, 1.05)
_MAPS_WIDE_MM, _MAPS_HIGH_MM = 112.0, 218.0
"""Room of the column of maps, below its heading."""
_CAPTION_MM = 8.0
_CURVE_MM, _CURVE_ROWS = 100.0, 12
"""Width of the curve, and how many rows of losers it takes the room of."""
_MOST_MAPS = 3
"""More of them would be too small to read; the others are in the report."""
_MOST_LOSERS = 36
"""Rows of all tables of losers together."""


def brief_of(told: Told, at_hand: OpenCounty, making: Making, *, lang: Lang) -> Brief:
    """Return what stands of a comparison on one sheet; its arguments are those of a report."""
    first = told["schemes"][0]["key"]
    pairs = [pair for pair in told["differences"] if pair["from"] == first]
    columns = (_measured(told, lang), _drawn(told, at_hand, pairs, lang), _named(told, pairs, lang))
    return Brief(document_of(told, at_hand, making, (), lang=lang), columns, _SHARES)


def _measured(told: Told, lang: Lang) -> tuple[Section, ...]:
    return (
        _section("best", lang, Points(tuple(key_points.best_points(told, lang)))),
        _section("measures", lang, *warnings_told(told, lang), tables.measures_table(told, lang)),
        *_ranges(told, lang),
        _section("proof", lang, Points(tuple(key_points.proof_points(told, lang)))),
        _section("actions", lang, Points(tuple(key_points.action_points(told, lang)))),
    )


def _ranges(told: Told, lang: Lang) -> list[Section]:
    if not told.get("futures"):
        return []
    drawn = Paragraph(futures_tables.drawn_words(told["futures"], lang), "small")
    return [
        _section("ranges", lang, drawn, futures_tables.ranges_table(told, lang), futures_tables.pairs_table(told, lang))
    ]


def _drawn(told: Told, at_hand: OpenCounty, pairs: list[Told], lang: Lang) -> tuple[Section, ...]:
    drawn, shown = MapsOf(at_hand, told, lang), pairs[:_MOST_MAPS]
    high = _MAPS_HIGH_MM / len(shown) - _CAPTION_MM
    room = Room(_MAPS_WIDE_MM, high, letters=1.0 if len(shown) == 1 else 0.85 if len(shown) == 2 else 0.7)
    return (_section("difference-maps", lang, *(drawn.of_difference(pair, room) for pair in shown)),)


def _named(told: Told, pairs: list[Told], lang: Lang) -> tuple[Section, ...]:
    losers: list[Block] = [tables.pairs_table(pairs, told, lang)]
    with_losers = [pair for pair in pairs if pair["losers"]]
    curve = [beside.curve_picture(told, lang, width_mm=_CURVE_MM)] if told.get("curve") else []
    most = (_MOST_LOSERS - _CURVE_ROWS * len(curve)) // max(1, len(with_losers))
    losers += [tables.losers_table(pair, told, lang, most=most) for pair in with_losers]
    none = [pair for pair in pairs if not pair["losers"]]
    losers += [Paragraph(key_points.losing_point(pair, told, lang)) for pair in none]
    return (
        _section("losers", lang, *losers),
        *points_section("made-good", beside.made_good_points(told, lang), lang),
        *points_section("heard", beside.heard_points(told, lang), lang),
        *(_section("curve", lang, one) for one in curve),
        _section("notes", lang, Paragraph(" ".join(notes_told(told, lang)), "small")),
    )


def _section(code: str, lang: Lang, *blocks: Block) -> Section:
    return Section(code, text(lang, f"report.section.{code}"), blocks)

"""What a report of a comparison holds, section by section: the one place that decides it, for every kind of file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

from api.actions.info import describe_county
from api.actions.open_county import OpenCounty
from api.actions.report import beside, key_points, tables, words
from api.actions.report.making import Making
from api.actions.report.maps import MapsOf
from maps.catalogue import Lang, has_text, text
from maps.document.blocks import Block, Document, Fact, Paragraph, Points, Section
from planning.incidents.deadlines import CHINA_TIME

Told = Mapping[str, Any]
SIGNERS = ("drafted", "checked", "issued")
_SIGNED = ("role", "name", "signature", "date")


def report_of(told: Told, at_hand: OpenCounty, making: Making, *, lang: Lang) -> Document:
    """Return the report of a comparison.

    Parameters
    ----------
    told
        As ``GET /api/compare`` tells it.
    at_hand
        The county of its first scheme.
    making
    lang
    """
    sections = _sections(told, at_hand, lang)
    return document_of(told, at_hand, making, sections, lang=lang)


def document_of(
    told: Told, at_hand: OpenCounty, making: Making, sections: tuple[Section, ...], *, lang: Lang
) -> Document:
    """Return a document about a comparison with the sections given: title, facts, who signs, what stands on pages."""
    title = text(lang, "report.title", county=at_hand.county.name, service=told["service_name"])
    limit = told["limit_minutes"]
    by_limit = text(lang, "report.limit-differs") if limit is None else text(lang, "page.minutes", minutes=f"{limit:g}")
    facts = {
        "service": told["service_name"],
        "schemes": words.joined([words.scheme_told(one, lang) for one in told["schemes"]], lang),
        "counted": words.whom_told(told, lang),
        "limit": by_limit,
    }
    made = document_titled(title, at_hand, making, sections, facts=facts, lang=lang)
    called = (words.scheme_called(one, lang) for one in told["schemes"])
    return dataclasses.replace(
        made,
        subtitle=text(lang, "report.joined-by").join(called),
        signatures=tuple(text(lang, f"report.signer.{name}") for name in SIGNERS),
        signature_head=tuple(text(lang, f"report.signed.{name}") for name in _SIGNED),
    )


def document_titled(
    title: str,
    at_hand: OpenCounty,
    making: Making,
    sections: tuple[Section, ...],
    *,
    facts: Mapping[str, str] = MappingProxyType({}),
    lang: Lang,
) -> Document:
    """Return a document about a county that nobody signs: its facts, when it is made, of which data.

    Parameters
    ----------
    title
    at_hand, making, sections
    facts
        Code → what stands on the cover before when and of what it is made.
    lang
    """
    county, day = at_hand.county, making.now.astimezone(CHINA_TIME)
    reconstructed = any(layer.get("reconstructed") for layer in county.layers.values())
    on_pages = {
        "made-on": day.strftime("%Y-%m-%d"),
        "data-version": county.version[:12],
        "program-version": version("countygrid"),
    }
    named = {**facts, "made-by": making.made_by, **on_pages}
    stated = tuple(Fact(code, text(lang, f"report.fact.{code}"), value) for code, value in named.items() if value)
    return Document(
        title=title,
        subtitle="",
        county=f"{county.name} {county.code}",
        badge=text(lang, "page.reconstructed.badge") if reconstructed else "",
        facts=stated,
        sections=sections,
        signatures=(),
        signature_head=(),
        page_words=" · ".join(f"{one.name} {one.value}" for one in stated if one.code in on_pages),
        made_on=(day.year, day.month, day.day),
        lang=lang,
    )


def _sections(told: Told, at_hand: OpenCounty, lang: Lang) -> tuple[Section, ...]:
    drawn = MapsOf(at_hand, told, lang)
    return (
        _section("summary", lang, Points((*key_points.best_points(told, lang), *key_points.losing_points(told, lang)))),
        _section("schemes", lang, *warnings_told(told, lang), tables.schemes_table(told, lang)),
        _section("measures", lang, tables.measures_table(told, lang), tables.definitions_table(told, lang)),
        *_asked_sections(told, lang),
        *_scheme_sections(told, drawn, lang),
        *_difference_sections(told, drawn, lang),
        *points_section("made-good", beside.made_good_points(told, lang), lang),
        _section("actions", lang, *_actions(told, lang)),
        _section("proof", lang, Points(tuple(key_points.proof_points(told, lang))), _plain("report.proof-check", lang)),
        *points_section("heard", beside.heard_points(told, lang), lang),
        _section("notes", lang, Points(notes_told(told, lang))),
        data_section(at_hand, lang),
    )


def _section(code: str, lang: Lang, *blocks: Block) -> Section:
    return Section(code, text(lang, f"report.section.{code}"), blocks)


def _asked_sections(told: Told, lang: Lang) -> list[Section]:
    """Return the ranges and the curve, where somebody has asked for them."""
    made = {
        "ranges": beside.ranges_blocks(told, lang) if told.get("futures") else [],
        "curve": beside.curve_blocks(told, lang) if told.get("curve") else [],
    }
    return [_section(code, lang, *blocks) for code, blocks in made.items() if blocks]


def points_section(code: str, points: list[str], lang: Lang) -> list[Section]:
    """Return a section of things said one by one, none where there are none."""
    return [_section(code, lang, Points(tuple(points)))] if points else []


def _plain(key: str, lang: Lang, **params: str) -> Paragraph:
    return Paragraph(text(lang, key, **params))


def warnings_told(told: Told, lang: Lang) -> list[Block]:
    """Return that schemes stand on different builds, or differ in more than their sites."""
    blocks: list[Block] = []
    if told["versions"]["differ"]:
        layers = [_layer(name, lang) for name in told["versions"]["layers"]]
        blocks.append(Paragraph(text(lang, "report.builds-differ", layers=words.joined(layers, lang)), "warning"))
    if told["differs"]:
        named = [text(lang, f"compare.differs.{name}") for name in told["differs"]]
        blocks.append(Paragraph(text(lang, "report.differs-in", named=words.joined(named, lang)), "warning"))
    return blocks


def _layer(name: str, lang: Lang) -> str:
    key = f"page.layer.{name}"
    return text(lang, key) if has_text(key) else name


def _scheme_sections(told: Told, drawn: MapsOf, lang: Lang) -> list[Section]:
    parts = [
        Section(
            f"scheme-{one['key']}",
            words.scheme_told(one, lang),
            (drawn.of_scheme(one), tables.sites_table(one["sites"], _sites_of(one, lang), lang)),
            level=2,
        )
        for one in told["schemes"]
    ]
    return [_section("maps", lang), *parts]


def _sites_of(scheme: Told, lang: Lang) -> str:
    return text(lang, "report.table.sites", scheme=words.scheme_called(scheme, lang))


def _difference_sections(told: Told, drawn: MapsOf, lang: Lang) -> list[Section]:
    """Return all changes in one table, then each: its map where it begins from the first scheme, and who loses."""
    called, first = words.called_by_key(told, lang), told["schemes"][0]["key"]
    parts = []
    for pair in told["differences"]:
        blocks: list[Block] = [Paragraph(key_points.losing_point(pair, told, lang))]
        blocks += [drawn.of_difference(pair)] if pair["from"] == first else []
        blocks += [tables.losers_table(pair, told, lang)] if pair["losers"] else []
        blocks += [tables.townships_table(pair, told, lang)] if pair["from"] == first else []
        title = text(lang, "report.pair", before=called[pair["from"]], after=called[pair["to"]])
        parts.append(Section(f"difference-{pair['from']}-{pair['to']}", title, tuple(blocks), level=2))
    summary = tables.pairs_table(told["differences"], told, lang)
    return [_section("differences", lang, summary, _plain("report.losing-is", lang)), *parts]


def _actions(told: Told, lang: Lang) -> list[Block]:
    points = Points(tuple(key_points.money_points(told, lang)))
    of_schemes = [
        tables.actions_table(one, told["actions"][one["key"]], lang)
        for one in told["schemes"]
        if told["actions"].get(one["key"])
    ]
    return [points, *of_schemes, _plain("page.note.costs-assumed", lang)]


def notes_told(told: Told, lang: Lang) -> tuple[str, ...]:
    """Return what one must know before relying on the figures."""
    return tuple(text(lang, f"page.note.{code}") for code in told["notes"] if has_text(f"page.note.{code}"))


def data_section(at_hand: OpenCounty, lang: Lang) -> Section:
    """Return of which data a document is: people, layers with their versions, what of them is reconstructed."""
    info = describe_county(at_hand)
    people = {
        name: f"{count:,}"
        for name in ("resident", "registered", "age_60_plus", "age_80_plus")
        if (count := info["population"][name]) is not None
    }
    counted = words.joined([text(lang, f"report.counted.{name}", count=count) for name, count in people.items()], lang)
    blocks: list[Block] = [Paragraph(text(lang, "report.people-of-county", counted=counted))]
    blocks.append(tables.layers_table(at_hand.county.layers, lang))
    if any(layer.get("reconstructed") for layer in at_hand.county.layers.values()):
        blocks.append(_plain("page.reconstructed.mark-long", lang))
    whole = text(lang, "report.version-whole", data=at_hand.county.version, program=version("countygrid"))
    return _section("data", lang, *blocks, Paragraph(whole, "small"))

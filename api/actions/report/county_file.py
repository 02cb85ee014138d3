"""A county with its default plans in one file: what ``countygrid map`` writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.actions.open_county import OpenCounty
from api.actions.report import tables
from api.actions.report.contents import data_section, document_titled, notes_told
from api.actions.report.live_map import live_map, map_sites
from api.actions.report.making import Making
from api.actions.sheets.words import figures_of_sheet, question_words, verdict_words
from api.actions.show import township_names
from maps.catalogue import Lang, text
from maps.document.blocks import Block, Document, Paragraph, Points, Section, Table
from maps.document.html import LiveMap, MapPlaces, MapView

Plan = Mapping[str, Any]


def county_file(
    at_hand: OpenCounty, plans: Sequence[Plan], making: Making, *, lang: Lang
) -> tuple[Document, LiveMap]:  # fmt: skip
    """Return a county and its plans as a document and its map.

    Parameters
    ----------
    at_hand
    plans
        As ``GET /api/plans`` gives them; one without sites stands there with that said, and is on no map.
    making
    lang
    """
    sections = [_section(plan, f"plan-{k}", at_hand, lang) for k, plan in enumerate(plans, 1)]
    notes = list(dict.fromkeys(note for plan in plans for note in notes_told(plan, lang)))
    if notes:
        sections.append(Section("notes", text(lang, "report.section.notes"), (Points(tuple(notes)),)))
    named = text(lang, "report.county-title", county=at_hand.county.name)
    document = document_titled(named, at_hand, making, (*sections, data_section(at_hand, lang)), lang=lang)
    views = [_view(plan, f"plan-{k}", at_hand, lang) for k, plan in enumerate(plans, 1) if plan["opened"]]
    return document, live_map(at_hand, _places(at_hand), views, lang=lang)


def _called(plan: Plan, at_hand: OpenCounty, lang: Lang) -> str:
    return at_hand.tables.services[plan["service"]].names[lang]


def _section(plan: Plan, code: str, at_hand: OpenCounty, lang: Lang) -> Section:
    service = _called(plan, at_hand, lang)
    if not plan["opened"]:
        return Section(code, service, (Paragraph(text(lang, "report.no-plan"), "warning"),))
    verdict = verdict_words(plan, lang)[1]
    figures = tuple((one.name, one.value, one.more) for one in figures_of_sheet(plan, lang))
    heads = tuple(text(lang, f"compare.word.{name}") for name in ("measure", "content", "definition"))
    blocks: tuple[Block, ...] = (
        Paragraph(question_words(plan, lang, service=service), "small"),
        Paragraph(text(lang, "compare.verdict-line", words=verdict[0], more=verdict[1])),
        Table(text(lang, "compare.word.measures"), heads, figures, figures=(1,), shares=(1.2, 1.0, 1.4)),
        tables.sites_table(plan["facilities"], text(lang, "report.table.sites", scheme=service), lang),
    )
    return Section(code, service, blocks)


def _view(plan: Plan, name: str, at_hand: OpenCounty, lang: Lang) -> MapView:
    sent = {one["demand_id"]: one["seconds"] for one in plan["allocation"]}
    return MapView(
        name=name,
        title=_called(plan, at_hand, lang),
        service=plan["service"],
        limit_s=round(60 * (plan["limit_minutes"] or 0)),
        seconds=[sent.get(str(id_)) for id_ in at_hand.demand.index],
        sites=map_sites(plan["facilities"]),
    )


def _places(at_hand: OpenCounty) -> MapPlaces:
    demand, named = at_hand.demand, township_names(at_hand)
    townships = demand["township_id"].astype(str) if "township_id" in demand else [""] * len(demand)
    lon_lat = at_hand.degrees_of(at_hand.demand_xy)
    people = demand["resident" if "resident" in demand else "registered"].fillna(0).astype(int)
    return MapPlaces(
        ids=demand.index.astype(str).tolist(),
        names=demand["name"].astype(str).tolist(),
        townships=[named.get(one) for one in townships],
        lon=[lon for lon, _ in lon_lat],
        lat=[lat for _, lat in lon_lat],
        people=people.tolist(),
    )

"""What a report says beside the schemes: ranges in random futures, a trade-off curve, added sites, the hearing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from api.actions.report import futures_tables, words
from maps.catalogue import Lang, text
from maps.document.blocks import Block, Paragraph, Picture, Points, Table
from maps.remark_counts import KINDS, counts_in_words
from planning.incidents.deadlines import CHINA_TIME

Told = Mapping[str, Any]
_CURVE_MM = (150.0, 92.3)
"""Width and height of the chart on a page of A4; it is drawn 520 by 320."""
_SURE = ("certificate", "enumerated")
_DAYS = ("at", "closes_at")


def ranges_blocks(told: Told, lang: Lang) -> list[Block]:
    """Return the ranges of all figures, which of two schemes is better how often, and what was drawn."""
    futures = told["futures"]
    blocks: list[Block] = [
        Paragraph(futures_tables.drawn_words(futures, lang)),
        futures_tables.ranges_table(told, lang),
        futures_tables.pairs_table(told, lang),
        *(futures_tables.chosen_table(again, told, lang) for again in futures["resolved"]),
        Paragraph(text(lang, "report.futures.assumed"), "strong"),
        Points(tuple(one["words"] for one in futures["assumptions"])),
        Paragraph(futures["note"], "small"),
    ]
    return blocks


def curve_picture(told: Told, lang: Lang, *, width_mm: float = _CURVE_MM[0]) -> Picture:
    """Return the chart of the curve, as the page shows it."""
    curve = told["curve"]
    caption = text(lang, "report.figure.curve", curve=text(lang, f"page.study.curve-{curve['curve']}"))
    return Picture("curve", caption, curve["chart"], width_mm, width_mm * _CURVE_MM[1] / _CURVE_MM[0], is_map=False)


def curve_blocks(told: Told, lang: Lang) -> list[Block]:
    """Return the curve, its points with their sites, and which schemes are not on it."""
    curve = told["curve"]
    names = [text(lang, f"report.head.{name}") for name in ("number", "proof")]
    heads = (*names, *curve["axes"], text(lang, "compare.word.site"))
    rows = tuple(
        (
            str(number),
            text(lang, "page.study.proven" if one["proof"] in _SURE else "page.study.unproven"),
            *(curve_figure(one[axis], curve["curve"], axis) for axis in ("x", "y")),
            words.joined(one["names"], lang),
        )
        for number, one in enumerate(curve["points"], 1)
    )
    said = text(lang, "page.study.whole" if curve["complete"] else "page.study.part")
    shares = (0.3, 0.7, 0.9, 0.9, 3.0)
    table = Table(text(lang, "page.study.points"), heads, rows, figures=(0, 2, 3), shares=shares, more=said)
    called = words.called_by_key(told, lang)
    apart = words.joined([called[key] for key in curve["elsewhere"]], lang)
    left_out = [Paragraph(text(lang, "report.curve-elsewhere", schemes=apart), "small")] if apart else []
    return [curve_picture(told, lang), table, *left_out]


def curve_figure(value: float, curve: str, axis: str) -> str:
    """Return a figure of a point as the page writes it."""
    decimals = {"mean-worst": {"x": 2, "y": 1}}.get(curve, {"x": 0, "y": 0})[axis]
    return f"{value:,.{decimals}f}"


def made_good_points(told: Told, lang: Lang) -> list[str]:
    """Return for each pair that was asked for the fewest sites to add, with their yuan and how sure that is."""
    return ["".join(_made_good(one, told, lang)) for one in told.get("made_good") or ()]


def _made_good(made: Told, told: Told, lang: Lang) -> Iterator[str]:
    called = words.called_by_key(told, lang)
    pair = {"before": called[made["from"]], "after": called[made["to"]], "minutes": f"{made['minutes']:g}"}
    if not made["losing"]:
        yield text(lang, "report.made-good.nobody", **pair)
        return
    if made["added"]:
        sites = words.joined([_placed(one, lang) for one in made["added"]], lang)
        count, yuan = f"{len(made['added']):,}", words.yuan_told(made["yuan"], lang)
        yield text(lang, "report.made-good.added", **pair, count=count, sites=sites, yuan=yuan)
        is_proven = made["status"] == "optimal" and made["proof"] in _SURE
        yield text(lang, "report.made-good.proven" if is_proven else "report.made-good.open", bound=made["bound"] or 0)
    else:
        yield text(lang, "report.made-good.none", **pair)
    if made["beyond_help"]:
        names = words.joined([_placed(one, lang) for one in made["beyond_help"]], lang)
        yield text(lang, "report.made-good.beyond-help", names=names)
    if made["added"] and made["without_capacities"]:
        yield text(lang, "report.made-good.capacities")


def _placed(one: Told, lang: Lang) -> str:
    name = str(one["name"] or one["id"])
    return text(lang, "report.place", place=name, township=one["township"]) if one["township"] else name


def heard_points(told: Told, lang: Lang) -> list[str]:
    """Return for each publication of a scheme how many remarks came in, by kind and state, and how many are answered.

    Nothing that anybody said, and nobody's name.
    """
    called = words.called_by_key(told, lang)
    return [_heard(one, called[one["key"]], lang) for one in told.get("heard") or ()]


def _heard(one: Told, scheme: str, lang: Lang) -> str:
    days = {
        name: f"{datetime.fromisoformat(one[name]).astimezone(CHINA_TIME):%Y-%m-%d}" for name in ("at", "closes_at")
    }
    stage = text(lang, f"report.heard.{one['stage']}")
    said = text(
        lang, "report.heard.published", scheme=scheme, title=one["title"], slug=one["slug"], stage=stage, **days
    )
    if not one["total"]:
        return said + text(lang, "report.heard.nothing")
    parts = {
        by: words.joined([f"{name} {count:,}" for name, count in counts_in_words(one, by, lang)], lang) for by in KINDS
    }
    return said + text(lang, "report.heard.tally", total=f"{one['total']:,}", answered=f"{one['answered']:,}", **parts)

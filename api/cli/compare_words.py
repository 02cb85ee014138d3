"""Compared schemes in words for the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.cli.measure_words import in_minutes
from api.figures import hours_of, minutes_of, rounded
from maps.catalogue import Lang, text
from maps.report.workbook import shown_width

_MOST_NAMED = 10
"""Losers told by name of each pair: the file and the JSON have all."""
_UNIT_DIGITS = {"ratio": 3, "per-1000-people": 2}


def comparison_lines(told: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return schemes beside each other: measures as a table, then what changes from the first to each other."""
    first = told["schemes"][0]["key"]
    lines = [
        text(lang, "cli.compare.head", service=told["service_name"], county=told["county"]),
        *_schemes(told, lang),
        *_banner(told, lang),
        "",
        *_table(told, lang),
    ]
    for pair in told["differences"]:
        if pair["from"] == first:
            lines += ["", *_pair(told, pair, lang)]
    for key, done in told["actions"].items():
        lines += ["", *_actions(key, done, lang)]
    return lines


def made_good_lines(told: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return what it takes that nobody loses more than so many minutes."""
    figures = {"minutes": f"{told['minutes']:g}", "from": told["from"], "to": told["to"]}
    people = sum(one["people"] for one in told["losing"])
    lines = [text(lang, "cli.compare.losing", places=f"{len(told['losing']):,}", people=f"{people:,}", **figures)]
    if told["status"] == "nothing-to-add":
        lines.append(text(lang, "cli.compare.nothing-to-add"))
    else:
        claim = text(lang, f"cli.compare.cover-{told['status']}", bound=f"{told['bound'] or 0:,}")
        lines.append(text(lang, "cli.compare.added", count=f"{told['count']:,}", yuan=f"{told['yuan']:,}", claim=claim))
    lines += [_added(one, lang) for one in told["added"]]
    if told["beyond_help"]:
        names = text(lang, "page.comma").join(one["name"] for one in told["beyond_help"])
        lines.append(text(lang, "cli.compare.beyond-help", count=len(told["beyond_help"]), names=names))
    if told["without_capacities"]:
        lines.append(text(lang, "cli.compare.without-capacities"))
    return lines


def _added(one: Mapping[str, Any], lang: Lang) -> str:
    where = "  ".join(part for part in (one["id"], one["name"], one["township"]) if part)
    figures = {name: f"{one[name]:,}" for name in ("places", "people", "yuan")}
    return text(lang, "cli.compare.added-site", where=where, **figures)


def _schemes(told: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    for one in told["schemes"]:
        verdict = one["verdict"]
        yield text(lang, "cli.compare.scheme", letter=one["key"], name=one["name"], asked=one["asked"])
        yield f"     {text(lang, 'compare.verdict-line', words=verdict['words'], more=verdict['more'])}"


def _banner(told: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """Yield in what schemes differ beside their sites."""
    comma, versions = text(lang, "page.comma"), told["versions"]
    if told["differs"]:
        differing = comma.join(text(lang, f"compare.differs.{name}") for name in told["differs"])
        yield text(lang, "cli.figure", name=text(lang, "compare.word.differs"), value=differing)
    if versions["layers"]:
        layers = comma.join(text(lang, f"page.layer.{name}") for name in versions["layers"])
        yield text(lang, "cli.figure", name=text(lang, "compare.word.layer-differs"), value=layers)
    for part, word in (("places", "place-lacks"), ("people", "place-counted")):
        if versions[part]:
            named = comma.join(one["name"] for one in versions[part][:_MOST_NAMED])
            counted = text(lang, "cli.compare.named", count=f"{len(versions[part]):,}", names=named)
            yield text(lang, "cli.figure", name=text(lang, f"compare.word.{word}"), value=counted)


def _table(told: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return the measures as columns of one width; the best of each is marked."""
    keys = [one["key"] for one in told["schemes"]]
    rows = [[text(lang, "compare.word.measure"), *keys]]
    for row in told["measures"]:
        cells = [_figure(row, key, lang) for key in keys]
        rows.append([row["name"], *cells])
    return _aligned(rows)


def _figure(row: Mapping[str, Any], key: str, lang: Lang) -> str:
    value = row["values"].get(key)
    if value is None:
        return "–"
    digits = _UNIT_DIGITS.get(row["unit"], 0)
    told = in_minutes(value, lang) if row["unit"] == "seconds" else rounded(value, digits)
    return f"{told} *" if key in row["best"] else told


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines: the first column to the left, figures to the right."""
    widths = [max(map(shown_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for name, *cells in rows:
        padded = [" " * (width - shown_width(cell)) + cell for cell, width in zip(cells, widths[1:], strict=True)]
        lines.append("  ".join([name + " " * (widths[0] - shown_width(name)), *padded]).rstrip())
    return lines


def _pair(told: Mapping[str, Any], pair: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    named = {one["key"]: one["name"] for one in told["schemes"]}
    ends = {end: f"{pair[end]} {named[pair[end]]}" for end in ("from", "to")}
    yield text(lang, "cli.compare.pair", before=ends["from"], after=ends["to"])
    moved = {name: f"{count:,}" for name, count in pair["people"].items()}
    yield text(lang, "cli.compare.moved", **moved)
    travel = {name: hours_of(abs(seconds)) for name, seconds in pair["person_seconds"].items()}
    word = "saved" if pair["person_seconds"]["net"] >= 0 else "more"
    yield text(lang, "cli.compare.travel", net=text(lang, f"cli.compare.net-{word}", hours=travel.pop("net")), **travel)
    total = pair["losers_sum"]
    elders = "" if total["elders"] is None else text(lang, "cli.compare.of-elders", elders=f"{total['elders']:,}")
    yield text(lang, "cli.compare.losers", places=f"{total['places']:,}", people=f"{total['people']:,}", elders=elders)
    yield from (_loser(one, lang) for one in pair["losers"][:_MOST_NAMED])
    if len(pair["losers"]) > _MOST_NAMED:
        yield text(lang, "cli.compare.more-losers", count=f"{len(pair['losers']) - _MOST_NAMED:,}")


def _loser(one: Mapping[str, Any], lang: Lang) -> str:
    where = "  ".join(part for part in (one["id"], one["name"], one["township"]) if part)
    figures = {"people": f"{one['people']:,}", "before": minutes_of(one["before_s"])}
    if one["after_s"] is None:
        return text(lang, "cli.compare.loser-gone", where=where, **figures)
    return text(lang, "cli.compare.loser", where=where, after=minutes_of(one["after_s"]), **figures)


def _actions(key: str, done: Sequence[Mapping[str, Any]], lang: Lang) -> Iterator[str]:
    yuan = sum(one["yuan"] for one in done)
    yield text(lang, "cli.compare.actions", letter=key, count=f"{len(done):,}", yuan=f"{yuan:,}")
    for one in done:
        where = "  ".join(part for part in (one["site"], one["name"], one["township"]) if part)
        year = text(lang, "cli.compare.in-year", year=one["year"]) if "year" in one else ""
        act = text(lang, f"compare.act.{one['act']}")
        yield text(lang, "cli.compare.action", act=act, where=where, yuan=f"{one['yuan']:,}", year=year).rstrip()

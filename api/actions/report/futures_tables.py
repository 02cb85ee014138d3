"""The tables of schemes in common random futures: ranges, pairs, places chosen, written as the page writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.actions.report import words
from api.figures import minutes_of, percent_of, rounded
from maps.catalogue import Lang, text
from maps.document.blocks import Table

Told = Mapping[str, Any]
COMPARED = ("within_limit_percent", "mean_s", "p95_s", "worst_s", "served_people", "gini")
"""Figures by which two schemes are held against each other; the workbook has all."""
_MOST_CHOSEN = 30
"""Places of a table of those chosen: what is chosen less often is in the workbook."""


def drawn_words(futures: Told, lang: Lang) -> str:
    """Return how many futures of which seed the ranges are of."""
    return text(lang, "report.futures.drawn", count=f"{futures['computed']:,}", seed=str(futures["seed"]))


def ranges_table(told: Told, lang: Lang) -> Table:
    """Return every figure of every scheme with its range: 5 to 95 % of the futures."""
    futures, schemes = told["futures"], told["schemes"]
    shown = [one for one in futures["figures"] if any(one["code"] in futures["ranges"][s["key"]] for s in schemes)]
    rows = tuple(
        (
            one["name"],
            _unit(one["unit"], lang),
            *(_ranged(futures["ranges"][scheme["key"]].get(one["code"]), one["unit"], lang) for scheme in schemes),
        )
        for one in shown
    )
    head = (
        *(text(lang, f"compare.word.{name}") for name in ("measure", "unit")),
        *(words.scheme_called(scheme, lang) for scheme in schemes),
    )
    shares = (1.5, 0.6, *(1.7,) * len(schemes))
    figures = tuple(range(2, len(head)))
    return Table(text(lang, "report.table.ranges"), head, rows, figures=figures, shares=shares)


def _unit(unit: str, lang: Lang) -> str:
    return text(lang, "compare.word.minutes" if unit == "seconds" else f"measures.unit.{unit}")


def _ranged(spread: Told | None, unit: str, lang: Lang) -> str:
    if spread is None or spread["p5"] is None:
        return "–"
    told = {name: figure_of(spread[name], unit) for name in ("today", "p5", "p95")}
    return text(lang, "report.futures.range", **told)


def figure_of(value: float | None, unit: str) -> str:
    """Return a figure of a future without its unit."""
    if value is None:
        return "–"
    if unit == "seconds":
        return minutes_of(value)
    if unit == "percent":
        return percent_of(value)
    return rounded(value, 3) if unit == "ratio" else rounded(value)


def pairs_table(told: Told, lang: Lang) -> Table:
    """Return in how many futures which of two schemes is better, by the figures that decide most."""
    futures, called = told["futures"], words.called_by_key(told, lang)
    names = {one["code"]: one["name"] for one in futures["figures"]}
    shown = [code for code in COMPARED if any(code in pair["figures"] for pair in futures["pairs"])]
    rows = tuple(
        (
            text(lang, "report.futures.two", first=called[pair["first"]], second=called[pair["second"]]),
            *(_won(pair, code, lang) for code in shown),
        )
        for pair in futures["pairs"]
    )
    head = (text(lang, "report.futures.pair"), *(names[code] for code in shown))
    return Table(
        text(lang, "report.table.futures-pairs"),
        head,
        rows,
        figures=tuple(range(1, len(head))),
        shares=(1.6, *(1.2,) * len(shown)),
        more=text(lang, "report.futures.pairs-note"),
    )


def _won(pair: Told, code: str, lang: Lang) -> str:
    won = pair["figures"].get(code)
    if won is None:
        return "–"
    told = text(lang, "report.futures.won", one=f"{won['first']:,}", other=f"{won['second']:,}")
    return told + text(lang, "report.futures.alike", count=f"{won['alike']:,}") if won["alike"] else told


def chosen_table(again: Told, told: Told, lang: Lang) -> Table:
    """Return how often each place is chosen where a question is solved anew, the most often first."""
    futures, called = told["futures"], words.called_by_key(told, lang)
    listed = again["chosen"][:_MOST_CHOSEN]
    rows = tuple(
        (
            one["name"] or one["id"],
            one["township"] or "",
            f"{one['times']:,}",
            words.joined([called[two["key"]] for two in futures["schemes"] if one["id"] in two["opened"]], lang),
        )
        for one in listed
    )
    schemes = words.joined([called[key] for key in again["keys"]], lang)
    left = len(again["chosen"]) - len(listed)
    statuses = (text(lang, f"futures.status.{name}", count=f"{count:,}") for name, count in again["statuses"].items())
    more = words.joined(list(statuses), lang)
    return Table(
        text(lang, "report.table.chosen", schemes=schemes, of=f"{again['of']:,}"),
        tuple(text(lang, f"compare.word.{name}") for name in ("place", "township", "times", "stands-in")),
        rows,
        figures=(2,),
        shares=(1.4, 1.2, 0.6, 1.2),
        more=text(lang, "report.futures.chosen-left", more=more, count=f"{left:,}") if left else more,
    )

"""The futures of compared schemes as sheets of a workbook: ranges, which of two is better how often, places chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from maps.catalogue import Lang, text
from maps.report.workbook import Cell, Sheet, SheetColumn

Word = Callable[[str], str]
_SPREAD = ("today", "p5", "median", "p95", "least", "most")


def futures_sheets(futures: Mapping[str, Any], named: Mapping[str, str], lang: Lang) -> list[Sheet]:
    """Return the sheets of futures, each with a filter; places only where questions were solved anew.

    Parameters
    ----------
    futures
        As ``GET /api/compare`` tells them.
    named
        Key of a scheme → what it is called.
    lang
    """

    def word(name: str) -> str:
        return text(lang, f"compare.word.{name}")

    sheets = [_ranges(futures, named, lang, word), _pairs(futures, named, word)]
    return [*sheets, _chosen(futures, named, lang, word)] if futures["resolved"] else sheets


def futures_notes(futures: Mapping[str, Any], lang: Lang) -> Iterator[Sequence[Cell]]:
    """Return how many futures of which seed they are, and what is drawn on what basis, as rows of two cells."""
    item = text(lang, "compare.word.futures")
    yield item, text(lang, "futures.intro", count=f"{futures['computed']:,}", seed=str(futures["seed"]))
    yield item, futures["note"]
    for one in futures["assumptions"]:
        yield item, one["words"]


def _ranges(futures: Mapping[str, Any], named: Mapping[str, str], lang: Lang, word: Word) -> Sheet:
    rows: list[list[Cell]] = []
    for key, spreads in futures["ranges"].items():
        for figure in futures["figures"]:
            spread = spreads.get(figure["code"])
            if spread is not None:
                is_time = figure["unit"] == "seconds"
                unit = word("minutes") if is_time else text(lang, f"measures.unit.{figure['unit']}")
                values = [_scaled(spread[name], is_time=is_time) for name in _SPREAD]
                rows.append([named[key], figure["name"], unit, *values, spread["none"]])
    heads = ("scheme", "measure", "unit", *_SPREAD, "none")
    return Sheet(word("ranges"), [SheetColumn(word(name)) for name in heads], rows, has_filter=True)


def _scaled(value: float | None, *, is_time: bool) -> float | None:
    return value / 60 if is_time and value is not None else value


def _pairs(futures: Mapping[str, Any], named: Mapping[str, str], word: Word) -> Sheet:
    names = {one["code"]: one["name"] for one in futures["figures"]}
    rows: list[list[Cell]] = [
        [named[pair["first"]], named[pair["second"]], names[code], one["first"], one["alike"], one["second"]]
        for pair in futures["pairs"]
        for code, one in pair["figures"].items()
    ]
    heads = ("first", "second", "measure", "first-better", "alike", "second-better")
    return Sheet(word("better"), [SheetColumn(word(name)) for name in heads], rows, has_filter=True)


def _chosen(futures: Mapping[str, Any], named: Mapping[str, str], lang: Lang, word: Word) -> Sheet:
    comma = text(lang, "page.comma")
    rows: list[list[Cell]] = [
        [
            *(comma.join(named[key] for key in again["keys"]), one["id"], one["name"], one["township"]),
            *(one["times"], again["of"], comma.join(_with(futures, one["id"], named))),
        ]
        for again in futures["resolved"]
        for one in again["chosen"]
    ]
    heads = ("scheme", "id", "place", "township", "times", "of-futures", "stands-in")
    return Sheet(word("chosen"), [SheetColumn(word(name)) for name in heads], rows, has_filter=True)


def _with(futures: Mapping[str, Any], site: str, named: Mapping[str, str]) -> list[str]:
    return [named[one["key"]] for one in futures["schemes"] if site in one["opened"]]

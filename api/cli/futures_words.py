"""Futures of schemes as lines of text for the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.figures import minutes_of, percent_of, rounded
from maps.catalogue import Lang, text


def futures_lines(found: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """Return what schemes come to in futures, in words.

    Parameters
    ----------
    found
        As :func:`api.actions.futures_words.with_futures_words`.
    lang
    """
    yield text(lang, "futures.intro", count=f"{found['count']:,}", seed=str(found["seed"]))
    if found["limit"] is not None:
        yield text(lang, "futures.stopped", computed=f"{found['computed']:,}")
    figures = {one["code"]: one for one in found["figures"]}
    for scheme in found["schemes"]:
        sites = text(lang, "page.comma").join(scheme["opened"])
        yield text(lang, "futures.scheme", scheme=scheme["key"], sites=sites)
        for code, spread in found["ranges"][scheme["key"]].items():
            told = {
                name: _figure(spread[name], figures[code]["unit"], lang) for name in ("today", "p5", "median", "p95")
            }
            yield text(lang, "futures.line", name=figures[code]["name"], **told)
    for pair in found["pairs"]:
        yield text(lang, "futures.pair", first=pair["first"], second=pair["second"])
        for code, one in pair["figures"].items():
            shares = {"one": one["first"], "other": one["second"], "alike": one["alike"]}
            keys = {"first": pair["first"], "second": pair["second"]}
            yield text(lang, "futures.versus", name=figures[code]["name"], **keys, **shares)
    yield from _resolved(found, lang)
    yield text(lang, "futures.assumed")
    yield from (f"  {one['words']}" for one in found["assumptions"])
    yield text(lang, "cli.note", note=found["note"])


def _resolved(found: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    comma = text(lang, "page.comma")
    for again in found["resolved"]:
        told = (text(lang, f"futures.status.{name}", count=count) for name, count in again["statuses"].items())
        yield text(lang, "futures.resolved", keys=comma.join(again["keys"]), of=again["of"], statuses=comma.join(told))
        for site in again["chosen"]:
            yield text(lang, "futures.chosen", name=f"{site['name']} ({site['id']})", times=site["times"])


def _figure(value: float | None, unit: str, lang: Lang) -> str:
    if value is None:
        return text(lang, "futures.none")
    if unit == "seconds":
        return text(lang, "page.minutes", minutes=minutes_of(value))
    if unit == "percent":
        return f"{percent_of(value)}%"
    return rounded(value, 3) if unit == "ratio" else rounded(value)

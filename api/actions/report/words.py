"""Schemes, figures and proofs in the words of a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.cli.wording import in_unit
from api.figures import minutes_of, rounded
from maps.catalogue import Lang, has_text, text

Scheme = Mapping[str, Any]
_DECIMALS = {"ratio": 3, "per-1000-people": 2, "load": 0, "m2": 0}


def scheme_called(scheme: Scheme, lang: Lang) -> str:
    """Return the short name of a scheme, as it stands in tables and on maps."""
    if scheme["kind"] == "today":
        return text(lang, "compare.today")
    return text(lang, "report.scheme", letter=scheme["key"])


def scheme_told(scheme: Scheme, lang: Lang) -> str:
    """Return the short name of a scheme with what it is called."""
    called = scheme_called(scheme, lang)
    return called if scheme["kind"] == "today" else text(lang, "report.named", called=called, name=scheme["name"])


def called_by_key(told: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Return key → short name of all schemes of a comparison."""
    return {scheme["key"]: scheme_called(scheme, lang) for scheme in told["schemes"]}


def figure_told(value: float | None, unit: str) -> str:
    """Return a figure of a measure without its unit, seconds as minutes; a dash where there is none."""
    if value is None:
        return "–"
    if unit == "seconds":
        return minutes_of(value)
    if unit in _DECIMALS:
        return rounded(value, _DECIMALS[unit])
    return f"{value:,}"


def unit_told(measure: Mapping[str, Any], lang: Lang) -> str:
    """Return the unit that figures of a measure stand in."""
    unit = measure["unit"]
    return text(lang, "compare.word.minutes" if unit == "seconds" else f"measures.unit.{unit}")


def with_unit(value: float | None, measure: Mapping[str, Any], lang: Lang) -> str:
    """Return a figure of a measure with its unit; a mere ratio stands alone."""
    figure = figure_told(value, measure["unit"])
    if measure["unit"] == "ratio" or value is None:
        return figure
    return text(lang, "report.with-unit", figure=figure, unit=unit_told(measure, lang))


def proof_told(scheme: Scheme, lang: Lang) -> str:
    """Return how far one may say that no better scheme exists, and why; of a plan also what it comes to."""
    verdict = scheme["verdict"]
    if scheme["kind"] == "today":
        return str(verdict["more"])
    said = text(lang, "compare.verdict-line", words=verdict["words"], more=verdict["more"])
    if scheme["objective"] is None or scheme["objective_unit"] in (None, "scaled-cost"):
        return said
    reached = in_unit(scheme["objective"], scheme["objective_unit"], lang)
    return text(lang, "report.reaches", said=said, objective=reached)


def whom_told(told: Mapping[str, Any], lang: Lang) -> str:
    """Return whom the schemes count."""
    basis = told["weights_basis"]
    key = f"planning.weights.{basis}"
    return text(lang, key) if has_text(key) else str(basis)


def yuan_told(value: int | None, lang: Lang) -> str:
    """Return yuan with their unit."""
    unit = text(lang, "measures.unit.yuan")
    return "–" if value is None else text(lang, "report.with-unit", figure=f"{value:,}", unit=unit)


def joined(words: list[str], lang: Lang) -> str:
    """Return words one after another."""
    return text(lang, "page.comma").join(words)

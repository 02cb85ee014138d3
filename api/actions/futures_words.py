"""Futures in words: what is drawn and on what basis, each figure by its name, for page, API and command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maps.catalogue import Lang, text
from planning.futures.scheme import WITHIN_SHARE
from planning.measures.catalogue import CATALOGUE


def with_futures_words(found: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """Return futures with the words of their assumptions and the names of their figures; anything else as it is.

    Parameters
    ----------
    found
        As :func:`api.actions.futures.make_futures`.
    lang
    """
    if found.get("kind") != "futures":
        return dict(found)
    return {
        **found,
        "assumptions": [{**one, "words": assumption_words(one, lang)} for one in found["assumptions"]],
        "figures": [{**one, **_named(one["code"], lang)} for one in found["figures"]],
        "note": text(lang, "futures.base-note"),
    }


def assumption_words(one: Mapping[str, Any], lang: Lang) -> str:
    """Return what is drawn in a sentence, with its bounds and its basis."""
    bounds = {name: f"{one[name]:g}" for name in ("low", "high")}
    said = text(lang, f"futures.assumption.{one['code']}", **bounds)
    return text(lang, "futures.said", said=said, basis=text(lang, f"futures.basis.{one['basis']}"))


def _named(code: str, lang: Lang) -> dict[str, str]:
    if code == WITHIN_SHARE:
        return {"name": text(lang, f"futures.figure.{code}"), "unit": "percent"}
    return {"name": text(lang, f"measures.{code}.name"), "unit": CATALOGUE[code].unit}

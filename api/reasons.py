"""Why a result is what it is, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.figures import minutes_of
from maps.catalogue import Lang, has_text, text


def reason_words(reason: Mapping[str, Any], lang: Lang) -> str:
    """Return a reason in words; the bare code where a file gives one that has no text or lacks its figures.

    Parameters
    ----------
    reason
        ``code`` and ``params``.
    lang
    """
    return _words(f"planning.reason.{reason['code']}", reason, lang)


def broken_words(broken: Mapping[str, Any], lang: Lang) -> str:
    """Return a condition that a plan breaks in words, with the names that it is about.

    Parameters
    ----------
    broken
        As :meth:`planning.scenario.broken.Broken.as_dict`.
    lang
    """
    names = text(lang, "page.comma").join(broken["names"])
    told = {"code": broken["code"], "params": {**broken["params"], "names": names}}
    return _words(f"planning.broken.{broken['code']}", told, lang)


def with_words(plan: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """Return a plan with ``words`` for each condition that it breaks."""
    if "broken" not in plan:
        return dict(plan)
    return {**plan, "broken": [{**one, "words": broken_words(one, lang)} for one in plan["broken"]]}


def _words(key: str, told: Mapping[str, Any], lang: Lang) -> str:
    try:
        return text(lang, key, **_as_read(told["params"])) if has_text(key) else str(told["code"])
    except (KeyError, IndexError, ValueError, TypeError):
        return str(told["code"])


def _as_read(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures with seconds in minutes and metres in kilometres beside them."""
    read = dict(params)
    for name, value in params.items():
        if isinstance(value, int | float) and name.endswith("_s"):
            read[f"{name[:-2]}_min"] = minutes_of(value).removesuffix(".0")
        if isinstance(value, int | float) and name.endswith("_m"):
            read[f"{name[:-2]}_km"] = f"{value / 1000:g}"
    return read

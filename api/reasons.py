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
    key = f"planning.reason.{reason['code']}"
    try:
        return text(lang, key, **_as_read(reason["params"])) if has_text(key) else str(reason["code"])
    except (KeyError, IndexError, ValueError, TypeError):
        return str(reason["code"])


def _as_read(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures with seconds in minutes and metres in kilometres beside them."""
    read = dict(params)
    for name, value in params.items():
        if isinstance(value, int | float) and name.endswith("_s"):
            read[f"{name[:-2]}_min"] = minutes_of(value).removesuffix(".0")
        if isinstance(value, int | float) and name.endswith("_m"):
            read[f"{name[:-2]}_km"] = f"{value / 1000:g}"
    return read

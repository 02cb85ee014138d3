"""Why a result is what it is, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
        return text(lang, key, **reason["params"]) if has_text(key) else str(reason["code"])
    except (KeyError, IndexError, ValueError, TypeError):
        return str(reason["code"])

"""How many remarks there are by stance, channel and state, in words: the same on pages, in sheets and in reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from maps.catalogue import Lang, text

KINDS = {"stances": "stance", "channels": "channel", "states": "state"}
"""What remarks are counted by → the room of the message file that names its codes."""


def counts_in_words(told: Mapping[str, Any], by: str, lang: Lang) -> Iterator[tuple[str, int]]:
    """Yield what remarks are called and how many there are.

    Parameters
    ----------
    told
        The numbers of a publication: code → count under each of :data:`KINDS`.
    by
        One of :data:`KINDS`.
    lang
    """
    for code, count in told[by].items():
        yield text(lang, f"hearing.{KINDS[by]}.{code or 'none'}"), count  # whoever took no stance is counted as well

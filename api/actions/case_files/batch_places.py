"""The villages of a county by code and by name, for files that say no position."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from api.actions.open_county import OpenCounty
from planning.tables.words import plain


class Village(NamedTuple):
    """A village and where it is, degrees; ``words`` tells it apart from others of its name."""

    words: str
    lon: float
    lat: float


class Places:
    """Where the villages of a county are.

    Parameters
    ----------
    at_hand
        ``None`` while no county can be read: then none is known.
    """

    def __init__(self, at_hand: OpenCounty | None) -> None:
        self._at_hand = at_hand

    def named(self, word: str) -> Sequence[Village]:
        """Return the villages that a code or a name means; a township before the name narrows it."""
        return self._by_word.get(plain(word), ())

    def names(self) -> list[str]:
        """Return the names there are."""
        return [] if self._at_hand is None else self._at_hand.demand["name"].astype(str).to_list()

    @cached_property
    def _by_word(self) -> dict[str, list[Village]]:
        found: dict[str, list[Village]] = {}
        if self._at_hand is None:
            return found
        demand = self._at_hand.demand
        has_township = "township_id" in demand.columns and self._at_hand.county.has("townships")
        towns = self._at_hand.county.layer("townships")["name"].astype(str).to_dict() if has_township else {}
        townships = demand["township_id"] if has_township else [None] * len(demand)
        for code, name, point, town in zip(demand.index, demand["name"], demand.geometry, townships, strict=True):
            where = towns.get(town, "")
            village = Village(f"{where}{name}({code})", float(point.x), float(point.y))
            for word in {plain(str(code)), plain(str(name)), plain(f"{where}{name}")}:
                found.setdefault(word, []).append(village)
        return found

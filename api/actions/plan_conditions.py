"""The conditions that a planner puts on a plan, in the planner's own words: names, kilometres, minutes, yuan."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import cast

from gis.faults import Fault, FaultsError
from planning.siting.rules import Status


@dataclasses.dataclass(frozen=True)
class TownshipLimit:
    """At least and at most so many sites in a township; ``None`` is no upper limit."""

    township: str
    least: int = 0
    most: int | None = None


@dataclasses.dataclass(frozen=True)
class Conditions:
    """What a plan must obey, whichever the model.

    Parameters
    ----------
    status
        (id or name of a village, ``existing`` | ``closable`` | ``required`` | ``excluded``).
    townships
        Limits of single townships; they go before `every_township`.
    every_township
        At least so many sites in each township.
    separation_km
        Two sites lie at least so far apart, as the crow flies.
    max_minutes
        Everyone is within so many minutes of their site.
    capacity
        What each site takes: beds of an elder-care centre, people of anything else.
    split
        Whether a village may be divided among sites.
    budget_yuan, opening_yuan, closing_yuan
        Money there is, and what a new site and a closed one cost; the service's own costs if not given.
    included, extension_yuan
        Capacity that a site has as it stands or is opened, and what one more costs; the service's own if not given.
    """

    status: tuple[tuple[str, Status], ...] = ()
    townships: tuple[TownshipLimit, ...] = ()
    every_township: int | None = None
    separation_km: float | None = None
    max_minutes: float | None = None
    capacity: int | None = None
    split: bool = False
    budget_yuan: int | None = None
    opening_yuan: int | None = None
    closing_yuan: int | None = None
    included: int | None = None
    extension_yuan: int | None = None

    @property
    def max_time_s(self) -> int | None:
        """The longest time allowed, in whole seconds."""
        return None if self.max_minutes is None else round(self.max_minutes * 60)

    @property
    def separation_m(self) -> float | None:
        """The least distance between two sites, metres."""
        return None if self.separation_km is None else self.separation_km * 1000


FREE = Conditions()
"""No condition at all."""


def statuses(given: Mapping[str, Iterable[str]]) -> tuple[tuple[str, Status], ...]:
    """Return (place, status) pairs in order, so that the same conditions are the same question."""
    return tuple(sorted((place, cast("Status", status)) for status, places in given.items() for place in places))


def township_limits(given: Iterable[str]) -> tuple[TownshipLimit, ...]:
    """Read ``NAME=LEAST..MOST`` each; either figure may be left out, ``NAME=K`` is exactly K.

    Raises
    ------
    FaultsError
        ``township-limit-form`` for each that is not of this form.
    """
    read = {words: _township_limit(words) for words in given}
    wrong = [Fault("township-limit-form", field="township", value=words) for words, one in read.items() if one is None]
    if wrong:
        raise FaultsError(wrong)
    return tuple(limit for limit in read.values() if limit is not None)


def _township_limit(words: str) -> TownshipLimit | None:
    name, sign, figures = words.rpartition("=")
    low, dots, high = figures.partition("..")
    if not sign or not name.strip() or not (low or high):
        return None
    try:
        least = int(low) if low else 0
        most = (int(high) if high else None) if dots else least
    except ValueError:
        return None
    if least < 0 or (most is not None and most < least):
        return None
    return TownshipLimit(name.strip(), least, most)

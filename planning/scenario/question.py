"""The question of a plan, defined once: its fields with kind, bounds, unit and default, whoever asks."""

# Command line and page read this file at their start: it loads neither arrays nor models.

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from planning.groups import Base
from planning.hub_rooms import Room
from planning.scenario.edits import MOST_EDITS, Edit, Status
from planning.scenario.field import Asked, Part
from planning.siting.value_of_time import MOST_HOUR_YUAN, MOST_TRIPS


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
        (id or name of a village, what is said of it), in order.
    townships
        Limits of single townships; they go before `every_township`.
    every_township
        At least so many sites in each township.
    separation_km
        Two sites lie at least so far apart, as the crow flies.
    max_minutes
        Everyone is within so many minutes of their site.
    capacity
        What each site takes, in the unit of its service: people, beds or children; the service's sensible largest
        size if not given and the model can count it.
    unlimited
        Whether sites take whoever comes, whatever the service's sensible largest size is.
    split
        Whether a village may be divided among sites.
    budget_yuan, opening_yuan, closing_yuan
        Money there is, and what a new site and a closed one cost; the service's own costs if not given.
    included, extension_yuan
        Capacity that a site has as it stands or is opened, and what one more costs; the service's own if not given.
    hour_yuan, trips
        What an hour on the way is worth, and how many ways each person goes while the money for the sites lasts: for a
        model that counts both in yuan.
    """

    status: tuple[tuple[str, Status], ...] = ()
    townships: tuple[TownshipLimit, ...] = ()
    every_township: int | None = None
    separation_km: float | None = None
    max_minutes: float | None = None
    capacity: int | None = None
    unlimited: bool = False
    split: bool = False
    budget_yuan: int | None = None
    opening_yuan: int | None = None
    closing_yuan: int | None = None
    included: int | None = None
    extension_yuan: int | None = None
    hour_yuan: int | None = None
    trips: int | None = None

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


@dataclasses.dataclass(frozen=True)
class PlanQuestion:
    """What is asked of a plan; :func:`planning.scenario.defaults.with_defaults` fills in what is left out.

    Parameters
    ----------
    service, model
        What is sited, and by which of the models that suit it.
    p
        Number of sites, for models that need one; for those that may have one, only if given.
    upper_p
        Number of centres, for a model with two tiers.
    limit_minutes
        Time limit of coverage: part of the question for models that take one, of the measures always.
    mode, base
        Travel mode, population base.
    rooms
        Room table of a hub; the table in force if not given.
    conditions
        What the plan must obey.
    sites
        Ids or names of the candidates that the plan consists of: then nothing is chosen. Empty where the model is to
        choose.
    edits
        What is changed about the county and the service before they are asked: a scenario.
    time_limit_s, memory_limit_mb
        Seconds to solve, and megabytes that the process may hold meanwhile; then the best so far counts.
    """

    service: str
    model: str | None = None
    p: int | None = None
    upper_p: int | None = None
    limit_minutes: float | None = None
    mode: str | None = None
    base: Base = "resident"
    rooms: tuple[Room, ...] | None = None
    conditions: Conditions = FREE
    sites: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    time_limit_s: float = 60.0
    memory_limit_mb: int = 4096

    def with_budget(self, yuan: int) -> PlanQuestion:
        """Return the question with so much money to spend."""
        return dataclasses.replace(self, conditions=dataclasses.replace(self.conditions, budget_yuan=yuan))

    @property
    def limit_s(self) -> int:
        """Time limit in whole seconds."""
        return round((self.limit_minutes or 0) * 60)


FIELDS: Mapping[str, Asked] = {
    "service": Asked("choice", "question", least=1, most=40),
    "model": Asked("words", "question", most=40),
    "p": Asked("whole", "question", least=1, most=5000, unit="sites"),
    "upper_p": Asked("whole", "question", least=1, most=5000, unit="sites", option="centres"),
    "limit_minutes": Asked("number", "question", above=0, most=600, unit="min", option="limit", modelled="limit_s"),
    "mode": Asked("choice", "question"),
    "base": Asked("choice", "question"),
    "rooms": Asked("list", "question", most=20),
    "sites": Asked("list", "question", most=5000, option="site"),
    "status": Asked("list", "condition", most=2000),
    "townships": Asked("list", "condition", most=200, option="township"),
    "every_township": Asked("whole", "condition", least=0, most=500, unit="sites"),
    "separation_km": Asked(
        "number", "condition", least=0, most=200, unit="km", option="separation", modelled="separation_m"
    ),
    "max_minutes": Asked(
        "number", "condition", above=0, most=6000, unit="min", option="max-time", modelled="max_time_s"
    ),
    "capacity": Asked("whole", "condition", least=1, most=10**9, unit="beds or people"),
    "unlimited": Asked("yes", "condition"),
    "split": Asked("yes", "condition"),
    "budget_yuan": Asked("whole", "money", least=0, most=10**12, unit="yuan", option="budget"),
    "hour_yuan": Asked("whole", "money", least=1, most=MOST_HOUR_YUAN, unit="yuan", option="hour-value"),
    "trips": Asked("whole", "money", least=1, most=MOST_TRIPS, unit="trips"),
    "opening_yuan": Asked("whole", "cost", least=0, most=10**11, unit="yuan", option="opening-cost"),
    "closing_yuan": Asked("whole", "cost", least=0, most=10**11, unit="yuan", option="closing-cost"),
    "included": Asked("whole", "cost", least=0, most=10**9, unit="beds or people"),
    "extension_yuan": Asked("whole", "cost", least=0, most=10**11, unit="yuan", option="extension-cost"),
    "edits": Asked("list", "edit", most=MOST_EDITS),
    "time_limit_s": Asked("number", "search", above=0, most=3600, unit="s", option="time-limit"),
    "memory_limit_mb": Asked("whole", "search", least=1, most=10**6, unit="MB", option="memory-limit"),
}
"""Every field of the question, flat, as doors ask for it: API, command line and page make their forms of this."""

TOWNSHIP_FIELDS: Mapping[str, Asked] = {
    "township": Asked("words", "condition", least=1, most=60),
    "least": Asked("whole", "condition", least=0, most=5000, unit="sites"),
    "most": Asked("whole", "condition", least=0, most=5000, unit="sites"),
}
"""The fields of a limit of one township."""

DEFAULTS: Mapping[str, Any] = {
    field.name: field.default
    for form in (PlanQuestion, Conditions)
    for field in dataclasses.fields(form)
    if field.default is not dataclasses.MISSING
}
"""What counts where a field is left out, before the service is asked."""


def names_of(part: Part) -> tuple[str, ...]:
    """Return the fields of a part of the question."""
    return tuple(name for name, asked in FIELDS.items() if asked.part == part)


def question_from(given: Mapping[str, Any]) -> PlanQuestion:
    """Return the question that flat fields ask; what is left out is not asked for."""
    of_conditions = {field.name for field in dataclasses.fields(Conditions)}
    own = {name: value for name, value in given.items() if name not in of_conditions}
    conditions = {name: value for name, value in given.items() if name in of_conditions}
    own["sites"] = tuple(dict.fromkeys(own.get("sites") or ()))
    return PlanQuestion(**own, conditions=Conditions(**conditions))

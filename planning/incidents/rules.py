"""Who is asked first: ordered rules of category, severity, area and time; the first that matches wins."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from planning.incidents.categories import CATEGORIES
from planning.incidents.events import Level
from planning.incidents.subcategories import Mode, Subcategory
from planning.incidents.targets import ANY, SEVERITIES

TIMES = ("duty", "off-duty")
POSTS: Mapping[str, tuple[Level, ...]] = MappingProxyType(
    {
        "grid-worker": ("grid",),
        "coordinator": ("village",),
        "grid-chief": ("village", "township"),
        "assistant": ("township",),
        "team": ("township",),
        "regional-team": ("township", "county"),
        "department": ("county",),
        "desk": ("township", "county"),
    }
)
"""Post that a rule may name → levels at which there is one."""
_BY_MODE: Mapping[Mode, tuple[Level, str]] = MappingProxyType(
    {"directed": ("county", "department"), "resident": ("township", "team"), "regional": ("county", "regional-team")}
)
"""Level and post that enforce, whatever the rules say."""

_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Parameters
    ----------
    name
    category, severity, area, time
        What it matches, or ``any``; an area is a township or a cell.
    level, post
        Who is asked then.
    unit
        The department, "" for other posts.
    """

    name: str
    category: str
    severity: str
    area: str
    time: str
    level: Level
    post: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a case decides who is asked.

    Parameters
    ----------
    category, severity
    subcategory
        ``None`` if it is not known.
    cell, township
        ``None`` outside all of them.
    on_duty
        Whether it is reported in duty hours.
    """

    category: str
    severity: str
    cell: str | None
    township: str | None
    on_duty: bool
    subcategory: Subcategory | None = None


@dataclass(frozen=True, slots=True)
class Routed:
    """Who is asked first.

    Parameters
    ----------
    rule
        Name of the rule that decided, or ``mode-…`` where the kind of the case says who enforces; it stays on the case.
    level, post
    mode
        Of an enforcement.
    unit
        The department, "" for other posts.
    """

    rule: str
    level: Level
    post: str
    mode: Mode = "none"
    unit: str = ""


UNDECIDED = Routed("grid-worker", "grid", "grid-worker")
"""Where no rule matches, which a table that was checked never leaves: nothing is dropped."""


@dataclass(frozen=True)
class Places:
    """The areas that there are.

    Parameters
    ----------
    townships
    cells
        Cell → its township, ``None`` for one without.
    """

    townships: Collection[str] = ()
    cells: Mapping[str, str | None] = field(default_factory=dict)

    def has(self, area: str) -> bool:
        """Return whether a rule may name an area."""
        return area == ANY or area in self.cells or area in self.townships


@dataclass(frozen=True, slots=True)
class DeadRule:
    """A rule that can never be the first to match.

    Parameters
    ----------
    index
        Number among the rules, from 0.
    covered_by
        Names of the earlier rules that take everything it matches.
    """

    index: int
    covered_by: tuple[str, ...]


def route(rules: Iterable[Rule], asked: Asked) -> Routed:
    """Return who is asked first about a case.

    Parameters
    ----------
    rules
        In order.
    asked
    """
    mode: Mode = asked.subcategory.mode if asked.subcategory else "none"
    if asked.subcategory is not None and mode in _BY_MODE:
        level, post = _BY_MODE[mode]
        return Routed(f"mode-{mode}", level, post, mode, asked.subcategory.unit)
    rule = first_rule(rules, asked)
    return Routed(rule.name, rule.level, rule.post, unit=rule.unit) if rule else UNDECIDED


def first_rule(rules: Iterable[Rule], asked: Asked) -> Rule | None:
    """Return the first rule that matches."""
    time = TIMES[0] if asked.on_duty else TIMES[1]
    areas = (ANY, asked.township, asked.cell)
    for rule in rules:
        if (
            rule.category in (ANY, asked.category)
            and rule.severity in (ANY, asked.severity)
            and rule.area in areas
            and rule.time in (ANY, time)
        ):
            return rule
    return None


def dead_rules(rules: Sequence[Rule], places: Places) -> list[DeadRule]:
    """Return the rules that can never be the first to match, exactly: over every case that there can be.

    Parameters
    ----------
    rules
        In order.
    places
        Areas that are not among them are taken as apart from all others.
    """
    taken = np.full(_shape(rules, places), -1)
    dead = []
    for index, rule in enumerate(rules):
        own = np.ix_(*_masks(rule, _atoms(rules, places)))
        box = taken[own]
        if not (box == -1).any():
            dead.append(DeadRule(index, tuple(rules[other].name for other in np.unique(box))))
        taken[own] = np.where(box == -1, index, box)
    return dead


def first_left_out(rules: Sequence[Rule], places: Places) -> tuple[str, str, str, str] | None:
    """Return a category, severity, area (``any``: one that no rule names) and time that no rule matches."""
    atoms = _atoms(rules, places)
    free = np.ones(_shape(rules, places), dtype=bool)
    for rule in rules:
        free[np.ix_(*_masks(rule, atoms))] = False
    if not free.any():
        return None
    category, severity, area, time = np.argwhere(free)[0]
    cell, township = atoms[area]
    return tuple(CATEGORIES)[category], SEVERITIES[severity], cell or township or ANY, TIMES[time]


_Atom = tuple[str | None, str | None]
"""Ground that every rule treats alike: a cell and its township, the rest of a township, or the rest of the county."""


def _atoms(rules: Sequence[Rule], places: Places) -> list[_Atom]:
    named = {rule.area for rule in rules} - {ANY}
    cells = {area: places.cells[area] for area in sorted(named & places.cells.keys())}
    townships = sorted((named - cells.keys()) | {township for township in cells.values() if township})
    others = {township for cell, township in places.cells.items() if cell not in named}
    with_cells = set(places.cells.values())
    rests = [township for township in townships if township in others or township not in with_cells]
    return [*cells.items(), *((None, township) for township in rests), (None, None)]


def _shape(rules: Sequence[Rule], places: Places) -> tuple[int, int, int, int]:
    return len(CATEGORIES), len(SEVERITIES), len(_atoms(rules, places)), len(TIMES)


def _masks(rule: Rule, atoms: Sequence[_Atom]) -> tuple[_Mask, _Mask, _Mask, _Mask]:
    """Return what a rule matches of each dimension."""
    return (
        np.array([rule.category in (ANY, one) for one in CATEGORIES]),
        np.array([rule.severity in (ANY, one) for one in SEVERITIES]),
        np.array([rule.area in (ANY, *atom) for atom in atoms]),
        np.array([rule.time in (ANY, one) for one in TIMES]),
    )

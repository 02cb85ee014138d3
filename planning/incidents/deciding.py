"""The office's tables that decide about a case, together: who is asked first, and what is due when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from planning.incidents.rules import Asked, Routed, Rule, route
from planning.incidents.subcategories import Subcategory
from planning.incidents.timetable import Timetable


@dataclass(frozen=True)
class Deciding:
    """The tables that decide about a case.

    Parameters
    ----------
    rules
        In order.
    subcategories
        By code.
    timetable
    """

    rules: Sequence[Rule]
    subcategories: Mapping[str, Subcategory]
    timetable: Timetable


@dataclass(frozen=True)
class Matter:
    """What a case is about, and by which tables it is decided whom it concerns.

    Parameters
    ----------
    category, severity, subcategory
    deciding
    """

    category: str
    severity: str
    subcategory: str | None
    deciding: Deciding

    def asked(self, *, cell: str | None, township: str | None, at: datetime) -> Routed:
        """Return who is asked first about it.

        Parameters
        ----------
        cell, township
            ``None`` outside all of them.
        at
            Aware.
        """
        kind = self.deciding.subcategories.get(self.subcategory or "")
        on_duty = self.deciding.timetable.is_on_duty(at)
        return route(self.deciding.rules, Asked(self.category, self.severity, cell, township, on_duty, kind))

"""All cases replayed: where their events lead to, held against what their rows say, and whose every minute was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gis.faults import FaultsError
from layers.records.audit import Act, Actor
from layers.records.bulk.reading import StoredCase, mend, stored_cases
from layers.records.case_rows import standing
from layers.records.database import Database
from planning.incidents.bulk.statistics import CaseFigures, figures_of
from planning.incidents.case import Case
from planning.incidents.events import IncidentEvent
from planning.incidents.ledger import OWNERS, Owner
from planning.incidents.states import apply

_AT_ONCE = 200


@dataclass(frozen=True)
class Difference:
    """A column of a row that says something else than the events of its case."""

    case: str
    column: str
    stands: Any
    should: Any


@dataclass
class Replayed:
    """What a replay of all cases found.

    Parameters
    ----------
    cases, events
        How many.
    differences
    broken
        Case → why its events cannot be replayed.
    unbalanced
        Cases whose minutes do not add up to what has passed.
    mended
        Rows that were written anew.
    minutes
        Of all cases, by owner of the time.
    """

    cases: int = 0
    events: int = 0
    differences: list[Difference] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    unbalanced: list[str] = field(default_factory=list)
    mended: int = 0
    minutes: dict[Owner, int] = field(default_factory=lambda: dict.fromkeys(OWNERS, 0))

    @property
    def is_sound(self) -> bool:
        """Whether nothing is left to be mended."""
        return not self.broken and not self.unbalanced and (not self.differences or self.mended > 0)


def replay_all(database: Database, *, now: datetime, actor: Actor, mends: bool = False) -> Replayed:
    """Replay every case.

    Parameters
    ----------
    database
    now
        Until when time is counted, aware.
    actor
    mends
        Whether rows that differ are written anew, by the events.
    """
    found = Replayed()
    wrong: list[str] = []
    for case, figures in lived_cases(database, now=now, found=found):
        found.cases += 1
        found.events += len(case.events)
        if figures is None:
            continue
        wrong += _compared(case, figures.case, found)
        if not figures.adds_up:
            found.unbalanced.append(case.id)
        for owner, minutes in figures.minutes.items():
            found.minutes[owner] += minutes
    if mends:
        act = Act(actor, "incident.mended", "incident")
        found.mended = sum(mend(database, wrong[at : at + _AT_ONCE], act=act) for at in range(0, len(wrong), _AT_ONCE))
    return found


def lived_cases(
    database: Database, *, now: datetime, found: Replayed
) -> Iterator[tuple[StoredCase, CaseFigures | None]]:
    """Yield every case with its figures; ``None``, and why in `found`, for one that cannot be replayed."""
    for batch in stored_cases(database):
        for case in batch:
            try:
                yield case, figures_of(_lived(case.events), until=now)
            except (FaultsError, ValueError, KeyError, TypeError) as error:
                found.broken[case.id] = str(error)[:200]
                yield case, None


def _lived(events: Sequence[IncidentEvent]) -> list[Case]:
    """Return the case as it was after each event."""
    lived: list[Case] = []
    for event in events:
        lived.append(apply(lived[-1] if lived else None, event))
    return lived


def _compared(stored: StoredCase, case: Case, found: Replayed) -> list[str]:
    should: Mapping[str, Any] = standing(case)
    differ = [name for name, value in should.items() if stored.stands[name] != value]
    found.differences += [Difference(stored.id, name, stored.stands[name], should[name]) for name in differ]
    return [stored.id] if differ else []

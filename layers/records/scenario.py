"""A scenario as a record: a question with edits that somebody keeps, and every revision it ever had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from gis.faults import Fault
from layers.records.conflicts import ConflictError

LAYER = "scenarios"
"""Under this name faults of scenarios are told."""
ShareLevel = Literal["read", "comment", "edit"]
SHARE_LEVELS: tuple[ShareLevel, ...] = get_args(ShareLevel)
"""From the least to the most."""
Level = Literal["read", "comment", "edit", "owner"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""From the least to the most: what somebody may do with a scenario includes whatever stands before it."""
MAX_NAME_CHARACTERS = 120
MAX_NOTE_CHARACTERS = 200
MAX_BODY_BYTES = 1_000_000
MOST_REVISIONS = 5_000


@dataclass(frozen=True)
class Viewer:
    """Who looks.

    Parameters
    ----------
    account_id
        ``None`` in solo mode and on the command line: scenarios without an owner are then one's own.
    roles
        That the account has now.
    """

    account_id: str | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScenarioContent:
    """What a scenario asks.

    Parameters
    ----------
    body
        Plain values: the question and its edits.
    content_id
        Hash of the content, as its owner computes it.
    county_version
        The build of the county that it is about.
    note
        Why it was saved; may be empty.
    """

    body: Mapping[str, Any]
    content_id: str
    county_version: str
    note: str = ""


@dataclass(frozen=True)
class NewScenario:
    """A scenario to be kept.

    Parameters
    ----------
    name
    owner
        Account, ``None`` in solo mode and on the command line.
    county_name, county_code
        As plain text, for whoever reads it elsewhere.
    content
    parent_id
        The scenario it is a copy of, if it is one.
    key
        Its id, where the caller has chosen it so that asking again after a lost answer makes no second one.
    """

    name: str
    owner: str | None
    county_name: str
    county_code: str
    content: ScenarioContent
    parent_id: str | None = None
    key: str | None = None


@dataclass(frozen=True)
class Scenario:
    """A scenario as it stands in its row.

    Parameters
    ----------
    id, name, owner, county_name, county_code, parent_id
    county_version
        Of the revision that counts.
    head
        Number of the revision that counts.
    created_at, changed_at
    archived_at
        Since when it is put away, ``None`` while it is in use.
    version
        Counts changes of the row.
    """

    id: str
    name: str
    owner: str | None
    county_name: str
    county_code: str
    county_version: str
    head: int
    parent_id: str | None
    created_at: datetime
    changed_at: datetime
    archived_at: datetime | None
    version: int


@dataclass(frozen=True)
class RevisionEntry:
    """A revision as the history lists it.

    Parameters
    ----------
    scenario_id
    n
        Revisions of a scenario count from 1.
    parent
        Number of the revision that it was made from, ``None`` for the first.
    is_aside
        Whether it was saved on a revision that did not count any more: kept, but never the head.
    content_id, county_version
    at
    by_id
        Account, ``None`` in solo mode and on the command line.
    note
    """

    scenario_id: str
    n: int
    parent: int | None
    is_aside: bool
    content_id: str
    county_version: str
    at: datetime
    by_id: str | None
    note: str


@dataclass(frozen=True)
class ScenarioRevision(RevisionEntry):
    """A revision with what it asks; ``body`` is plain values."""

    body: Mapping[str, Any]


class ScenarioMovedOnError(ConflictError):
    """Raised when another revision counts by now than the one that somebody acted on.

    Parameters
    ----------
    expected
        Number of the revision that the caller acted on.
    head
        The revision that counts.
    kept
        Number under which the caller's content is kept beside it; ``None`` if there was nothing to keep.
    """

    def __init__(self, *, expected: int, head: ScenarioRevision, kept: int | None) -> None:
        code = "scenario-moved-on" if kept is None else "scenario-moved-on-kept"
        told = {"current": head.n} if kept is None else {"current": head.n, "kept": kept}
        super().__init__([Fault(code, LAYER, field="expected", value=str(expected), params=told)])
        self.expected, self.head, self.kept = expected, head, kept

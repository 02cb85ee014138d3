"""A scheme that was published, as a record: its frozen version by content, its dates, its withdrawal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from layers.records.files import StoredFile

LAYER = "publications"
"""Under this name faults of publications are told."""
MAX_TITLE_CHARACTERS = 120
MAX_TEXT_CHARACTERS = 10_000
"""Of the notice: some ten pages of an official document."""
MAX_REASON_CHARACTERS = 1_000
Stage = Literal["open", "closed", "withdrawn"]


@dataclass(frozen=True)
class NewPublication:
    """A scheme that is to be published.

    Parameters
    ----------
    slug
        Its name in the address: small letters, digits and dashes.
    title, text
        As everybody reads them.
    body
        The frozen version.
    at
        Moment that stands in the frozen version.
    closes_at
        Until when the public may comment.
    files
        What goes with it, by name.
    runs
        Ids of the runs that it was made from.
    """

    slug: str
    title: str
    text: str
    body: StoredFile
    at: datetime
    closes_at: datetime
    files: Mapping[str, StoredFile] = field(default_factory=dict)
    runs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Publication:
    """A scheme that was published.

    Parameters
    ----------
    slug, title, text
    body_sha
        SHA-256 of the frozen version.
    files
        Name → SHA-256.
    runs
    by_id
        Account that published it, ``None`` in solo mode.
    at, closes_at
    withdrawn_at, withdrawn_by, reason
        ``None`` unless it was withdrawn.
    counter_run
        The run that computes its counter-proposals, ``None`` if none was asked for.
    counter_sha
        SHA-256 of their file, ``None`` until they are there; then it stays.
    """

    slug: str
    title: str
    text: str
    body_sha: str
    files: Mapping[str, str]
    runs: tuple[str, ...]
    by_id: str | None
    at: datetime
    closes_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    reason: str | None = None
    counter_run: str | None = None
    counter_sha: str | None = None

    def stage(self, now: datetime) -> Stage:
        """Tell whether the public may comment at a moment."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "open" if now < self.closes_at else "closed"

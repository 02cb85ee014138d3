"""A remark on a publication, as a record: about what, by which way it came, what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

AboutKind = Literal["scheme", "village", "site", "figure"]
ABOUT_KINDS: tuple[AboutKind, ...] = get_args(AboutKind)
Channel = Literal["web", "meeting", "phone", "paper", "visit"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
"""By which way a remark came; all but ``web`` are entered by staff."""
Stance = Literal["", "for", "against", "other"]
STANCES: tuple[Stance, ...] = get_args(Stance)
"""What a remark says to the scheme, empty where it does not say."""
RemarkState = Literal["new", "accepted", "hidden"]
REMARK_STATES: tuple[RemarkState, ...] = get_args(RemarkState)
"""``new`` has not been looked at; ``accepted`` is shown to everybody; ``hidden`` is not. Each may be answered."""
MAX_ANSWER_CHARACTERS = 2_000
MOST_REMARKS = 20_000
"""On one publication: some forty of each thousand people of a county of half a million."""
_RECEIPT_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""None that is taken for another when it is read out or copied from paper."""
_RECEIPT_LENGTH = 12
"""Sixty bits: whoever tries a thousand codes a second finds one of 20,000 receipts in some 1,800 years."""


@dataclass(frozen=True)
class NewRemark:
    """A remark as it comes in; whatever it names is there.

    Parameters
    ----------
    slug
        Of the publication.
    key
        Of the sender's making: the same key again is the same remark.
    text
        Fit to keep, without personal numbers.
    about_kind, about_id
        The scheme, or a village, a site or a figure of it.
    village_id
        Where the person lives, if they say so.
    lon, lat
        A position that it is about.
    channel, stance
    name, phone
        If they are given; nobody but staff sees them.
    """

    slug: str
    key: str
    text: str
    about_kind: AboutKind = "scheme"
    about_id: str = ""
    village_id: str | None = None
    lon: float | None = None
    lat: float | None = None
    channel: Channel = "web"
    stance: Stance = ""
    name: str = ""
    phone: str = ""

    @property
    def receipt(self) -> str:
        """The code by which its author finds what became of it, such as ``K7PM-3XQ9-TB2C``; made of the key."""
        number = int.from_bytes(_digest("receipt", self.slug, self.key).digest(), "big")
        letters = ""
        for _ in range(_RECEIPT_LENGTH):
            number, rest = divmod(number, len(_RECEIPT_LETTERS))
            letters += _RECEIPT_LETTERS[rest]
        return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"

    @property
    def key_hash(self) -> str:
        """What is stored of the key."""
        return _digest("key", self.slug, self.key).hexdigest()


@dataclass(frozen=True)
class Remark:
    """A remark as it is kept.

    Parameters
    ----------
    id, slug
    about_kind, about_id, village_id, lon, lat, channel, stance, state
    at
        When it came in.
    by_id
        Account that entered it, ``None`` for the public.
    answer
        Of the office, "" without one.
    answered_by, answered_at
    version
        Counts its changes.
    text
        ``None`` once it was erased.
    name, phone
        Only where they are asked for.
    """

    id: str
    slug: str
    about_kind: AboutKind
    about_id: str
    village_id: str | None
    lon: float | None
    lat: float | None
    channel: Channel
    stance: Stance
    state: RemarkState
    at: datetime
    by_id: str | None
    answer: str
    answered_by: str | None
    answered_at: datetime | None
    version: int
    text: str | None = None
    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Decision:
    """What the office makes of a remark.

    Parameters
    ----------
    id
    state, answer
        From now on.
    version
        Of the remark that was looked at; ``None`` for whichever counts.
    """

    id: str
    state: RemarkState
    answer: str
    version: int | None = None


@dataclass(frozen=True)
class RemarkFilter:
    """Which remarks are asked for; whatever is empty does not matter.

    Parameters
    ----------
    state, channel, about_kind, about_id, stance
    answered
    receipt
        A code as somebody reads it out.
    """

    state: str = ""
    channel: str = ""
    about_kind: str = ""
    about_id: str = ""
    stance: str = ""
    answered: bool | None = None
    receipt: str = ""


@dataclass(frozen=True)
class RemarkTally:
    """How many remarks there are of each kind.

    Parameters
    ----------
    total, answered
    states, channels, stances
        Code → number.
    subjects
        (kind, id) → number, the most first.
    """

    total: int
    answered: int
    states: Mapping[str, int] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)
    stances: Mapping[str, int] = field(default_factory=dict)
    subjects: Mapping[tuple[str, str], int] = field(default_factory=dict)


def receipt_hash(slug: str, code: str) -> str:
    """Return what is stored of a receipt code, however it is written: with or without dash, in small letters."""
    tidy = "".join(c for c in code.upper() if c.isalnum())
    return _digest("code", slug, tidy).hexdigest()


def _digest(*parts: str) -> hashlib._Hash:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass"))

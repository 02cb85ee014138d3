"""The forms of answers about publications and remarks, for the API's description; tests hold both together."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PublicationAnswer(_Form):
    """A line of the register; ``sha`` is of the frozen version, ``counter_sha`` of counter-proposals once there."""

    slug: str
    title: str
    address: str
    stage: Literal["open", "closed", "withdrawn"]
    sha: str
    at: str
    closes_at: str
    withdrawn_at: str | None
    reason: str | None
    counter_sha: str | None


class RegisterAnswer(_Form):
    """What was published and withdrawn, newest first."""

    publications: list[PublicationAnswer]


class DecisionTold(_Form):
    """The decision by which the scheme was adopted."""

    decision: str
    from_date: str


class PublishedAnswer(PublicationAnswer):
    """A publication with its frozen version, in the form of ``planning/hearing/frozen.py``."""

    heard: int
    adopted: DecisionTold | None
    frozen: dict[str, Any]


class MinutesAnswer(_Form):
    """Time of a place, and the site that it goes to; empty where nothing serves it."""

    seconds: int | None
    minutes: float | None
    site: str


class FoundPlace(_Form):
    """A place before and after; ``metres`` from the position that was asked for."""

    id: str
    name: str
    township: str | None
    lon: float
    lat: float
    people: int
    before: MinutesAnswer
    after: MinutesAnswer
    metres: int | None


class FoundPlaces(_Form):
    """Places that fit, the best first."""

    places: list[FoundPlace]


class ShownRemark(_Form):
    """A remark as everybody reads it."""

    at: str
    about: str
    stance: str
    text: str
    answer: str
    answered_at: str | None


class ShownRemarks(_Form):
    """The latest remarks that are shown, and how many came in."""

    heard: int
    comments: list[ShownRemark]


class ReceiptAnswer(_Form):
    """What became of a remark."""

    state: Literal["new", "accepted", "hidden"]
    at: str
    answer: str
    answered_at: str | None


class ReceivedAnswer(_Form):
    """That a remark was kept, and the code under which its author finds it."""

    receipt: str
    state: Literal["new", "accepted", "hidden"]
    at: str


class AboutAnswer(_Form):
    """What a remark is about."""

    kind: Literal["scheme", "village", "site", "figure"]
    id: str
    name: str


class RemarkAnswer(_Form):
    """A remark as staff read it, without who said it."""

    id: str
    at: str
    about: AboutAnswer
    village: str
    lon: float | None
    lat: float | None
    channel: str
    stance: str
    state: Literal["new", "accepted", "hidden"]
    text: str | None
    erased: bool
    entered_by: str
    answer: str
    answered_by: str
    answered_at: str | None
    version: int


class RemarkPerson(RemarkAnswer):
    """A remark with who said it."""

    name: str
    phone: str


class SubjectCount(AboutAnswer):
    """How many remarks are about one thing."""

    count: int


class TallyAnswer(_Form):
    """How many remarks there are, by state, channel, stance and subject."""

    total: int
    answered: int
    states: dict[str, int]
    channels: dict[str, int]
    stances: dict[str, int]
    subjects: list[SubjectCount]


class QueueAnswer(_Form):
    """A page of the queue."""

    page: int
    pages: int
    total: int
    comments: list[RemarkAnswer]
    tally: TallyAnswer


class AnsweredAnswer(_Form):
    """What a file of answers did."""

    rows: int
    changed: int

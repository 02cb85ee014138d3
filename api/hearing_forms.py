"""Forms of publications and remarks as browsers send them: what is blank, what a word stands for."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pydantic import BaseModel, Field, field_validator

from api.actions.comparison.references import TODAY
from api.actions.publications.remarks import SaidRemark
from layers.records.remark import ABOUT_KINDS, CHANNELS, STANCES, AboutKind, Channel, RemarkFilter, Stance
from planning.incidents.deadlines import CHINA_TIME

BESIDE = tuple(f"beside-{k}" for k in range(1, 5))
"""Fields for schemes that stand beside the one that is published: with today they are six."""
NEW = {"run": "", **dict.fromkeys(BESIDE, ""), "title": "", "text": "", "closes": "", "slug": ""}
ENTERED = {
    "channel": "meeting",
    "about": "scheme:",
    **dict.fromkeys(("stance", "text", "name", "phone", "reason", "answer"), ""),
}
"""Fields of the form that publishes, and of those that enter a remark, answer or withdraw."""


class Wanted(BaseModel):
    """Which remarks are asked for, as it stands in the address."""

    state: str = Field(default="", max_length=20)
    channel: str = Field(default="", max_length=20)
    stance: str = Field(default="", max_length=20)
    about_kind: str = Field(default="", max_length=20)
    about_id: str = Field(default="", max_length=100)
    answered: bool | None = None
    receipt: str = Field(default="", max_length=40)
    page: int = Field(default=1, ge=1, le=10_000)

    @field_validator("answered", mode="before")
    @classmethod
    def _left_open(cls, given: Any) -> Any:
        """Take a choice that a form leaves open for none."""
        return None if given == "" else given

    def filter(self) -> RemarkFilter:
        """Return the filter; what a database cannot hold finds nothing."""
        given = self.model_dump(include={one.name for one in fields(RemarkFilter)})
        return RemarkFilter(**{name: _storable(value) for name, value in given.items()})

    def given(self) -> dict[str, str]:
        """Return what is asked for as it stands in an address, without what is left open."""
        told = self.model_dump(mode="json", exclude_defaults=True)
        return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in told.items()}


class Opened(Wanted):
    """The same on a page, and what was just done: how many remarks changed, or the receipt of one that was entered."""

    said: str = Field(default="", max_length=40, pattern=r"^[A-Z0-9-]*$")

    def given(self) -> dict[str, str]:
        """Return what is asked for, without what was done."""
        return {name: value for name, value in super().given().items() if name != "said"}


def about_of(word: str) -> tuple[AboutKind, str]:
    """Return what a form says that a remark is about; a kind that there is not is the scheme."""
    kind, _, id_ = word.partition(":")
    known = next((one for one in ABOUT_KINDS if one == kind), None)
    return ("scheme", "") if known is None else (known, id_)


def stance_of(word: str) -> Stance:
    """Return a stance that a form says, none for what is not one."""
    return next((one for one in STANCES if one == word), "")


def entered(typed: dict[str, str]) -> SaidRemark:
    """Return a remark that staff enter; a word that no form of ours has is taken for none."""
    kind, id_ = about_of(typed["about"])
    channel: Channel = next((one for one in CHANNELS if one == typed["channel"] and one != "web"), "meeting")
    return SaidRemark(
        text=typed["text"],
        about_kind=kind,
        about_id=id_,
        stance=stance_of(typed["stance"]),
        name=typed["name"],
        phone=typed["phone"],
        channel=channel,
    )


def chosen(typed: dict[str, str]) -> list[str]:
    """Return the references of the schemes that a form names, the one that is published first."""
    return [typed[name] for name in ("run", *BESIDE) if typed[name]]


def choosing(runs: str) -> dict[str, str]:
    """Return the form with the schemes that an address names, as the comparison writes them; today is beside anyway."""
    named = [one for word in runs.split(",") if (one := word.strip()) not in ("", TODAY)]
    return {**NEW, **dict(zip(("run", *BESIDE), named, strict=False))}


def end_of(day: str) -> datetime:
    """Return the end of a day in the county; what is no day has passed long ago, and is told as such."""
    try:
        begun = datetime.combine(date.fromisoformat(day.strip()), time(), CHINA_TIME)
        return begun + timedelta(days=1)
    except (ValueError, OverflowError):
        return datetime(2000, 1, 1, tzinfo=UTC)


def known(form: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    """Return the fields of a form that it has."""
    return {name: value for name, value in form.items() if name in names}


def _storable(value: Any) -> Any:
    return value if not isinstance(value, str) or value.isprintable() else "?"

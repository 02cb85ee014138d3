"""Forms of publications and remarks as browsers send them: what is blank, what a word stands for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from api.actions.publications.remarks import SaidRemark
from layers.records.remark import ABOUT_KINDS, CHANNELS, STANCES, AboutKind, Channel, Stance
from planning.incidents.deadlines import CHINA_TIME

NEW = {"run": "", "title": "", "text": "", "closes": "", "slug": ""}
ENTERED = {"channel": "meeting", "about": "scheme:", "stance": "", "text": "", "name": "", "phone": "", "reason": ""}
"""Fields of the form that publishes, and of those that enter a remark or withdraw."""


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

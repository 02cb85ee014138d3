"""Days, moments and codes of staff as people write them, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta

from gis.faults import Fault, Param
from maps.catalogue import LANGS, text
from planning.incidents.clocks import CHINA_TIME
from planning.incidents.staff_rules import FIRST_DAY, LAST_DAY
from planning.tables.definition import RowFault

LAYER = "staff"
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MOMENT = re.compile(r"(.+?)[ T](\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?:\+08:00)?")


def read_day(written: str) -> date | None:
    """Return a day as people write it, ``None`` for what is none; a time of midnight beside it is let pass."""
    plain = written.strip()
    for midnight in (" 00:00:00", " 00:00", "T00:00:00"):
        plain = plain.removesuffix(midnight)
    found = _DAY.fullmatch(plain)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def read_moment(written: str, *, is_end: bool) -> datetime | None:
    """Return a moment in China, ``None`` for what is none or lies far off.

    A day alone is its beginning, or as an end the beginning of the next one.
    """
    found = _MOMENT.fullmatch(written.strip())
    day = read_day(written) or (read_day(found[1]) if found else None)
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        return None
    if read_day(written) is not None:
        return datetime.combine(day, time(), CHINA_TIME) + timedelta(days=1 if is_end and ":" not in written else 0)
    try:
        return datetime.combine(day, time(int(found[2]), int(found[3])) if found else time(), CHINA_TIME)
    except ValueError:
        return None


def day_words(day: date | None) -> str:
    """Return a day as tables write it, empty for none."""
    return day.isoformat() if day else ""


def moment_words(moment: datetime | None) -> str:
    """Return a moment in China as tables write it, empty for none."""
    return f"{moment.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}" if moment else ""


def begin_words(moment: datetime) -> str:
    """Return when something begins: a day alone if it does so at midnight."""
    return moment_words(moment).removesuffix(" 00:00")


def end_words(moment: datetime | None) -> str:
    """Return when something ends, empty for never: a day alone, which counts whole, if it does so at midnight."""
    written = moment_words(moment)
    if moment is None or not written.endswith(" 00:00"):
        return written
    return moment_words(moment - timedelta(days=1)).removesuffix(" 00:00")


def told(
    faults: Iterable[RowFault], *, value: Callable[[RowFault], str], place: Callable[[RowFault], Mapping[str, object]]
) -> list[Fault]:
    """Return faults of rows as they are told.

    Parameters
    ----------
    faults
    value
        What stands there.
    place
        ``row``, ``field`` and ``file`` of a fault.
    """
    return [
        Fault(one.code, LAYER, value=value(one)[:80], params=_in_words(one.params), **place(one))  # type: ignore[arg-type]
        for one in faults
    ]


def told_plainly(faults: Iterable[RowFault], values: Mapping[str, str]) -> list[Fault]:
    """Return faults of a request or a form: by field, with what was sent there."""
    return told(faults, value=lambda one: values.get(one.column, ""), place=lambda one: {"field": one.column})


def _in_words(params: Mapping[str, Param]) -> Mapping[str, Param]:
    """Return figures of a fault with the words of kinds of area in each language."""
    if "known" not in params:
        return params
    kinds = str(params["known"]).split(",")
    words = {
        f"known_words_{lang}": text(lang, "page.comma").join(text(lang, f"staff.area-kind.{kind}") for kind in kinds)
        for lang in LANGS
    }
    return {**params, **words}

"""Invented months: many cases over a stretch of time, the same from the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from planning.incidents.bulk.example import EXAMPLE, Beginning, Spot, invented
from planning.incidents.clocks import CHINA_TIME
from planning.incidents.events import IncidentEvent, Severity
from planning.incidents.timetable import Timetable

_SHARES = {"party": 6, "livelihood": 30, "security": 12, "traffic": 18, "environment": 28, "campus": 6}
"""How many of a hundred are of which kind: an assumption, of no county."""
_SEVERITIES: tuple[Severity, ...] = ("normal", "urgent", "emergency")
_HOURS = (1,) * 6 + (4, 10, 18, 20, 18, 12, 8, 10, 16, 16, 14, 10, 8, 6, 4, 3, 2, 1)
"""How likely something is reported in each hour of the day."""
_SAID = {
    "party": ("党员活动室门锁损坏,请派人维修", "村务公开栏内容未及时更新"),
    "livelihood": ("独居老人家中水管冻裂", "低保申请材料需要代办", "困难家庭询问临时救助"),
    "security": ("夜间有陌生人在村内兜售保健品", "邻里因宅基地边界发生争执"),
    "traffic": ("路口反光镜被撞坏", "村道坑洼积水,车辆难行", "路边堆放玉米秸秆占道"),
    "environment": ("垃圾桶满溢未清运", "沟渠有异味,疑似排污", "田间焚烧秸秆冒烟"),
    "campus": ("学校门口接送车辆拥堵", "校园围墙外电线下垂"),
}
_MOST_OTHERS = 20


@dataclass(frozen=True)
class InventedCase:
    """A case that never was.

    Parameters
    ----------
    key
        Under which it is stored: the same seed stores it once.
    events
    text
        What would have been reported.
    """

    key: str
    events: Sequence[IncidentEvent]
    text: str


def invented_month(
    spots: Sequence[Spot],
    *,
    seed: int,
    count: int,
    since: datetime,
    until: datetime,
    county_version: str,
    timetable: Timetable,
) -> Iterator[InventedCase]:
    """Yield invented cases in the order of their reports.

    Parameters
    ----------
    spots
        Where something may happen; at least one.
    seed
        The same gives the same cases.
    count
        How many.
    since, until
        Between which they are reported, aware; nothing happens after `until`.
    county_version
    timetable
    """
    draw = Random(f"{EXAMPLE} {seed}")
    moments = sorted(_moment(draw, since, until) for _ in range(count))
    others: list[str] = []
    for number, at in enumerate(moments, start=1):
        own = Random(f"{EXAMPLE} {seed} {number}")
        category = own.choices(list(_SHARES), list(_SHARES.values()))[0]
        severity = own.choices(_SEVERITIES, (80, 15, 5))[0]
        begun = Beginning(number, at, own.choice(spots), category, severity, county_version)
        events = invented(begun, draw=own, timetable=timetable, until=until, others=others[-_MOST_OTHERS:])
        others.append(events[0].payload["id"])
        yield InventedCase(f"{EXAMPLE} {seed} {number}", events, own.choice(_SAID[category]))


def _moment(draw: Random, since: datetime, until: datetime) -> datetime:
    """Return when somebody reports: mostly by day."""
    begin = since.astimezone(CHINA_TIME).replace(minute=0, second=0, microsecond=0)
    days = max(1, (until - since) // timedelta(days=1))
    while True:
        day = begin.replace(hour=0) + draw.randrange(days + 1) * timedelta(days=1)
        hour = draw.choices(range(24), _HOURS)[0]
        at = day + timedelta(hours=hour, seconds=draw.randrange(3600))
        if since <= at < until:
            return at

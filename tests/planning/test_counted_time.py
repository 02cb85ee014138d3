"""Deadlines of many starts at once are those of one start, whatever the hours, the days off and the target."""

from datetime import date, datetime, time, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.incidents.categories import CATEGORIES
from planning.incidents.clocks import CHINA_TIME
from planning.incidents.counted_time import WorkingTime, instants_of, moment_of
from planning.incidents.targets import Target
from planning.incidents.timetable import Timetable

FIRST = date(2026, 9, 1)
DUTIES = [
    ((time(8, 30), time(12)), (time(14), time(18))),
    ((time(), time()),),
    ((time(22), time()), (time(), time(6))),
    ((time(9), time(10)), (time(10), time(11, 15))),
]
MOMENTS = st.timedeltas(timedelta(), timedelta(61)).map(lambda since: datetime(2026, 9, 1, tzinfo=CHINA_TIME) + since)
ON_THE_MINUTE = MOMENTS.map(lambda at: at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0))
STARTS = st.lists(MOMENTS | ON_THE_MINUTE, min_size=1, max_size=4)
SPANS = st.timedeltas(timedelta(microseconds=1), timedelta(days=9))
TARGETS = st.one_of(
    st.builds(Target, st.integers(0, 20), st.just("working")),
    st.builds(Target, SPANS, st.sampled_from(("working", "calendar"))),
    st.builds(Target, st.integers(1, 40).map(lambda n: timedelta(minutes=30 * n)), st.just("working")),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(MOMENTS | ON_THE_MINUTE, min_size=1, max_size=4),
    TARGETS,
    st.sampled_from(DUTIES),
    st.sets(st.integers(0, 70)),
)
def test_every_deadline_is_the_one_of_a_single_clock(starts, target, duty, off):
    days_off = {FIRST + timedelta(n) for n in sorted(off)[:20]}
    timetable = Timetable(duty, lambda day: day not in days_off, str, bool, CATEGORIES)
    told = WorkingTime(timetable, FIRST, 300).due(instants_of(starts), target)
    expected = [timetable.due(start, target) for start in starts]
    assert [moment_of(one) for one in told] == expected
    assert np.array_equal(told, instants_of(expected))

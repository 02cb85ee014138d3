"""One cell, the people and units around it, and whom a rule may want."""

from datetime import UTC, date, datetime

from planning.incidents.assignment import Cell, Wanted
from planning.incidents.staff import Leave, Person, Post, Staff, Unit

AT = datetime(2026, 12, 1, 2, tzinfo=UTC)
CELL = Cell("371424001001001", "v1", "t1")
HERE = {"village_id": "v1"}
TOWNSHIP = {**HERE, "township_id": "t1"}
PLACES = {"v1": "t1", "v2": "t1", "v3": "t2", CELL.code: "t1"}
LONG_AGO = date(2026, 1, 1)
TEAM, SHARED, OTHER = (
    Unit("team-1", "township-team", "河西执法中队", areas=("t1",)),
    Unit("region-1", "regional-team", "西片区执法队", areas=("t1", "t2")),
    Unit("region-2", "regional-team", "南片区执法队", areas=("t1",)),
)
OFFICE = Unit("dept-1", "department", "自然资源局")


def post(person, kind, code, area="village", since=LONG_AGO, until=None):
    return Post(f"{person}-{kind}-{code}", person, kind, area, code, since, until)


def staff(*rows, units=(TEAM, SHARED, OTHER, OFFICE), ended=()):
    posts = [one for one in rows if isinstance(one, Post)]
    leaves = [one for one in rows if isinstance(one, Leave)]
    names = dict.fromkeys(one.person_id for one in posts)
    people = [Person(name, ended_at=AT if name in ended else None) for name in names]
    return Staff(people, posts, leaves, units, townships=PLACES)


GRID = Wanted()
COORDINATOR, CHIEF = Wanted("village", "coordinator"), Wanted("township", "grid-chief")
ASSISTANT = Wanted("township", "assistant")
TO_TEAM, TO_REGION = Wanted("township", "team"), Wanted("county", "regional-team")
TO_OFFICE, TO_COUNTY = Wanted("county", "department", "dept-1"), Wanted("county", "desk")

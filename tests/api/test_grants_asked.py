"""Roles as they are typed: what is granted, and every fault in its row and field."""

from datetime import UTC, datetime, timedelta

import pytest

from api.actions.accounts.areas import Areas
from api.actions.accounts.grants import GRANTABLE, GrantAsked, checked_grants, first_day, last_day
from api.explain import explain_faults
from gis.faults import FaultsError
from layers.records.grants import Grant

NOW = datetime(2026, 11, 29, 20, 30, tzinfo=UTC)  # in China already the 30th
AREAS = Areas(
    "371424",
    "临邑县",
    {"371424100": "临盘街道", "371424101": "临南镇", "371424102": "德平镇"},
    {"371424101001001": "东庄网格", "371424101002001": "西庄网格", "371424102001001": "东庄网格"},
)


def granted(*given, areas=AREAS, held=()):
    return checked_grants([GrantAsked(*one) for one in given], areas, now=NOW, held=held)


def faults(*given, areas=AREAS):
    with pytest.raises(FaultsError) as refused:
        granted(*given, areas=areas)
    return [(fault.row, fault.field, fault.code) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("given", "kind", "code"),
    [
        (("planner",), "county", "371424"),
        (("administrator",), "county", "*"),
        (("planner", "county", "*"), "county", "*"),
        (("planner", "", " 371424 "), "county", "371424"),
        (("planner", "county", "临邑县"), "county", "371424"),
        (("township-desk", "township", "371424101"), "township", "371424101"),
        (("township-desk", "township", "德平镇"), "township", "371424102"),
        (("grid-worker", "cell", "371424101001001"), "cell", "371424101001001"),
        (("grid-worker", "cell", "西庄网格"), "cell", "371424101002001"),
        (("department", "unit", " 水务局 "), "unit", "水务局"),
    ],
)
def test_a_role_holds_from_now_on_where_it_was_said(given, kind, code):
    assert granted(given) == (Grant(given[0], kind, code, NOW),)


def test_every_role_but_the_public_may_be_granted():
    assert granted(*((role,) for role in GRANTABLE))
    assert "public" not in GRANTABLE
    assert faults(("public",)) == [(1, "role", "grant-unknown-role")]


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        (("",), "role", "grant-unknown-role"),
        (("Planner",), "role", "grant-unknown-role"),
        (("planner", "province"), "area_kind", "grant-unknown-area-kind"),
        (("planner", "township", "371424101"), "area_kind", "grant-needs-county"),
        (("administrator", "unit", "x"), "area_kind", "grant-needs-county"),
        (("planner", "county", "371425"), "area_code", "grant-unknown-county"),
        (("township-desk", "township"), "area_code", "grant-unknown-township"),
        (("township-desk", "township", "*"), "area_code", "grant-unknown-township"),
        (("grid-worker", "cell", "37142410100100"), "area_code", "grant-unknown-cell"),
        (("grid-worker", "cell", "东庄网格"), "area_code", "grant-unknown-cell"),  # there are two
        (("department", "unit"), "area_code", "grant-bad-unit"),
        (("department", "unit", "x" * 61), "area_code", "grant-bad-unit"),
        (("department", "unit", "水\u0000务"), "area_code", "grant-bad-unit"),
        (("planner", "", "", "2026-13-01"), "from", "grant-bad-day"),
        (("planner", "", "", "1.12.2026"), "from", "grant-bad-day"),
        (("planner", "", "", "", "9999-12-31"), "until", "grant-bad-day"),
        (("planner", "", "", "", "2026-12-01T00:00:00"), "until", "grant-bad-day"),
        (("planner", "", "", "2026-12-05", "2026-12-04"), "until", "grant-ends-first"),
        (("planner", "", "", "", "2026-11-29"), "until", "grant-over"),
    ],
)
def test_what_cannot_be_granted_is_said_beside_its_field(given, field, code):
    assert faults(("checker",), given) == [(2, field, code)]


def test_all_faults_of_all_rows_are_said_at_once():
    found = faults(("x", "y", "", "z"), ("planner", "county", "1", "", "z"))
    assert found == [
        (1, "role", "grant-unknown-role"),
        (1, "area_kind", "grant-unknown-area-kind"),
        (1, "from", "grant-bad-day"),
        (2, "area_code", "grant-unknown-county"),
        (2, "until", "grant-bad-day"),
    ]


@pytest.mark.parametrize(
    ("given", "closest"),
    [
        (("planer",), "planner"),
        (("checker", "town"), "township"),
        (("checker", "township", "371424103"), "37142410"),
        (("checker", "township", "临南街道"), "临盘街道"),
        (("checker", "cell", "371424101001002"), "371424101001001"),
        (("planner", "county", "371425"), "371424"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_closest_of_what_is_known_is_said(given, closest, lang):
    with pytest.raises(FaultsError) as refused:
        granted(given)
    (told,) = explain_faults(refused.value.faults, lang)
    assert closest in told["expected"]
    assert told["mend"]


def test_days_are_those_of_china_and_both_count():
    (grant,) = granted(("planner", "", "", "2026-12-01", "2026-12-03"))
    assert grant.from_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert grant.until_at == datetime(2026, 12, 3, 16, tzinfo=UTC)
    assert (first_day(grant), last_day(grant)) == ("2026-12-01", "2026-12-03")
    (today,) = granted(("planner", "", "", "2026-11-30", "2026-11-30"))
    assert today.holds(NOW)
    assert not today.holds(datetime(2026, 11, 30, 16, tzinfo=UTC))
    (earlier,) = granted(("planner", "", "", "2026-11-01"))
    assert earlier.holds(NOW)


def test_instants_with_their_offset_may_be_given_too():
    (grant,) = granted(("planner", "", "", "2026-12-01T08:00:00+08:00", "2026-12-02T00:00:00Z"))
    assert grant.from_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert grant.until_at == datetime(2026, 12, 2, tzinfo=UTC)


def test_a_role_that_is_held_stays_as_it_is_when_it_is_sent_again():
    held = (
        Grant("planner", "county", "371424", NOW - timedelta(days=3, hours=2)),
        Grant("checker", "township", "371424101", NOW - timedelta(days=9), NOW + timedelta(days=9)),
    )
    rows = [(one.role, one.area_kind, one.area_code, first_day(one), last_day(one)) for one in held]
    assert granted(*rows, held=held) == held
    instants = [
        (
            one.role,
            one.area_kind,
            one.area_code,
            one.from_at.isoformat(),
            one.until_at.isoformat() if one.until_at else "",
        )
        for one in held
    ]
    assert granted(*instants, held=held) == held
    assert granted(("planner",), held=held) == held[:1]
    assert granted(("planner", "", "", "", "2027-01-01"), held=held) != held[:1]


def test_a_role_that_is_asked_for_twice_is_given_once():
    assert len(granted(("planner",), ("planner", "county", "371424"))) == 1
    assert faults(*[("planner",)] * 51) == [(None, "", "grants-too-many")]


def test_without_a_county_roles_hold_everywhere_or_in_units():
    nowhere = Areas(None)
    assert granted(("planner",), areas=nowhere)[0].area_code == "*"
    assert granted(("department", "unit", "x"), areas=nowhere)
    assert faults(("planner", "county", "371424"), areas=nowhere) == [(1, "area_code", "grant-no-county")]

"""Every edit is kept, moved or void on another build, with the reason; nothing changes its meaning in silence."""

import numpy as np
import pytest
import shapely

from planning.scenario.edits import (
    Adopted,
    AdoptedSite,
    Counted,
    NewCandidate,
    PlacePeople,
    RoadClosed,
    RoadSlowed,
    RoadSpeed,
    SiteCapacity,
    SiteStatus,
)
from planning.scenario.named import RoadsNamed, SitesNamed
from planning.scenario.question import Conditions, PlanQuestion, TownshipLimit
from planning.scenario.rebase import CountyNames, rebase
from planning.scenario.scenario import Scenario

METRE = 1 / 111_195


def sites(rows):
    """Points {id: (name, metres east, metres north)} about 117° E, 37° N."""
    east = METRE / np.cos(np.radians(37))
    lon_lat = [(117 + x * east, 37 + y * METRE) for _, x, y in rows.values()]
    return SitesNamed(words(rows), words(name for name, _, _ in rows.values()), np.array(lon_lat))


def words(values):
    return np.array(list(values), dtype=object)


def roads(rows):
    """Pieces {id: (name, [(metres east, metres north), …])}."""
    east = METRE / np.cos(np.radians(37))
    lines = [shapely.LineString([(117 + x * east, 37 + y * METRE) for x, y in line]) for _, line in rows.values()]
    return RoadsNamed(words(rows), words(name for name, _ in rows.values()), words(lines))


OLD_SITES = {
    "1": ("东庄", 0, 0),
    "2": ("西庄", 3000, 0),
    "3": ("南庄", 0, 3000),
    "4": ("重名", 0, 9000),
    "5": ("重名", 9000, 0),
}
OLD_ROADS = {
    "r1": ("南桥", [(0, 0), (1000, 0)]),
    "r2": ("大街", [(0, 500), (1000, 500)]),
    "r3": ("大街", [(1000, 500), (2000, 500)]),
    "r4": ("", [(0, 800), (900, 800)]),
}


def county(version, places=OLD_SITES, lines=OLD_ROADS, townships=("甲镇", "乙镇"), classes=("primary",)):
    named = sites(places)
    return CountyNames(version, named, named, roads(lines), frozenset(townships), frozenset(classes))


def fates(edits, new, *, conditions=None):
    question = PlanQuestion("hub", conditions=conditions or Conditions())
    found = rebase(Scenario("甲", "old", question, tuple(edits)), county("old"), new)
    assert found.scenario.county_version == new.version
    return [(one.outcome, one.reason, one.became) for one in found.fates], found.scenario


def test_on_a_county_built_the_same_everything_is_kept_and_the_content_but_for_the_build():
    edits = [
        SiteStatus("东庄", "required"),
        SiteCapacity("2", 9),
        PlacePeople("南庄", 3),
        RoadClosed("南桥"),
        RoadClosed("r4"),
        RoadSlowed("大街", 2.0),
        RoadSpeed("primary", "car", 30.0),
        Counted(group="80+"),
        NewCandidate("新点", (117.0, 37.0)),
        SiteStatus("新点", "required"),
        Adopted("hub", (AdoptedSite("1"), AdoptedSite("x", "新", (117.0, 37.0)))),
    ]
    conditions = Conditions(status=(("西庄", "excluded"),), townships=(TownshipLimit("甲镇", 1),))
    found, moved = fates(edits, county("new"), conditions=conditions)
    assert {outcome for outcome, _, _ in found} == {"kept"}
    assert len(found) == len(edits) + 2
    assert (moved.edits, moved.question.conditions) == (tuple(edits), conditions)


@pytest.mark.parametrize(
    ("word", "change", "fate"),
    [
        ("1", {"9": ("东庄", 60, 0)}, ("moved", "same-name-near", ("9",))),
        ("东庄", {"9": ("东庄", 60, 0)}, ("kept", "same", ())),
        ("1", {"1": ("新名", 60, 0)}, ("kept", "renamed", ())),
        ("东庄", {"1": ("新名", 60, 0)}, ("moved", "renamed", ("1",))),
        ("1", {"1": ("东庄", 4000, 0)}, ("kept", "same", ())),
        ("1", {"1": ("别庄", 4000, 4000)}, ("void", "elsewhere", ())),
        ("东庄", {"9": ("东庄", 4000, 4000)}, ("void", "elsewhere", ())),
        ("东庄", {}, ("void", "gone", ())),
        ("东庄", {"8": ("东庄", 60, 0), "9": ("东庄", 90, 0)}, ("void", "several-near", ())),
        ("东庄", {"8": ("东庄", 60, 0), "9": ("东庄", 9000, 0)}, ("moved", "same-name-near", ("8",))),
        ("重名", {}, ("void", "never-named-one", ())),
        ("无名", {}, ("void", "never-named-one", ())),
    ],
)
def test_a_place_is_the_same_by_id_and_name_or_by_name_and_position(word, change, fate):
    places = {id_: row for id_, row in OLD_SITES.items() if id_ != "1"} | change
    found, moved = fates([SiteStatus(word, "required")], county("new", places))
    assert found == [fate]
    assert [edit.target for edit in moved.edits] == list(fate[2] or ((word,) if fate[0] == "kept" else ()))


def test_a_piece_of_road_that_is_cut_otherwise_becomes_the_pieces_along_the_same_line():
    lines = {
        "a": ("南桥", [(0, 2), (400, 2)]),
        "b": ("南桥", [(400, 2), (1000, 2)]),
        "c": ("南桥", [(1000, 2), (3000, 2)]),
    }
    found, moved = fates([RoadClosed("r1"), RoadSlowed("南桥", 3.0)], county("new", lines=lines))
    assert found == [("moved", "cut-otherwise", ("a", "b"))] * 2, (
        "the name alone would close a road three times as long"
    )
    assert moved.edits == (RoadClosed("a"), RoadClosed("b"), RoadSlowed("a", 3.0), RoadSlowed("b", 3.0))


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ({"x": ("北桥", [(0, 5000), (1000, 5000)])}, "gone"),
        ({"x": ("南桥", [(0, 5000), (1000, 5000)])}, "runs-elsewhere"),
        ({"r1": ("", [(0, 5000), (1000, 5000)])}, "gone"),
        ({"x": ("南桥", [(0, 0), (4000, 0)])}, "part-of-longer"),
    ],
)
def test_a_road_that_is_not_there_any_more_is_void(lines, reason):
    found, moved = fates([RoadClosed("南桥")], county("new", lines=lines))
    assert found == [("void", reason, ())]
    assert moved.edits == ()


def test_an_id_that_names_another_piece_now_is_not_believed():
    lines = {"r1": ("", [(0, 7000), (1000, 7000)]), "r9": ("", [(0, 1), (1000, 1)])}
    assert fates([RoadClosed("r1")], county("new", lines=lines))[0] == [("moved", "cut-otherwise", ("r9",))]


def test_classes_townships_and_conditions_are_told_as_well():
    conditions = Conditions(status=(("东庄", "required"), ("西庄", "excluded")), townships=(TownshipLimit("乙镇", 1),))
    places = {id_: row for id_, row in OLD_SITES.items() if id_ != "2"} | {"9": ("东庄", 10, 0)}
    del places["1"]
    new = county("new", places, townships=("甲镇",), classes=())
    found, moved = fates([RoadSpeed("primary", "car", 9.0)], new, conditions=conditions)
    assert found == [
        ("void", "no-road-class", ()),
        ("kept", "same", ()),
        ("void", "gone", ()),
        ("void", "no-township", ()),
    ]
    assert moved.question.conditions == Conditions(status=(("东庄", "required"),))


def test_an_adopted_scheme_loses_the_sites_that_are_gone_and_says_so():
    places = {id_: row for id_, row in OLD_SITES.items() if id_ not in "12"} | {"9": ("西庄", 3010, 0)}
    scheme = Adopted("hub", (AdoptedSite("1"), AdoptedSite("2"), AdoptedSite("n", "新", (117.0, 37.0))))
    found, moved = fates([scheme], county("new", places))
    assert found == [("void", "adopted-site-gone", ()), ("moved", "adopted-otherwise", ("9", "n"))]
    assert [site.target for site in moved.edits[0].sites] == ["9", "n"]
    lost, nothing = fates([Adopted("hub", (AdoptedSite("1"),))], county("new", places))
    assert (lost[-1], nothing.edits) == (("void", "adopted-otherwise", ()), ())

"""Edits are read from JSON strictly: what is told is read back, and all that is wrong is told at once."""

import dataclasses
import json
import math

import pytest
from drawn_edits import form, says_something
from hypothesis import given, settings
from hypothesis import strategies as st

from api.explain import explain_fault
from gis.faults import Fault, FaultsError
from maps.catalogue import has_text
from planning.scenario.edit_form import edits_from
from planning.scenario.edits import (
    CHOICES,
    FIELDS,
    MOST_EDITS,
    MOST_POSITIONS,
    OPS,
    Adopted,
    AdoptedSite,
    Flooded,
    RoadSpeed,
    told,
)

HERE = [117.0, 37.0]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of([form(kind) for kind in OPS.values()]).filter(says_something), max_size=6))
def test_what_is_told_of_an_edit_is_read_back_as_the_same_edit(edits):
    through_json = json.loads(json.dumps([told(edit) for edit in edits]))
    assert edits_from(through_json) == tuple(edits)
    assert edits_from([told(edit) for edit in edits]) == tuple(edits)


def test_every_field_of_every_edit_has_its_bounds_and_its_words():
    fields = {field.name for kind in (*OPS.values(), AdoptedSite) for field in dataclasses.fields(kind)} - {"op"}
    assert fields == set(FIELDS)
    assert {name for name, asked in FIELDS.items() if asked.kind == "choice"} == set(CHOICES)
    assert all(has_text(f"edit.field.{name}") for name in (*FIELDS, "op"))


def edit(op, **fields):
    return {"op": op, **fields}


def capacity(value):
    return edit("site-capacity", target="a", capacity=value)


def slowed(value):
    return edit("road-slowed", target="a", factor=value)


def placed(value):
    return edit("new-candidate", target="a", at=value)


def flooded(area):
    return edit("flooded", target="a", area=area)


def adopted(sites):
    return edit("adopted", target="hub", sites=sites)


WRONG = [
    (5, "edit-not-an-object", "edit"),
    ({"target": "a"}, "edit-without-op", "op"),
    (edit("road-close", target="a"), "edit-unknown-op", "op"),
    (edit(["road-closed"], target="a"), "edit-unknown-op", "op"),
    (edit("road-closed", target="a", colour=1), "edit-unknown-field", "colour"),
    (edit("road-closed"), "edit-missing-field", "target"),
    (edit("road-closed", target=5), "edit-not-words", "target"),
    (edit("road-closed", target=None), "edit-not-words", "target"),
    (edit("road-closed", target="  "), "edit-blank", "target"),
    (edit("road-closed", target=""), "edit-blank", "target"),
    (edit("road-closed", target="a\nb"), "edit-unprintable", "target"),
    (edit("road-closed", target="\ud800"), "edit-unprintable", "target"),
    (edit("road-closed", target="a" * 121), "edit-too-long", "target"),
    (edit("counted"), "edit-says-nothing", "op"),
    (edit("standard"), "edit-says-nothing", "op"),
    (edit("counted", year=2031), "edit-unknown-choice", "year"),
    (edit("counted", year="2030"), "edit-unknown-choice", "year"),
    (edit("counted", year=2030.0), "edit-unknown-choice", "year"),
    (edit("counted", base="residents"), "edit-unknown-choice", "base"),
    (edit("site-status", target="a", status=["required"]), "edit-unknown-choice", "status"),
    (capacity("3"), "edit-not-whole", "capacity"),
    (capacity(3.0), "edit-not-whole", "capacity"),
    (capacity(True), "edit-not-whole", "capacity"),
    (capacity(None), "edit-not-whole", "capacity"),
    (capacity(0), "edit-too-small", "capacity"),
    (capacity(10**5000), "edit-too-large", "capacity"),
    (slowed("2"), "edit-not-a-number", "factor"),
    (slowed(True), "edit-not-a-number", "factor"),
    (slowed(math.nan), "edit-not-finite", "factor"),
    (slowed(math.inf), "edit-not-finite", "factor"),
    (slowed(0), "edit-not-above", "factor"),
    (slowed(1001), "edit-too-large", "factor"),
    (placed([117]), "edit-not-a-position", "at"),
    (placed(["117", "37"]), "edit-not-a-position", "at"),
    (placed([True, False]), "edit-not-a-position", "at"),
    (placed({"lon": 1, "lat": 2}), "edit-not-a-position", "at"),
    (placed([117, 37, 5]), "edit-not-a-position", "at"),
    (placed([37, 117]), "edit-outside-the-world", "at"),
    (placed([10**400, 37]), "edit-outside-the-world", "at"),
    (placed([math.nan, 37]), "edit-not-finite", "at"),
    (flooded("everywhere"), "edit-not-a-list", "area"),
    (flooded([HERE, HERE]), "edit-too-few", "area"),
    (flooded([HERE, [117, 38], HERE]), "edit-too-few", "area"),
    (flooded([HERE, [117, 38], [[[]]]]), "edit-not-a-position", "area.3"),
    (flooded([HERE] * 2001), "edit-too-many", "area"),
    (adopted([]), "edit-too-few", "sites"),
    (adopted(["a"]), "edit-not-an-object", "sites.1"),
    (adopted([{"target": "a"}, {"name": "b"}]), "edit-missing-field", "sites.2.target"),
    (adopted([{"target": "a", "colour": 1}]), "edit-unknown-field", "sites.1.colour"),
    (adopted([{"target": "a", "capacity": -1}]), "edit-too-small", "sites.1.capacity"),
]


def refused(edits):
    with pytest.raises(FaultsError) as error:
        edits_from(edits)
    return error.value.faults


@pytest.mark.parametrize(("wrong", "code", "field"), WRONG)
def test_what_is_wrong_with_an_edit_is_told_with_its_number_and_its_field(wrong, code, field):
    faults = refused([edit("road-closed", target="a"), wrong])
    assert [(fault.code, fault.row, fault.field) for fault in faults] == [(code, 2, field)]
    for lang in ("zh", "en"):
        words = explain_fault(faults[0], lang)
        assert words["expected"]
        assert words["mend"]
        json.dumps(words, ensure_ascii=False).encode()
        assert len(words["value"]) <= 80


def test_everything_that_is_wrong_with_all_edits_is_told_at_once():
    faults = refused([wrong for wrong, _, _ in WRONG])
    assert [(fault.row, fault.code) for fault in faults] == [(row, code) for row, (_, code, _) in enumerate(WRONG, 1)]
    several = refused([edit("road-speed", targe="tertiary", speed_kmh="fast")])
    assert {(fault.code, fault.field) for fault in several} == {
        ("edit-unknown-field", "targe"),
        ("edit-missing-field", "target"),
        ("edit-missing-field", "mode"),
        ("edit-not-a-number", "speed_kmh"),
    }


def test_a_mistyped_word_is_told_with_the_closest_there_is():
    closest = [
        fault.params.get("closest")
        for fault in refused(
            [
                edit("rode-closed", target="a"),
                edit("road-closed", target="a", targt="b"),
                edit("counted", base="residents"),
            ]
        )
    ]
    assert closest == ["road-closed", "target", "resident"]


def test_there_is_an_end_to_how_much_is_read():
    assert [fault.code for fault in refused([{}] * (MOST_EDITS + 1))] == ["edits-too-many"]
    area = [[float(k) / 100, 0.0] for k in range(2000)]
    many = [flooded(area)] * (MOST_POSITIONS // 2000 + 1)
    assert [fault.code for fault in refused(many)] == ["edits-too-many-positions"]


@pytest.mark.parametrize("given_edits", [None, "road-closed", {"op": "road-closed"}, 5, b"[]"])
def test_anything_else_than_a_list_is_refused(given_edits):
    assert [fault.code for fault in refused(given_edits)] == ["edits-not-a-list"]


def test_a_ring_that_is_closed_is_the_same_area_and_whole_speeds_are_numbers():
    ring = [HERE, [117, 38], [118, 38]]
    assert edits_from([flooded([*ring, HERE])]) == edits_from([flooded(ring)])
    assert edits_from([flooded(ring)]) == (Flooded("a", ((117.0, 37.0), (117.0, 38.0), (118.0, 38.0))),)
    (read,) = edits_from([edit("road-speed", target="tertiary", mode="car", speed_kmh=30)])
    assert (read, type(read.speed_kmh)) == (RoadSpeed("tertiary", "car", 30.0), float)


def test_a_site_of_a_scheme_needs_no_more_than_its_id():
    assert edits_from([adopted([{"target": "00001"}])]) == (Adopted("hub", (AdoptedSite("00001"),)),)
    assert told(Adopted("hub", (AdoptedSite("00001"),))) == adopted([{"target": "00001"}])


def test_wide_spaces_stand_in_names():
    (read,) = edits_from([edit("road-closed", target="东\u3000庄")])
    assert read.target == "东\u3000庄"


def test_faults_call_their_fields_as_people_do():
    assert (
        explain_fault(Fault("edit-blank", layer="edits", row=1, field="sites.1.name"), "en")["mend"] == "fill in “name”"
    )

"""Tags of OpenStreetMap and who may go where, as the wiki's pages on access, one-way roads and ferries have it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.travel_modes import DIRECTIONS, MODES, VEHICLES
from layers.sources.osm.access import IS_OPEN
from layers.sources.osm.figures import parse_span, parse_speed
from layers.sources.osm.tags import road_row

SIGNS = {"both": "↔", "forward": "→", "backward": "←", "no": "×"}
BY_RULE = {mode.vehicle: mode for mode in MODES.values()}


def tags(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split())


def signs(text: str) -> str:
    """Directions of foot, bicycle and motorcar along the way as it is drawn."""
    row = road_row(tags(text))
    if row is None:
        return "dropped"
    found = []
    for vehicle in VEHICLES:
        said = row[vehicle]
        if not said:
            mode = BY_RULE[vehicle]
            is_open = row["road_class"].removesuffix("_link") in mode.speeds_kmh
            said = "no" if not is_open else "forward" if row["oneway"] and mode.obeys_oneway else "both"
        if row["is_reversed"]:
            said = {"forward": "backward", "backward": "forward"}.get(said, said)
        found.append(SIGNS[said])
    return "".join(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # --- classes, foot bicycle motorcar
        ("highway=residential", "↔↔↔"),
        ("highway=trunk", "↔↔↔"),
        ("highway=motorway", "××→"),
        ("highway=motorway_link", "××→"),  # routers take it as one-way
        ("highway=motorway_link oneway=no", "××↔"),  # what is written goes before what is implied
        ("highway=primary_link", "↔↔↔"),
        ("highway=track", "↔↔↔"),
        ("highway=road", "↔↔↔"),  # of unknown kind
        ("highway=pedestrian", "↔××"),
        ("highway=footway", "↔××"),
        ("highway=steps", "↔××"),
        ("highway=path", "↔↔×"),
        ("highway=cycleway", "↔↔×"),
        ("highway=bridleway", "↔××"),
        ("highway=busway", "dropped"),  # buses only
        ("highway=busway bicycle=yes", "×↔×"),
        ("highway=residential;service", "↔↔↔"),
        ("highway=residential;footway", "↔××"),  # whoever one of them shuts out
        ("highway=platform", "dropped"),
        ("building=yes", "dropped"),
        ("highway=pedestrian area=yes", "dropped"),
        # --- not there, or not yet
        ("highway=construction construction=primary", "dropped"),
        ("highway=proposed", "dropped"),
        ("highway=primary construction=yes", "dropped"),
        ("highway=primary construction=minor", "↔↔↔"),  # works beside the traffic
        ("highway=primary construction=no", "↔↔↔"),
        ("highway=primary proposed=yes", "dropped"),
        ("highway=track disused=yes", "dropped"),
        ("highway=track abandoned=yes", "dropped"),
        ("disused:highway=track", "dropped"),
        ("highway=razed", "dropped"),
        ("highway=track impassable=yes", "dropped"),
        ("highway=track smoothness=impassable", "↔××"),
        # --- access, the most specific tag first
        ("highway=tertiary access=no", "dropped"),
        ("highway=tertiary access=no foot=yes bicycle=yes", "↔↔×"),
        ("highway=tertiary access=no motor_vehicle=yes", "××↔"),
        ("highway=tertiary access=private", "↔↔↔"),  # people live there
        ("highway=tertiary access=destination", "↔↔↔"),
        ("highway=tertiary access=customers", "↔↔↔"),
        ("highway=tertiary vehicle=no", "↔××"),
        ("highway=tertiary vehicle=no bicycle=yes", "↔↔×"),
        ("highway=tertiary motor_vehicle=no", "↔↔×"),
        ("highway=tertiary motor_vehicle=no motorcar=yes", "↔↔↔"),
        ("highway=tertiary motorcar=no motor_vehicle=yes", "↔↔×"),
        ("highway=tertiary vehicle=no motor_vehicle=designated", "↔×↔"),
        ("highway=tertiary access=no vehicle=no motorcar=permissive", "××↔"),
        ("highway=track motor_vehicle=agricultural", "↔↔×"),
        ("highway=track motor_vehicle=forestry", "↔↔×"),
        ("highway=track access=agricultural foot=yes", "↔××"),
        ("highway=track motor_vehicle=agricultural;forestry", "↔↔×"),
        ("highway=track motor_vehicle=agricultural;destination", "↔↔↔"),  # either may
        ("highway=service access=emergency", "dropped"),
        ("highway=service motor_vehicle=psv", "↔↔×"),
        ("highway=unclassified access=military", "dropped"),
        ("highway=tertiary bicycle=use_sidepath", "↔×↔"),
        ("highway=tertiary foot=use_sidepath", "×↔↔"),
        ("highway=tertiary bicycle=dismount", "↔×↔"),  # pushed, not ridden
        ("highway=tertiary motor_vehicle=unknown", "↔↔↔"),  # as if not written
        ("highway=tertiary motor_vehicle=unknown vehicle=no", "↔××"),
        ("highway=tertiary access=No", "dropped"),
        ("highway=tertiary horse=no hgv=no", "↔↔↔"),
        # --- opened and shut against the class
        ("highway=footway bicycle=yes", "↔↔×"),
        ("highway=footway bicycle=designated foot=designated", "↔↔×"),
        ("highway=footway access=yes", "↔××"),  # says nothing of wheels
        ("highway=cycleway motor_vehicle=yes", "↔↔↔"),
        ("highway=pedestrian motor_vehicle=delivery", "↔×↔"),
        ("highway=pedestrian vehicle=destination", "↔↔↔"),
        ("highway=cycleway foot=no", "×↔×"),
        ("highway=path motorcar=yes", "↔↔↔"),
        ("highway=path bicycle=no", "↔××"),
        ("highway=motorway foot=yes", "↔×→"),
        ("highway=trunk motorroad=yes", "××↔"),
        ("highway=trunk motorroad=yes bicycle=yes", "×↔↔"),
        ("highway=trunk motorroad=yes access=yes", "××↔"),
        ("highway=steps bicycle=yes oneway=yes", "↔→×"),
        # --- one-way
        ("highway=residential oneway=yes", "↔→→"),
        ("highway=residential oneway=1", "↔→→"),
        ("highway=residential oneway=true", "↔→→"),
        ("highway=residential oneway=-1", "↔←←"),
        ("highway=residential oneway=reverse", "↔←←"),
        ("highway=residential oneway=no", "↔↔↔"),
        ("highway=residential oneway=reversible", "↔↔↔"),
        ("highway=residential oneway=alternating", "↔↔↔"),
        ("highway=residential junction=roundabout", "↔→→"),
        ("highway=residential junction=circular", "↔→→"),
        ("highway=residential junction=roundabout oneway=no", "↔↔↔"),
        ("highway=residential junction=roundabout oneway=-1", "↔←←"),
        ("highway=residential oneway=yes oneway:bicycle=no", "↔↔→"),
        ("highway=residential oneway=-1 oneway:bicycle=no", "↔↔←"),
        ("highway=residential oneway:bicycle=yes", "↔→↔"),
        ("highway=residential oneway:bicycle=-1", "↔←↔"),
        ("highway=residential oneway=yes oneway:bicycle=-1", "↔←→"),
        ("highway=residential oneway:motor_vehicle=yes", "↔↔→"),
        ("highway=residential oneway=yes oneway:motor_vehicle=no", "↔→↔"),
        ("highway=residential oneway:motorcar=-1", "↔↔←"),
        ("highway=residential oneway:vehicle=yes", "↔→→"),
        ("highway=footway oneway=yes", "↔××"),  # binds no feet
        ("highway=footway oneway:foot=yes", "→××"),
        ("highway=footway oneway:foot=-1", "←××"),
        ("highway=steps conveying=forward", "↔××"),
        ("highway=cycleway oneway=yes", "↔→×"),
        ("highway=residential oneway=yes cycleway=opposite", "↔↔→"),
        ("highway=residential oneway=yes cycleway=opposite_lane", "↔↔→"),
        ("highway=residential oneway=yes cycleway:left=opposite_track", "↔↔→"),
        ("highway=residential oneway=yes cycleway=lane", "↔→→"),
        ("highway=residential oneway=yes cycleway:left=lane cycleway:left:oneway=-1", "↔↔→"),
        ("highway=residential oneway=yes cycleway:both=track cycleway:both:oneway=no", "↔↔→"),
        ("highway=residential oneway=yes cycleway:right=lane cycleway:right:oneway=yes", "↔→→"),
        ("highway=residential oneway=-1 cycleway:right=lane cycleway:right:oneway=-1", "↔←←"),
        ("highway=residential oneway=yes oneway:bicycle=yes cycleway=opposite", "↔→→"),
        # --- access in one direction
        ("highway=residential motor_vehicle:forward=no", "↔↔←"),
        ("highway=residential motor_vehicle:backward=no", "↔↔→"),
        ("highway=residential vehicle:backward=no bicycle:backward=yes", "↔↔→"),
        ("highway=residential vehicle:backward=no bicycle=yes", "↔↔→"),
        ("highway=residential oneway=yes bicycle:backward=yes", "↔↔→"),
        ("highway=residential oneway=-1 bicycle:forward=yes", "↔↔←"),
        ("highway=residential oneway=-1 motor_vehicle:forward=no", "↔←←"),
        ("highway=residential oneway=yes motor_vehicle:forward=no", "↔→×"),
        ("highway=footway bicycle:forward=yes", "↔→×"),
        ("highway=residential foot:backward=no", "→↔↔"),
        ("highway=residential access:backward=no", "→→→"),
        ("highway=residential oneway=-1 motorcar=no", "↔←×"),
        # --- ferries
        ("route=ferry", "↔××"),  # says nothing of wheels
        ("route=ferry motor_vehicle=yes bicycle=yes", "↔↔↔"),
        ("route=ferry motorcar=yes foot=no", "××↔"),
        ("route=ferry access=no", "dropped"),
        ("ferry=yes bicycle=yes", "↔↔×"),
        ("route=ferry oneway=yes motor_vehicle=yes", "→×→"),  # nobody walks back on the water
        ("route=bus", "dropped"),
        ("route=ferry disused=yes", "dropped"),
    ],
)
def test_who_may_go_where(text: str, expected: str) -> None:
    assert signs(text) == expected


KEYS = ["access", "foot", "bicycle", "vehicle", "motor_vehicle", "motorcar", "oneway", "oneway:bicycle", "junction"]
VALUES = [*IS_OPEN, "-1", "reverse", "alternating", "roundabout", "unknown", "yes;no"]


@given(
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES[:-1])), st.sampled_from(["residential", "footway"])
)
def test_turning_a_way_round_turns_nothing_but_its_line(found: dict[str, str], highway: str) -> None:
    found |= {"highway": highway, "junction": ""}
    turn = {"yes": "-1", "true": "-1", "1": "-1", "-1": "yes", "reverse": "yes"}
    turned = {k: turn.get(v, v) if k.startswith("oneway") else v for k, v in found.items()}
    one, other = (signs(" ".join(f"{k}={v}" for k, v in each.items())) for each in (found, turned))
    assert other == one.translate(str.maketrans("→←", "←→"))


@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES)))
def test_columns_hold_known_words_only(found: dict[str, str]) -> None:
    row = road_row({"highway": "residential", **found})
    if row is not None:
        assert {row[vehicle] for vehicle in VEHICLES} <= {*DIRECTIONS, ""}
        assert any(row[vehicle] != "no" for vehicle in VEHICLES)


@pytest.mark.parametrize("text", ["highway=residential", "highway=residential oneway=yes", "highway=footway"])
def test_nothing_is_said_where_class_and_one_way_rule_say_it_all(text: str) -> None:
    row = road_row(tags(text))
    assert row is not None
    assert [row[vehicle] for vehicle in VEHICLES] == ["", "", ""]


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("bridge=yes", "bridge"),
        ("bridge=viaduct", "bridge"),
        ("bridge=no", ""),
        ("bridge=false", ""),
        ("tunnel=yes", "tunnel"),
        ("tunnel=no", ""),
        ("tunnel=building_passage", ""),  # doors open on it
        ("motorroad=yes", "motorroad"),
        ("motorroad=no", ""),
    ],
)
def test_flags(text: str, flags: str) -> None:
    row = road_row({"highway": "trunk"} | tags(text))
    assert row is not None
    assert [flag for flag in ("bridge", "tunnel", "motorroad") if row[flag]] == flags.split()


@pytest.mark.parametrize(
    ("text", "along", "back"),
    [
        ("maxspeed=60", 60, None),
        ("maxspeed=60;40", 40, None),  # where each holds is not written
        ("maxspeed=60 maxspeed:backward=40", 60, 40),
        ("maxspeed:forward=30 maxspeed:backward=30", 30, None),
        ("maxspeed:backward=40", None, 40),
        ("maxspeed=CN:urban", None, None),
        ("maxspeed=CN:urban maxspeed:forward=50", 50, 60),  # the other way as the class: primary
        ("maxspeed=80 maxspeed:motorcar=60", 60, None),
        ("zone:maxspeed=30", None, None),
        ("maxspeed=60 maxspeed:forward=50 oneway=-1", 60, 50),  # turned round
        ("maxspeed:backward=40 oneway=-1", 40, None),
    ],
)
def test_speed_limits_by_direction(text: str, along: float | None, back: float | None) -> None:
    row = road_row({"highway": "primary"} | tags(text))
    assert row is not None
    found = [None if math.isnan(row[name]) else row[name] for name in ("speed_kmh", "speed_back_kmh")]
    assert found == [along, back]


@pytest.mark.parametrize(
    ("text", "speed_kmh"),
    [
        *[("50", 50.0), ("50 mph", 80.4672), ("50mph", 80.4672), ("30 km/h", 30.0), ("10 knots", 18.52)],
        *[("walk", 5.0), ("60|40", 40.0), ("none;60", 60.0), ("55.5", 55.5)],
        *[(text, None) for text in ("CN:urban", "none", "signals", "", "0", "-30", "1e2", "nan", "９０")],
    ],
)
def test_speed_limits(text: str, speed_kmh: float | None) -> None:
    found = parse_speed(text)
    assert math.isnan(found) if speed_kmh is None else found == pytest.approx(speed_kmh)


@pytest.mark.parametrize(
    ("text", "span_s"),
    [
        *[("00:10", 600), ("1:30", 5400), ("00:05:30", 330), ("10", 600), ("10 min", 600), ("2.5", 150)],
        *[("PT10M", 600), ("PT1H30M", 5400), ("pt90s", 90), ("P1DT1H", 90_000)],
        *[("00:20-00:40", 2400), ("10;20", 1200)],  # the longest
        *[(text, None) for text in ("", "0", "00:00", "P", "PT", "on demand", "-")],
    ],
)
def test_spans_of_time(text: str, span_s: float | None) -> None:
    found = parse_span(text)
    assert math.isnan(found) if span_s is None else found == span_s

"""What the edits of a scenario change about the roads: names and areas turned into rows of the road table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.road_edits import BuiltRoad, RoadEdits
from planning.closest import Closest
from planning.scenario.contradictions import Contradictions, of_kind
from planning.scenario.edits import Edit, Flooded, RoadBuilt, RoadClosed, RoadSlowed
from planning.scenario.land import Land, Roads

MOST_TO_JUNCTION_M = 1_000
"""A road is built from junction to junction; one that begins farther from any is not the road that was meant."""


@dataclass
class _Rows:
    """Which edit says what of which piece of road."""

    closed: dict[int, int] = field(default_factory=dict)
    slowed: dict[int, tuple[int, float]] = field(default_factory=dict)
    flooded: dict[int, int] = field(default_factory=dict)
    spared: dict[int, int] = field(default_factory=dict)
    meant: dict[int, Sequence[int]] = field(default_factory=dict)


Meant = dict[int, dict[str, int]]
"""Number of an edit -> how many pieces of road, or metres, it is about."""


def road_changes(edits: Sequence[Edit], land: Land, found: Contradictions) -> tuple[RoadEdits, Meant]:
    """Return the changed roads but for speeds, and what each edit is about.

    Parameters
    ----------
    edits
    land
    found
        Told every contradiction.
    """
    rows = _Rows()
    _name_roads(edits, land.roads, rows, found)
    _flood(edits, land, rows, found)
    _compare(edits, rows, found)
    built, metres = _built(edits, land, found)
    changes = RoadEdits(
        closed=tuple(sorted(rows.closed.keys() | rows.flooded.keys())),
        slowed=tuple(sorted((row, factor) for row, (_, factor) in rows.slowed.items())),
        built=tuple(sorted(built, key=lambda road: (road.start, road.end))),
    )
    pieces = {number: {"pieces": len(meant)} for number, meant in rows.meant.items()}
    return changes, pieces | {number: {"metres": length} for number, length in metres.items()}


def _name_roads(edits: Sequence[Edit], roads: Roads, rows: _Rows, found: Contradictions) -> None:
    closest = Closest(roads.rows_by_word)
    planned = {edit.target for _, edit in of_kind(edits, RoadBuilt)}
    named: list[tuple[int, RoadClosed | RoadSlowed]] = [*of_kind(edits, RoadClosed), *of_kind(edits, RoadSlowed)]
    for number, edit in named:
        meant = roads.rows_by_word.get(edit.target, [])
        rows.meant[number] = meant
        if not meant and edit.target in planned:
            found.tell("edit-road-built-and-changed", number, "target", edit.target)
        elif not meant:
            found.tell("edit-unknown-road", number, "target", edit.target, closest=closest.to(edit.target))
        if isinstance(edit, RoadSlowed):
            _slow(number, edit, meant, rows, found)
        else:
            _close(number, edit, meant, rows, found)


def _close(number: int, edit: RoadClosed, meant: Iterable[int], rows: _Rows, found: Contradictions) -> None:
    others = {rows.closed[row] for row in meant if row in rows.closed}
    if others:
        found.tell("edit-road-closed-twice", number, "target", edit.target, other=min(others))
    for row in meant:
        rows.closed.setdefault(row, number)


def _slow(number: int, edit: RoadSlowed, meant: Iterable[int], rows: _Rows, found: Contradictions) -> None:
    if edit.factor == 1:
        found.tell("edit-changes-nothing", number, "factor", edit.target)
    others = {rows.slowed[row][0] for row in meant if row in rows.slowed}
    if others:
        found.tell("edit-road-slowed-twice", number, "target", edit.target, other=min(others))
    for row in meant:
        rows.slowed.setdefault(row, (number, edit.factor))


def _flood(edits: Sequence[Edit], land: Land, rows: _Rows, found: Contradictions) -> None:
    for number, edit in of_kind(edits, Flooded):
        area = shapely.Polygon(land.metres_of(np.array(edit.area)))
        if not area.is_valid or not area.area > 0:
            found.tell("edit-area-invalid", number, "area", edit.target)
        elif land.outline is not None and not shapely.intersects(land.outline, area):
            found.tell("edit-outside-county", number, "area", edit.target)
        else:
            touched = land.roads.touching(area)
            stays = land.roads.bridges[touched] if edit.bridges == "open" else np.zeros(touched.size, np.bool_)
            rows.meant[number] = touched[~stays].tolist()
            if not rows.meant[number]:
                found.tell("edit-area-without-roads", number, "area", edit.target)
            for row in rows.meant[number]:
                rows.flooded.setdefault(row, number)
            for row in touched[stays].tolist():
                rows.spared.setdefault(row, number)


def _compare(edits: Sequence[Edit], rows: _Rows, found: Contradictions) -> None:
    """Tell of roads that are slowed where they are closed, and of bridges that are open and closed."""
    names = {number: getattr(edit, "target", "") for number, edit in enumerate(edits, 1)}
    for closed, code in ((rows.closed, "edit-road-closed-and-slowed"), (rows.flooded, "edit-road-slowed-and-flooded")):
        pairs = {(rows.slowed[row][0], closed[row]) for row in rows.slowed.keys() & closed.keys()}
        for number, other in sorted(pairs):
            found.tell(code, number, "target", names[number], other=other, by=names[other])
    for number, other in sorted({(rows.spared[row], rows.flooded[row]) for row in rows.spared.keys() & rows.flooded}):
        found.tell("edit-bridge-open-and-closed", number, "bridges", names[number], other=other, by=names[other])


def _built(edits: Sequence[Edit], land: Land, found: Contradictions) -> tuple[list[BuiltRoad], dict[int, int]]:
    built: list[BuiltRoad] = []
    metres: dict[int, int] = {}
    between: dict[frozenset[int], int] = {}
    for number, edit in of_kind(edits, RoadBuilt):
        if edit.speed_kmh == 0:
            found.tell("edit-built-standing", number, "speed_kmh", edit.target)
        ends = [_junction(number, name, edit, land, found) for name in ("start", "end")]
        if ends[0] is None or ends[1] is None:
            continue
        (one, start), (other, end) = ends[0], ends[1]
        if one == other:
            found.tell("edit-built-no-length", number, "end", edit.target)
        elif between.setdefault(frozenset((one, other)), number) != number:
            found.tell("edit-built-twice", number, "target", edit.target, other=between[frozenset((one, other))])
        else:
            built.append(BuiltRoad(min(start, end), max(start, end), speed_kmh=edit.speed_kmh))
            metres[number] = round(float(np.hypot(start[0] - end[0], start[1] - end[1])))
    return built, metres


def _junction(
    number: int, name: str, edit: RoadBuilt, land: Land, found: Contradictions
) -> tuple[int, tuple[float, float]] | None:
    xy: NDArray[np.float64] = land.xy_of(getattr(edit, name))
    if not land.has(xy):
        found.tell("edit-outside-county", number, name, edit.target)
        return None
    node, at, metres = land.roads.junction_near(xy)
    if metres > MOST_TO_JUNCTION_M:
        told = {"metres": round(metres), "most": MOST_TO_JUNCTION_M}
        found.tell("edit-far-from-junction", number, name, edit.target, **told)
        return None
    return node, at

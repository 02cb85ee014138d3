"""What the edits of a scenario change about the speeds on whole classes of road."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from gis.travel_modes import ROAD_CLASSES, TravelMode
from planning.closest import Closest
from planning.scenario.contradictions import Contradictions, of_kind
from planning.scenario.edits import Edit, RoadSlowed, RoadSpeed
from planning.scenario.land import Roads

Speeds = tuple[tuple[str, float], ...]


def speed_changes(
    edits: Sequence[Edit],
    modes: Mapping[str, TravelMode],
    travelled: Collection[str],
    roads: Callable[[], Roads],
    found: Contradictions,
) -> dict[str, Speeds]:
    """Return mode -> (class, speed) of every class that is given another one, ascending.

    Parameters
    ----------
    edits
    modes
        In force.
    travelled
        Modes of the question: a speed of any other changes nothing.
    roads
    found
        Told every contradiction.
    """
    known_modes, known_classes = Closest(modes), Closest(ROAD_CLASSES)
    given: dict[tuple[str, str], tuple[int, float]] = {}
    for number, edit in of_kind(edits, RoadSpeed):
        is_known = edit.target in ROAD_CLASSES and edit.mode in modes
        if edit.target not in ROAD_CLASSES:
            told = {"known": ", ".join(ROAD_CLASSES), "closest": known_classes.to(edit.target)}
            found.tell("edit-unknown-class", number, "target", edit.target, **told)
        elif edit.target not in roads().classes:
            found.tell("edit-class-absent", number, "target", edit.target)
        if edit.mode not in modes:
            told = {"known": ", ".join(modes), "closest": known_modes.to(edit.mode)}
            found.tell("edit-unknown-mode", number, "mode", edit.mode, **told)
        elif edit.mode not in travelled:
            found.tell("edit-mode-not-travelled", number, "mode", edit.mode, known=", ".join(travelled))
        if is_known:
            _check_speed(number, edit, modes[edit.mode], found)
            other, _ = given.setdefault((edit.mode, edit.target), (number, edit.speed_kmh))
            if other != number:
                found.tell("edit-speed-twice", number, "speed_kmh", edit.target, other=other)
    _check_slowed(edits, given, travelled, roads, found)
    return {
        mode: tuple(sorted((name, kmh) for (of_mode, name), (_, kmh) in given.items() if of_mode == mode))
        for mode in travelled
    }


def _check_speed(number: int, edit: RoadSpeed, mode: TravelMode, found: Contradictions) -> None:
    """Tell of a speed on a class that is closed to the mode, and of the one that it has anyway."""
    now = mode.speeds_kmh.get(edit.target, 0)
    if not now:
        found.tell("edit-class-closed", number, "target", edit.target)
    elif now == edit.speed_kmh:
        found.tell("edit-changes-nothing", number, "speed_kmh", edit.target)


def _check_slowed(
    edits: Sequence[Edit],
    given: Mapping[tuple[str, str], tuple[int, float]],
    travelled: Collection[str],
    roads: Callable[[], Roads],
    found: Contradictions,
) -> None:
    """Tell of roads that are slowed though their whole class is closed."""
    closed = {name: number for (mode, name), (number, kmh) in given.items() if not kmh and mode in travelled}
    if not closed:
        return
    for number, edit in of_kind(edits, RoadSlowed):
        classes = {str(roads().classes[row]) for row in roads().rows_by_word.get(edit.target, [])} & closed.keys()
        for name in sorted(classes):
            found.tell("edit-road-slowed-in-closed-class", number, "target", edit.target, other=closed[name], by=name)

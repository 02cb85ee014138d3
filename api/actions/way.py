"""The way from a place to a site as a question has it: its roads edited, its candidates proposed."""

from __future__ import annotations

from typing import Any

import numpy as np

from api.actions.matrix import question_of_times
from api.actions.open_county import OpenCounty
from api.actions.posed import resolved_at
from gis.faults import Fault, FaultsError
from gis.route import route
from planning.scenario.question import PlanQuestion


def find_way(at_hand: OpenCounty, question: PlanQuestion, *, origin: str, destination: str) -> dict[str, Any]:
    """Return the fastest way that the travel times of a question count.

    Parameters
    ----------
    at_hand
    question
        With its defaults; its sites and conditions play no part.
    origin
        Id of a place that people live in.
    destination
        Id of a candidate.

    Returns
    -------
    dict
        ``seconds`` door to door, ``metres`` on the road, ``line`` from door to door in degrees, ``on_foot`` where one
        walks straight; the first three are ``None`` where there is no way, and ``reachable`` says so.

    Raises
    ------
    FaultsError
        With all that is wrong with the edits; ``unknown-id`` for each id that is not there.
    """
    resolved = resolved_at(at_hand, question_of_times(question))
    candidates, mode = resolved.candidates, str(resolved.question.mode)
    begins = np.flatnonzero(resolved.people.index.astype(str) == origin)
    ends = np.flatnonzero(candidates.ids == destination)
    asked = (("from", origin, begins), ("to", destination, ends))
    unknown = [Fault("unknown-id", field=field, value=word) for field, word, rows in asked if not len(rows)]
    if unknown:
        raise FaultsError(unknown)
    doors = candidates.positions[[begins[0], ends[0]]]  # the places are the first candidates
    if begins[0] == ends[0]:
        return _told(at_hand, 0, 0.0, doors[:1])
    places = at_hand.snapped_demand(mode).take(begins[:1]), at_hand.snap_points(doors[1:], mode=mode)
    found = route(at_hand.edited_network(mode, resolved.roads), *places)
    if found is None:
        return {"reachable": False, "seconds": None, "metres": None, "line": None, "on_foot": False}
    course = np.vstack([doors[:1], found.xy, doors[1:]]).round(2)  # where pieces meet is one point
    course = course[np.r_[True, (np.diff(course, axis=0) != 0).any(axis=1)]]
    return _told(at_hand, found.seconds, found.length_m, course, on_foot=found.on_foot)


def _told(at_hand: OpenCounty, seconds: int, metres: float, course: Any, *, on_foot: bool = False) -> dict[str, Any]:
    line = at_hand.degrees_of(course)
    return {"reachable": True, "seconds": seconds, "metres": round(metres), "line": line, "on_foot": on_foot}

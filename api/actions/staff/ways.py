"""How far people and teams are from a place, as the roads are now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import numpy as np

from api.actions.open_county import OpenCounty
from gis.cost_matrix import UNREACHABLE
from gis.snapping import Snapped, one_after_other
from gis.travel_time import travel_times
from planning.incidents.assignment import NO_WAY
from planning.incidents.staff import Staff, china_day

RESPONSE_MODE = "e-bike"
"""How a grid worker gets there."""


def home_of(at_hand: OpenCounty, staff: Staff, person_id: str, at: datetime) -> Snapped | None:
    """Return where somebody sets out from: the village of their post, or the home of their team; as built.

    Parameters
    ----------
    at_hand
    staff
    person_id
        Or the id of a unit.
    at
        When; a post of another day does not count.

    Returns
    -------
    Snapped or None
        ``None`` where that is not known, as of a desk.
    """
    home = _home(at_hand, staff, person_id, at)
    return None if home is None else _snapped(at_hand, [home])


def seconds_to(
    at_hand: OpenCounty,
    staff: Staff,
    people: Sequence[str],
    *,
    lon: float,
    lat: float,
    at: datetime,
) -> list[float]:
    """Return how long people or units take to a place: many ways at once.

    Parameters
    ----------
    at_hand, staff
    people
        Ids of people or of units.
    lon, lat
        Degrees, WGS-84.
    at

    Returns
    -------
    list of float
        Seconds; ``NO_WAY`` where there is no way, or no home.
    """
    homes = [_home(at_hand, staff, person, at) for person in people]
    known = sorted({home for home in homes if home is not None}, key=lambda home: not isinstance(home, int))
    if not known:
        return [NO_WAY] * len(people)
    destination = at_hand.snap_points(at_hand.metres_of(lon, lat), mode=RESPONSE_MODE)
    matrix = travel_times(at_hand.network_now(RESPONSE_MODE), _snapped(at_hand, known), destination)
    found = matrix.seconds[:, 0].tolist()
    seconds = dict(zip(known, (NO_WAY if one >= UNREACHABLE else float(one) for one in found), strict=True))
    return [NO_WAY if home is None else seconds[home] for home in homes]


_Home = int | tuple[float, float]
"""A row of the demand, or a position in degrees."""


def _home(at_hand: OpenCounty, staff: Staff, person_id: str, at: datetime) -> _Home | None:
    if person_id in staff.units:
        return _home_of_unit(staff, person_id)
    day = china_day(at)
    for post in staff.posts_of(person_id):
        if not post.holds(day):
            continue
        if post.area_kind == "unit":
            return _home_of_unit(staff, post.area_code)
        row = _row(at_hand, post.area_code)
        if row is not None:
            return row
    return None


def _row(at_hand: OpenCounty, area: str) -> int | None:
    """Return the row of a village, or of the village of a cell."""
    village = at_hand.cell_facts.get(area, (area, ""))[0]
    rows = at_hand.once("rows of the demand", lambda: {str(id_): row for row, id_ in enumerate(at_hand.demand.index)})
    return rows.get(village)


def _home_of_unit(staff: Staff, unit_id: str) -> _Home | None:
    unit = staff.units.get(unit_id)
    return None if unit is None or unit.lon is None or unit.lat is None else (unit.lon, unit.lat)


def _snapped(at_hand: OpenCounty, homes: Sequence[_Home]) -> Snapped:
    """Return homes joined to the network: those in villages, then those of units."""
    rows = [home for home in homes if isinstance(home, int)]
    places = [home for home in homes if not isinstance(home, int)]
    villages = at_hand.snapped_demand(RESPONSE_MODE).take(np.asarray(rows, dtype=np.intp)) if rows else None
    if not places:
        return cast("Snapped", villages)
    units = at_hand.snap_points(np.vstack([at_hand.metres_of(*place) for place in places]), mode=RESPONSE_MODE)
    return units if villages is None else one_after_other(villages, units)

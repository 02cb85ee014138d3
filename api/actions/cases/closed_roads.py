"""Roads that a case says are closed: dispatch goes round them and people cut off are named, until they are opened."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.actions.closures import ClosureRequest, close
from api.actions.open_county import OpenCounty
from api.actions.roads_near import piece_near, road_told
from gis.faults import Fault, FaultsError
from gis.road_edits import AS_BUILT, RoadEdits
from layers.records.case_lists import CaseLists, ListedCase
from layers.records.database_faults import DatabaseDownError
from planning.incidents.case import Case

_FRESH_S = 0.5
"""So long a road that another process has closed may go unnoticed."""
_NEAR_M = 200.0
"""So far from its case the closed road may lie that nobody has named."""
_REACHED = ("township-office", "e-bike", 15.0)
"""What people have to reach, how, and within how many minutes: what a county's people need any day."""


class ClosedRoads:
    """The roads that cases have closed.

    Parameters
    ----------
    lists
        Of the cases.
    """

    def __init__(self, lists: Callable[[], CaseLists]) -> None:
        self._lists = lists
        self._known: tuple[ListedCase, ...] = ()
        self._fresh_until = 0.0
        self._lock = threading.Lock()

    def get(self) -> tuple[ListedCase, ...]:
        """Return the cases whose road is closed; while the records are down, those that were known last."""
        with self._lock:
            if time.monotonic() >= self._fresh_until:
                with contextlib.suppress(DatabaseDownError):
                    self._known = tuple(self._lists().closed_roads())
                self._fresh_until = time.monotonic() + _FRESH_S
            return self._known

    def forget(self) -> None:
        """Look again at the next question: a road was closed or opened here."""
        self._fresh_until = 0.0

    def edits(self, at_hand: OpenCounty) -> RoadEdits:
        """Return what they change about the roads of a county; roads that it does not have change nothing."""
        cases = self.get()
        return RoadEdits(closed=_rows(at_hand, [str(case.road) for case in cases])) if cases else AS_BUILT

    def ids(self, at_hand: OpenCounty) -> list[str]:
        """Return the ids of those that a county has."""
        index = at_hand.roads.index
        return [str(index[row]) for row in self.edits(at_hand).closed]


def road_of_move(at_hand: OpenCounty | None, case: Case, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the road that a case closes: the one named by its id, else the one nearest to the case.

    Raises
    ------
    FaultsError
        ``case-road-unknown`` if the county has no such road, or none near enough.
    """
    named = data.get("road")
    if at_hand is None or not isinstance(named, str | None):
        return dict(data)
    if named is None:
        piece = piece_near(at_hand, case.lon, case.lat, within_m=_NEAR_M, streets=True)
    else:
        rows = _rows(at_hand, [named])
        piece = rows[0] if rows else None
    if piece is None:
        told = {"metres": round(_NEAR_M)}
        raise FaultsError(
            [Fault("case-road-unknown", "incidents", field="road", value=(named or "")[:40], params=told)]
        )
    road = road_told(at_hand, piece)
    return {**data, "road": road["id"], "name": road["name"]}


def closed_now(at_hand: OpenCounty, closed: ClosedRoads) -> dict[str, Any]:
    """Return the roads that are closed by cases, and what that means for people.

    Parameters
    ----------
    at_hand
    closed

    Returns
    -------
    dict
        ``roads`` with their course, case and since when; ``effect`` as of ``closures.close``: minutes to the nearest
        township office by e-bike before and after, who gets there no more (``cut_off``), who takes longer.
    """
    cases = closed.get()
    rows = {str(case.road): row for case in cases for row in _rows(at_hand, [str(case.road)])}
    roads = [{**road_told(at_hand, rows[str(case.road)]), **_about(case)} for case in cases if str(case.road) in rows]
    kind, mode, limit = _REACHED
    asked = ClosureRequest(
        closed=tuple(sorted(rows)),
        at=None,
        within_m=_NEAR_M,
        streets=True,
        facilities=(),
        kind=kind,
        mode=mode,
        base="resident",
        limit_minutes=limit,
    )
    try:
        answer = close(at_hand, asked)
    except FaultsError:  # a county without such offices
        return {"roads": roads, "effect": None}
    told = ("mode", "limit_minutes", "weights_basis", "before", "after", "slower", "cut_off")
    return {"roads": roads, "effect": {"kind": kind, **{name: answer[name] for name in told}}}


def _about(case: ListedCase) -> dict[str, Any]:
    return {"case": case.id, "township": case.township}


def _rows(at_hand: OpenCounty, ids: Sequence[str]) -> tuple[int, ...]:
    found = at_hand.roads.index.get_indexer(list(ids))
    return tuple(sorted({int(row) for row in found if row >= 0}))

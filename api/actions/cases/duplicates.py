"""Open cases that may be the same as one, for a desk to merge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any, get_args

from api.actions.cases.sight import Sight
from api.actions.cases.view import local
from layers.records.case_lists import CaseFilter, CaseLists
from layers.records.incidents import IncidentStore
from planning.incidents.case import Case
from planning.incidents.duplicates import Likely, box_around, likely_same, reach_of
from planning.incidents.moves import ENDED, State
from planning.tables.in_force import Tables

_MOST_READ, _AT_ONCE, _MOST_TOLD = 5_000, 200, 20
"""Open cases within the distance that are looked at, the nearest first, and so many at once until enough are alike."""
_OPEN = tuple(state for state in get_args(State) if state not in ENDED)
_AN_INSTANT = timedelta(microseconds=1)


def duplicates_of(
    lists: CaseLists, store: IncidentStore, case: Case, *, sight: Sight, tables: Tables
) -> list[dict[str, Any]]:
    """Return the open cases that may be the same, the nearest first, as far as they are the caller's business.

    Parameters
    ----------
    lists, store
    case
    sight
        What of the cases the caller may see.
    tables
        How near and how soon stands in the table of small kinds.

    Returns
    -------
    list of dict
        ``id``, ``state``, ``subcategory``, ``reported_at``, ``metres``, ``minutes_apart``; nothing of a case that has
        ended.
    """
    reach = None if case.has_ended else reach_of(case, tables.subcategories)
    if reach is None:
        return []
    radius_m, window = reach
    wanted = CaseFilter(
        flow=case.flow,
        states=_OPEN,
        categories=[case.category],
        within=sight.within,
        since=case.reported_at - window,
        until=case.reported_at + window + _AN_INSTANT,
        box=box_around(case, radius_m),
    )
    near = [one.id for one in lists.nearest(wanted, lon=case.lon, lat=case.lat, limit=_MOST_READ)]
    return [
        {
            "id": one.case.id,
            "state": one.case.state,
            "subcategory": one.case.subcategory,
            "reported_at": local(one.case.reported_at),
            "metres": round(one.metres),
            "minutes_apart": round(one.apart.total_seconds() / 60),
        }
        for one in islice(_alike(store, case, near, tables), _MOST_TOLD)
    ]


def _alike(store: IncidentStore, case: Case, near: Sequence[str], tables: Tables) -> Iterator[Likely]:
    """Yield which of the cases nearest to one may be the same; a crowd of other small kinds hides none."""
    for start in range(0, len(near), _AT_ONCE):
        yield from likely_same(case, store.get_all(near[start : start + _AT_ONCE]), kinds=tables.subcategories)

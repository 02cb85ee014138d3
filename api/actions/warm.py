"""What the first visitor would otherwise wait for, computed before."""

from __future__ import annotations

import logging
from contextlib import suppress
from threading import Thread
from typing import Any

import numpy as np

from api.actions.ground import ground_file
from api.actions.info import describe_county
from api.actions.open_county import OpenCounty
from api.actions.page import default_plans, plan_page
from api.actions.scenarios.adopting import finish_moves
from api.actions.search.entries import index_of
from api.actions.show import access_to
from api.actions.staff.ways import RESPONSE_MODE
from api.actions.who_answers import cell_at
from api.actions.workplace import Workplace
from gis.faults import FaultsError
from gis.route import route
from layers.current import current_version
from layers.records.database_faults import DatabaseDownError

_LOG = logging.getLogger(__name__)


def compute_defaults(at_hand: OpenCounty) -> list[dict[str, Any]]:
    """Compute and keep what the page shows first: figures, the ground, minutes to the offices, default plans.

    Parameters
    ----------
    at_hand

    Returns
    -------
    list of dict
        The plans.
    """
    describe_county(at_hand)
    ground_file(at_hand)
    if _has_offices(at_hand):
        access_to(at_hand, "township-office", mode="e-bike", base="resident")
    return default_plans(at_hand)


def open_up(at_work: Workplace) -> Thread:
    """Make the page ready, and read beside the first requests what the first incident needs.

    Parameters
    ----------
    at_work
        Nothing happens before a county has been built.

    Returns
    -------
    Thread
        Which reads; it does not keep the process.
    """
    reading = Thread(target=_read_for_first_clicks, args=(at_work,), name="open-up", daemon=True)
    if current_version(at_work.settings.data) is None:
        return reading
    at_work.tables.begin()
    try:
        at_hand = at_work.county_as_built  # the records may be away, and nobody waits for them here
        plan_page(at_hand, at_work.settings, lang=at_work.settings.lang)
    except Exception:  # noqa: BLE001 - whatever is wrong is told by the pages that need it, and the rest works
        _LOG.exception("the county cannot be opened")
    else:
        reading.start()
    return reading


def _read_for_first_clicks(at_work: Workplace) -> None:
    """Finish what was decided last, then read what the first incident, closed road and search need."""
    with suppress(FaultsError, DatabaseDownError):
        finish_moves(at_work)
    with suppress(FaultsError):
        _read_what_is_needed(at_work.county)


def _read_what_is_needed(at_hand: OpenCounty) -> None:
    ground_file(at_hand)
    lon, lat = at_hand.demand.geometry.iloc[0].coords[0]
    cell_at(at_hand, lon, lat)  # what one report reads, all reports have
    for mode in dict.fromkeys((RESPONSE_MODE, *(service.mode for service in at_hand.tables.services.values()))):
        at_hand.snapped_demand(mode)
        _ = at_hand.network(mode).hierarchy
    ends = at_hand.snapped_demand(RESPONSE_MODE)
    route(at_hand.network(RESPONSE_MODE), ends.take(np.array([0])), ends.take(np.array([-1])))
    index_of(at_hand)


def _has_offices(at_hand: OpenCounty) -> bool:
    if not at_hand.county.has("facilities"):
        return False
    return bool((at_hand.county.layer("facilities")["kind"] == "township-office").any())

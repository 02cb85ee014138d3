"""A question put to an open county: resolved among its places, built with its minutes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from api.actions.open_county import OpenCounty
from api.actions.show import township_names
from gis.cost_matrix import CostMatrix
from gis.faults import Fault
from planning.scenario.build import Built, build
from planning.scenario.places import Places, township_labels
from planning.scenario.question import PlanQuestion
from planning.scenario.resolve import Resolved, resolve


def resolved_at(at_hand: OpenCounty, question: PlanQuestion, misfits: Iterable[Fault] = ()) -> Resolved:
    """Return what a question means in a county; see :func:`planning.scenario.resolve.resolve`."""
    return resolve(question, places_of(at_hand), at_hand.tables, misfits)


def built_at(at_hand: OpenCounty, question: PlanQuestion, misfits: Iterable[Fault] = ()) -> Built:
    """Return a question ready to be solved; see :func:`planning.scenario.build.build`."""
    return build(resolved_at(at_hand, question, misfits), lambda mode: times_at(at_hand, mode))


def times_at(at_hand: OpenCounty, mode: str) -> CostMatrix:
    """Return the seconds from every place to every place."""
    return at_hand.times_to(at_hand.demand, mode=mode)


def places_of(at_hand: OpenCounty) -> Places:
    """Return what a question is resolved among: every demand point is a candidate."""
    demand = at_hand.demand
    has_townships = "township_id" in demand
    return Places(
        people=demand,
        names=demand["name"].astype(str).to_numpy(dtype=np.object_),
        positions=at_hand.demand_xy,
        townships=township_labels(demand["township_id"], township_names(at_hand)) if has_townships else None,
    )

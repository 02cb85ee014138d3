"""On which builds of the county schemes stand, and what is not the same in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from api.actions.comparison.schemes import SchemeAtHand
from api.actions.scenarios.stale import layers_changed
from planning.comparison.scheme import Aligned


def builds_told(schemes: Sequence[SchemeAtHand], places: Aligned) -> dict[str, Any]:
    """Return whether schemes stand on different builds of the county, and what differs then.

    Parameters
    ----------
    schemes
    places
        Of all of them.

    Returns
    -------
    dict
        ``differ``; ``layers``: names of those that are not the same in all builds; ``places``: those that some builds
        lack, with ``people`` and the keys of the schemes that have them (``in``); ``people``: places that schemes count
        other people at, with the people of each by key. A place counts in differences as the first scheme that has it
        tells it.
    """
    layers = [one.at_hand.county.layers for one in schemes]
    changed = {name for other in layers[1:] for names in layers_changed(layers[0], other).values() for name in names}
    return {
        "differ": len({one.at_hand.county.version for one in schemes}) > 1,
        "layers": sorted(changed),
        "places": _lacking(schemes, places),
        "people": _counted_otherwise(schemes, places),
    }


def _lacking(schemes: Sequence[SchemeAtHand], places: Aligned) -> list[dict[str, Any]]:
    everywhere = np.all([places.there[one.key] for one in schemes], axis=0)
    return [
        {**_named(places, row), "people": int(places.people[row]), "in": _having(schemes, places, row)}
        for row in np.flatnonzero(~everywhere).tolist()
    ]


def _counted_otherwise(schemes: Sequence[SchemeAtHand], places: Aligned) -> list[dict[str, Any]]:
    row_of = {id_: row for row, id_ in enumerate(places.ids)}
    told: dict[int, dict[str, int]] = {}
    for one in schemes:
        for id_, people in zip(*_people_of(one), strict=True):
            told.setdefault(row_of[id_], {})[one.key] = people
    return [
        {**_named(places, row), "people": people}
        for row, people in sorted(told.items())
        if len(set(people.values())) > 1
    ]


def _people_of(one: SchemeAtHand) -> tuple[list[str], list[int]]:
    resolved = one.built.resolved
    return [str(id_) for id_ in resolved.people.index], resolved.weights.values.tolist()


def _having(schemes: Sequence[SchemeAtHand], places: Aligned, row: int) -> list[str]:
    return [one.key for one in schemes if places.there[one.key][row]]


def _named(places: Aligned, row: int) -> dict[str, Any]:
    return {
        "id": str(places.ids[row]),
        "name": str(places.names[row]),
        "township": str(places.townships[row]) or None,
    }

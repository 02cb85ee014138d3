"""What can be named in a build of a county: places, facilities, roads, townships."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.actions.open_county import OpenCounty
from api.actions.posed import places_of
from planning.scenario.named import RoadsNamed, SitesNamed
from planning.scenario.rebase import CountyNames


def names_of(at_hand: OpenCounty) -> CountyNames:
    """Return what a scenario can name in a county, read once for a build."""
    return at_hand.once("names", lambda: _names(at_hand))


def _names(at_hand: OpenCounty) -> CountyNames:
    places, roads = places_of(at_hand), at_hand.county.layer("roads")
    ids = _words(places.ids)
    standing = places.facilities
    lon_lat = [np.array([one.lon_lat for one in standing])] if standing else []
    sites = SitesNamed(
        _words([*ids, *(one.id for one in standing)]),
        _words([*places.names, *(one.name for one in standing)]),
        np.vstack([places.lon_lat, *lon_lat]),
    )
    townships = () if places.townships is None else (str(one) for one in places.townships if one)
    return CountyNames(
        version=at_hand.county.version,
        sites=sites,
        places=SitesNamed(ids, places.names, places.lon_lat),
        roads=RoadsNamed(_words(roads.index), _words(roads["name"].fillna("")), roads.geometry.to_numpy()),
        townships=frozenset(townships),
        road_classes=frozenset(name.removesuffix("_link") for name in roads["road_class"].astype(str)),
    )


def _words(values: Any) -> NDArray[np.object_]:
    return np.array([str(one) for one in values], dtype=object)

"""Where everyone goes on a network that changes: to the nearest place, or to the one that a plan gives them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.actions.closure_ground import Ground
from api.actions.open_county import OpenCounty
from gis.cost_matrix import UNREACHABLE
from gis.network import RoadNetwork
from gis.snapping import Snapped
from gis.travel_time import nearest, travel_times


@dataclass(frozen=True)
class Going:
    """Where everyone goes: to the nearest of the places, or to the one that a plan gives them.

    Parameters
    ----------
    origins, places
        Demand points and the places to reach.
    ids, place_ids
        Their names: who lives at a place is there.
    sites : (n,) int, optional
        Number of each demand point's place, -1 for none; everyone goes to the nearest without it.
    """

    origins: Snapped
    places: Snapped
    ids: NDArray[np.object_]
    place_ids: NDArray[np.object_]
    sites: NDArray[np.int64] | None = None

    def seconds(self, network: RoadNetwork) -> NDArray[np.int32]:
        """(n,) seconds on a network, ``UNREACHABLE`` where there is no way or no place."""
        if self.sites is None:
            found = nearest(network, self.places, k=1, origins=self.origins)[0][:, 0]
            return np.where(np.isin(self.ids, self.place_ids), 0, found)
        every = travel_times(
            network, self.origins, self.places, origin_ids=self.ids, destination_ids=self.place_ids
        ).seconds
        own = every[np.arange(len(self.sites)), np.maximum(self.sites, 0)]
        return np.where(self.sites < 0, UNREACHABLE, own)


def going_to(
    at_hand: OpenCounty,
    ground: Ground,
    sent: Iterable[tuple[str, str | None]],
    *,
    mode: str,
) -> Going:
    """Return where everyone goes; where all who count are sent to their nearest place, they are free to choose.

    Parameters
    ----------
    at_hand
    ground
        Places to reach, who counts, the roads.
    sent
        (demand point, place) as a plan says; nothing where everyone chooses.
    mode
        Mode of travel.
    """
    origins = at_hand.snapped_demand(mode)
    places, place_ids = at_hand.snap_points(ground.xy, mode=mode), ground.ids
    ids = at_hand.demand.index.astype(str).to_numpy(dtype=object)
    free = Going(origins, places, ids, place_ids)
    number: dict[str | None, int] = {place: k for k, place in enumerate(place_ids)}
    place_of = {demand: number.get(place, -1) for demand, place in sent}
    if not place_of:
        return free
    bound = dataclasses.replace(free, sites=np.array([place_of.get(id_, -1) for id_ in ids], dtype=np.int64))
    same = bound.seconds(ground.network) == free.seconds(ground.network)
    return free if same[ground.counted.values > 0].all() else bound

"""A county that is open for work: its layers in metres, its networks, its cells, computed once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from api.actions.once import Once
from api.actions.projection import project
from api.actions.recent import Recent
from gis.cost_matrix import CostMatrix
from gis.faults import Fault, FaultsError
from gis.grid import CellIndex
from gis.network import RoadNetwork
from gis.road_edits import AS_BUILT, RoadEdits, edit_roads
from gis.road_network import network_from_roads
from gis.snapping import ArcIndex, Snapped, one_after_other, snap
from gis.travel_time import travel_times
from layers.cache import Cache
from layers.county import County
from layers.matrices import cached_matrix, content_key
from layers.orders import with_kept_order
from planning.tables.in_force import DEFAULTS, Tables

if TYPE_CHECKING:  # which needs the county in turn
    from api.actions.staff.crew import Crew

T = TypeVar("T")
_DEGREES = "EPSG:4326"
_RECENT_BYTES = 96 * 2**20
"""Of travel times held in memory: in a county of 900 places some thirty ways to edit the roads."""


Closed = Callable[["OpenCounty"], RoadEdits]
"""Tells what is closed on the roads of a county at the moment."""


class OpenCounty:
    """One version of a county with everything that is derived from it, each computed on first use.

    Parameters
    ----------
    county
        Layers as stored.
    cache
        What can be computed again.
    tables
        What the office has edited: speeds, costs, rooms.
    crew
        Who works in it; nobody where there are no records.
    closed
        What is said to be closed on its roads at the moment; plans do not ask.
    """

    def __init__(
        self,
        county: County,
        *,
        cache: Cache,
        tables: Tables = DEFAULTS,
        crew: Crew | None = None,
        closed: Closed = lambda _county: AS_BUILT,
    ) -> None:
        self.county = county
        self.cache = cache
        self.tables = tables.with_county(county.services)
        self.crew = crew
        self._closed = closed
        self._dispatch: tuple[tuple[str, RoadEdits], RoadNetwork] | None = None
        self._asked_for = tables
        self._results = Once()

    def with_tables(self, tables: Tables) -> OpenCounty:
        """Return the same county under other tables; what does not depend on them is computed once for both."""
        if tables is self._asked_for:
            return self

        def open_beside() -> OpenCounty:
            beside = OpenCounty(self.county, cache=self.cache, tables=tables, crew=self.crew, closed=self._closed)
            beside._results = self._results
            return beside

        return self._once(f"under {tables.identity}", open_beside)

    @property
    def demand(self) -> GeoDataFrame:
        """Villages and neighbourhoods: the places that people live in, longitude and latitude."""
        return self._once("demand", lambda: self.county.demand)

    @property
    def cells(self) -> CellIndex:
        """Finds the grid cell of a point."""
        return self._once("cells", lambda: CellIndex(self.county.layer("cells")))

    @property
    def cell_facts(self) -> dict[str, tuple[str, str]]:
        """Village and township (empty if it has none) of each cell, by its code."""

        def read() -> dict[str, tuple[str, str]]:
            cells = self.county.layer("cells")
            townships = cells["township_id"].fillna("").astype(str)
            return dict(zip(cells.index, zip(cells["village_id"].astype(str), townships, strict=True), strict=True))

        return self._once("cell facts", read)

    @property
    def roads(self) -> GeoDataFrame:
        """Road pieces in metres."""
        return self._once("roads", lambda: self.county.layer("roads").to_crs(self.county.crs))

    @property
    def demand_xy(self) -> NDArray[np.float64]:
        """(n, 2) positions of the demand, metres."""
        return self._once("demand_xy", lambda: self.metres(self.demand))

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees: of the county's outline, else of its places."""
        frame = self.county.layer("county") if self.county.has("county") else self.demand
        west, south, east, north = frame.total_bounds
        return float(west), float(south), float(east), float(north)

    @property
    def area_km2(self) -> float | None:
        """Area inside the county's outline, ``None`` without one."""
        if not self.county.has("county"):
            return None
        outline = self.county.layer("county")
        return self._once("area", lambda: round(float(outline.to_crs(self.county.crs).area.sum()) / 1e6, 2))

    def network(self, mode: str) -> RoadNetwork:
        """Return the network of a mode of travel."""
        travel = self.tables.modes[mode]
        return self._once(
            f"network {travel.identity}",
            lambda: with_kept_order(self.cache, network_from_roads(self.roads, mode=travel)),
        )

    def arcs(self, mode: str) -> ArcIndex:
        """Return the spatial index of the network of a mode."""
        return self._once(f"arcs {self.tables.modes[mode].identity}", lambda: ArcIndex(self.network(mode)))

    def snap_points(self, xy: NDArray[np.float64], *, mode: str) -> Snapped:
        """Attach places, metres, to the network of a mode."""
        return snap(self.arcs(mode), xy, access_kmh=self.tables.modes[mode].access_kmh)

    def snapped_demand(self, mode: str) -> Snapped:
        """Return the demand attached to the network of a mode."""
        name = f"demand {self.tables.modes[mode].identity}"
        return self._once(name, lambda: self.snap_points(self.demand_xy, mode=mode))

    def metres(self, frame: GeoDataFrame) -> NDArray[np.float64]:
        """Return (k, 2) positions of a layer of points in metres."""
        x, y = shapely.get_coordinates(frame.geometry.to_numpy()).T
        source = frame.crs.to_string() if frame.crs else self.county.crs
        return project(x, y, source=source, target=self.county.crs)

    def metres_of(self, lon: float, lat: float) -> NDArray[np.float64]:
        """Return (1, 2) metres of one WGS-84 position."""
        return project(lon, lat, source=_DEGREES, target=self.county.crs)

    def degrees_of(self, xy: NDArray[np.float64]) -> list[list[float]]:
        """Return longitude and latitude of positions in metres, to a decimetre."""
        lon_lat = project(xy[:, 0], xy[:, 1], source=self.county.crs, target=_DEGREES)
        degrees: list[list[float]] = lon_lat.round(6).tolist()
        return degrees

    def times_to(self, places: GeoDataFrame, *, mode: str) -> CostMatrix:
        """Return the seconds from every demand point to every given place.

        Parameters
        ----------
        places
            Points with an index of ids: candidates or facilities.
        mode

        Returns
        -------
        CostMatrix
            From the cache when roads, places and speeds are the same.
        """
        return self.seconds_to(_ids(places), self.metres(places), mode=mode)

    def seconds_to(
        self,
        ids: NDArray[np.object_],
        xy: NDArray[np.float64],
        *,
        mode: str,
        roads: RoadEdits = AS_BUILT,
    ) -> CostMatrix:
        """Return the seconds from every demand point to every given position.

        Parameters
        ----------
        ids : (k,)
            One that is a demand point's is that place: there in no time.
        xy : (k, 2)
            Metres.
        mode
        roads
            What is changed about them; places stay at the road that they join as the county is built.

        Returns
        -------
        CostMatrix
            From memory or cache when roads, places and speeds are the same.
        """
        travel = self.tables.modes[mode]
        edited = "" if roads == AS_BUILT else repr(roads)
        key = content_key(self._demand_key, travel.identity, json.dumps(ids.tolist()), xy.tobytes(), edited)

        def compute() -> CostMatrix:
            return self._times(ids, xy, mode=mode, roads=roads)

        def read() -> CostMatrix:
            times = cached_matrix(self.cache, key, compute) if roads == AS_BUILT else compute()
            times.seconds.setflags(write=False)
            return times

        return self._once("matrices", lambda: Recent(_RECENT_BYTES, _bytes_of)).get(key, read)

    @property
    def _demand_key(self) -> str:
        """What names the roads and the places that people live in."""
        roads = str(self.county.layers["roads"]["version"])
        places = (json.dumps(_ids(self.demand).tolist()), self.demand_xy.tobytes())
        return self._once("demand key", lambda: content_key(roads, *places, str(self.county.crs)))

    def _times(self, ids: NDArray[np.object_], xy: NDArray[np.float64], *, mode: str, roads: RoadEdits) -> CostMatrix:
        """Compute the seconds from every demand point to every given position."""
        origins, network = self.snapped_demand(mode), self.edited_network(mode, roads)
        count = len(origins)
        if np.array_equal(xy[:count], self.demand_xy):  # those are joined to the network already
            further = [self.snap_points(xy[count:], mode=mode)] if len(xy) > count else []
            destinations = one_after_other(origins, further[0]) if further else origins
        else:
            destinations = self.snap_points(xy, mode=mode)
        try:
            return travel_times(
                network, origins, destinations, origin_ids=_ids(self.demand), destination_ids=ids, mode=mode
            )
        except OverflowError:
            if roads == AS_BUILT:
                raise
            raise FaultsError([Fault("edit-ways-too-long", layer="edits", field="factor")]) from None

    def network_now(self, mode: str) -> RoadNetwork:
        """Return the network of a mode as its roads are at the moment; kept until they change."""
        asked = (self.tables.modes[mode].identity, self._closed(self))
        known = self._dispatch
        if known is None or known[0] != asked:
            known = self._dispatch = (asked, self.edited_network(mode, asked[1]))
        return known[1]

    def edited_network(self, mode: str, roads: RoadEdits) -> RoadNetwork:
        """Return the network of a mode with its roads edited.

        Raises
        ------
        FaultsError
            ``edit-ways-too-long`` if a piece of road then takes longer than can be told.
        """
        network = self.network(mode)
        if roads == AS_BUILT:
            return network
        _ = network.stretches_at  # found once, and handed on to every edited network
        try:
            return edit_roads(network, self.roads, roads, mode=self.tables.modes[mode])
        except OverflowError:
            raise FaultsError([Fault("edit-ways-too-long", layer="edits", field="factor")]) from None

    def once(self, name: str, compute: Callable[[], T]) -> T:
        """Return what is computed once for this version of the county, whichever tables count."""
        return self._once(name, compute)

    def _once(self, name: str, compute: Callable[[], T]) -> T:
        return self._results.get(name, compute)


def _bytes_of(matrix: CostMatrix) -> int:
    return matrix.seconds.nbytes


def _ids(frame: pd.DataFrame) -> NDArray[np.object_]:
    return frame.index.astype(str).to_numpy(dtype=object)

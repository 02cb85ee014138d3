"""In which datum places were really taken, told by how well they lie on the roads and in their townships.

GCJ-02 lies some 500 m from WGS 84, BD-09 another 700 m from that: villages in the wrong one still lie near *some* road,
so that distances alone say little. What tells is that they lie on the roads only when shifted by just that much: the
nearness at a suspected shift is compared with the nearness at shifts in all directions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pyproj import Transformer

from gis.crs import Datum, from_wgs84, to_wgs84
from layers.checks.nearest import distance_to_roads
from layers.imported_county import ImportedCounty
from layers.imported_layer import ImportedLayer

FEW, MOST = 5, 400
"""With fewer places nothing can be told; of more, so many are looked at."""
REACH_M = 60.0
"""A place at this distance from a road counts e⁻¹ of one that lies on it."""
PLAIN_NEARNESS = 0.6
"""Places this near to the roads (on average) are where they belong."""
LEAST_GAIN = 0.15
"""By how much a shift must bring places nearer to the roads to be believed, at the least …"""
SURE_ERRORS = 4.0
"""… and in standard errors of the mean over the places."""
CHANCE_SHIFTS = 96
AS_GOOD, MAX_LUCK = 0.9, 0.025
"""Where streets repeat, more than so many of the chance shifts bring nearly as much, and nothing can be told."""
_CHANCE_RADII_M = (350.0, 600.0, 900.0, 1250.0)
_SHIFTED: tuple[Datum, ...] = ("GCJ02", "BD09")
_ALIKE = 0.01
_LEAST_OUTSIDE, _OUTSIDE_LEFT = 5, 0.25

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]
Move = Callable[[Floats, Floats], Pair]


@dataclass(frozen=True)
class Suspicion:
    """That some layer is in another datum than declared.

    Parameters
    ----------
    datum
        The one that fits.
    is_of_roads
        Whether it is the roads that seem to be in it.
    declared_m, fitted_m
        Median distance from places to roads as declared, and if the suspicion is right.
    shift_m
        How far places and roads lie apart.
    outside, outside_left
        Places outside their township as declared, and if the suspicion is right.
    """

    datum: Datum
    is_of_roads: bool
    declared_m: float
    fitted_m: float
    shift_m: float
    outside: int
    outside_left: int


@dataclass(frozen=True, eq=False)
class _Evidence:
    """Nearness of each place to the roads, distances in metres, and the number outside their township."""

    nearness: Floats
    distance_m: Floats
    outside: int


@dataclass(frozen=True, eq=False)
class _Hypothesis:
    """A datum, whether it is that of the roads, and how the places move if it is so."""

    datum: Datum
    is_of_roads: bool
    move: Move


class DatumTrial:
    """Tries other datums on the places of one layer.

    Parameters
    ----------
    county
        With roads, and townships if there are some.
    layer
        Of points.
    """

    def __init__(self, county: ImportedCounty, layer: ImportedLayer) -> None:
        frame = layer.frame
        if not isinstance(frame, GeoDataFrame):
            raise TypeError(layer.spec.name)
        step = max(1, -(-len(frame) // MOST))
        self._frame = frame.iloc[::step]
        self._xy = self._frame.geometry.x.to_numpy(), self._frame.geometry.y.to_numpy()
        self._layer, self._county = layer, county
        self._project = Transformer.from_crs(frame.crs, county.crs, always_xy=True)
        self._of_township = self._outlines()

    def suspect(self) -> Suspicion | None:
        """Return the datum that fits clearly better than the declared one, ``None`` if none does."""
        x, y = self._project.transform(*self._xy)
        declared = self._evidence(x, y)
        if declared.nearness.mean() >= PLAIN_NEARNESS and declared.outside < _LEAST_OUTSIDE:
            return None
        found = [self._tried(declared, (x, y), hypothesis) for hypothesis in self._hypotheses()]
        gains = [(gain, suspicion) for gain, suspicion in found if suspicion is not None]
        if not gains:
            return None
        best = max(gain for gain, _ in gains)
        # Where either the places or the roads may be wrong, it is those that claim to be shifted.
        are_roads_shifted = self._county.layers["roads"].spec.datum in _SHIFTED
        alike = [suspicion for gain, suspicion in gains if gain > best - _ALIKE]
        return next((one for one in alike if one.is_of_roads == are_roads_shifted), alike[0])

    def _tried(self, declared: _Evidence, at: Pair, hypothesis: _Hypothesis) -> tuple[float, Suspicion | None]:
        datum, is_of_roads = hypothesis.datum, hypothesis.is_of_roads
        x, y = self._project.transform(*hypothesis.move(*self._xy))
        fitted = self._evidence(x, y)
        shift = float(np.median(x - at[0])), float(np.median(y - at[1]))
        gain = float(fitted.nearness.mean() - declared.nearness.mean())
        is_outside_explained = declared.outside >= _LEAST_OUTSIDE and not is_of_roads
        is_outside_explained &= fitted.outside <= _OUTSIDE_LEFT * declared.outside and gain > -_ALIKE
        if not is_outside_explained and not self._is_clear(declared, fitted, at, shift):
            return gain, None
        medians = float(np.median(declared.distance_m)), float(np.median(fitted.distance_m))
        shift_m = float(np.hypot(*shift))
        return gain, Suspicion(datum, is_of_roads, *medians, shift_m, declared.outside, fitted.outside)

    def _is_clear(self, declared: _Evidence, fitted: _Evidence, at: Pair, shift: tuple[float, float]) -> bool:
        """Tell whether the gain exceeds what chance gives, over places and over shifts."""
        difference = fitted.nearness - declared.nearness
        gain = float(difference.mean())
        error = float(difference.std(ddof=1)) / np.sqrt(difference.size)
        if gain < LEAST_GAIN or gain < SURE_ERRORS * error or fitted.outside > declared.outside + _LEAST_OUTSIDE:
            return False
        chance = self._chance(at, shift)
        is_as_good = chance >= AS_GOOD * fitted.nearness.mean()
        return bool(is_as_good.mean() <= MAX_LUCK and gain > 3.0 * chance.std())

    def _chance(self, at: Pair, shift: tuple[float, float]) -> Floats:
        """(≤ CHANCE_SHIFTS,) mean nearness at shifts in all directions but that of the suspicion."""
        turns = 2 * np.pi * np.arange(CHANCE_SHIFTS) * 0.618034
        radii = np.resize(_CHANCE_RADII_M, CHANCE_SHIFTS)
        east, north = radii * np.cos(turns), radii * np.sin(turns)
        is_other = np.hypot(east - shift[0], north - shift[1]) > 3 * REACH_M
        shifts = zip(east[is_other], north[is_other], strict=True)
        return np.array([self._nearness(at[0] + dx, at[1] + dy)[0].mean() for dx, dy in shifts])

    def _hypotheses(self) -> list[_Hypothesis]:
        """Return what may be wrong: the datum of the places, or that of the roads."""
        own, roads = self._layer.spec.datum, self._county.layers["roads"].spec.datum
        every: tuple[Datum, ...] = ("WGS84", *_SHIFTED)
        of_places = [_Hypothesis(datum, False, _retaken(own, datum)) for datum in every if datum != _plain(own)]
        of_roads = [_Hypothesis(datum, True, _retaken(datum, roads)) for datum in every if datum != _plain(roads)]
        return of_places + of_roads

    def _evidence(self, x: Floats, y: Floats) -> _Evidence:
        nearness, distance_m = self._nearness(x, y)
        outside = 0
        if self._of_township is not None:
            outside = int((~shapely.dwithin(shapely.points(x, y), self._of_township, 1.0)).sum())
        return _Evidence(nearness, distance_m, outside)

    def _nearness(self, x: Floats, y: Floats) -> Pair:
        points = np.asarray(shapely.points(x, y), dtype=object)
        distance_m = distance_to_roads(self._county.metric("roads"), points)[1]
        return np.exp(-distance_m / REACH_M), distance_m

    def _outlines(self) -> NDArray[np.object_] | None:
        """Return the outline of the township that each place declares, itself everywhere where it declares none."""
        if "townships" not in self._county.layers or "township_id" not in self._frame:
            return None
        townships = self._county.metric("townships")
        position = townships.index.get_indexer(self._frame["township_id"])
        outlines: NDArray[np.object_] = townships.geometry.to_numpy()[position]
        outlines[position < 0] = shapely.box(-1e9, -1e9, 1e9, 1e9)
        return outlines


def _plain(datum: Datum) -> Datum:
    return "WGS84" if datum == "CGCS2000" else datum


def _retaken(taken: Datum, really: Datum) -> Move:
    """Return how places move that were taken to be in one datum and really are in another."""

    def move(lon: Floats, lat: Floats) -> Pair:
        return to_wgs84(*from_wgs84(lon, lat, datum=taken), datum=really)

    return move

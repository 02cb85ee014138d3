"""Whose road is it: every stretch of road belongs to the village nearest along it, with its walk to the road."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from gis.region_roads import Joins, RegionRoads
from gis.territory_kernels import Parts, divide_parts, nearest_units

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_UM = 1e6  # whole micrometres: sums do not depend on their order, so that units as near as each other are seen to be
_MOST_CUTS = 60  # of a straight line among units by air, one after another


@dataclass(frozen=True, eq=False)
class OwnedRoads:
    """OwnedRoads of road, each of one owner, in the order of the parts of road and along them.

    Parameters
    ----------
    part, unit : (s,) int64
    begin_m, end_m : (s,) float64
        Metres by road from the start of the part.
    unit_of_node : (n,) int64
    """

    part: Ints
    unit: Ints
    begin_m: Floats
    end_m: Floats
    unit_of_node: Ints


def divide_roads(roads: RegionRoads, joins: Joins, unit_xy: Floats, region_of_unit: Ints) -> OwnedRoads:
    """Give every stretch of road to the nearest unit of its region: metres by road and the walk to it.

    Parameters
    ----------
    roads
    joins
        Where the units join them.
    unit_xy, region_of_unit : (n, 2) and (n,)
        As for ``join_roads``.

    Returns
    -------
    OwnedRoads
        One-ways and modes are left aside; of units as near as each other the first owns it. Where
        no unit is reached by road the straight line decides; −1 in regions without any unit.
        Network Voronoi diagram (Okabe et al. 2000).
    """
    parts = _graph(roads, joins)
    distance, unit_of_node = nearest_units(parts)
    part, unit, begin, end = divide_parts(parts, distance, unit_of_node)
    begin_m, end_m = begin / _UM, end / _UM
    node_xy, node_region = roads.nodes()
    lost = unit < 0
    kept = [(part[~lost], unit[~lost], begin_m[~lost], end_m[~lost])]
    for number in np.unique(region_of_unit[region_of_unit >= 0]):
        here = np.flatnonzero(region_of_unit == number)
        by_air = cKDTree(unit_xy[here])
        nodes = np.flatnonzero((unit_of_node < 0) & (node_region == number))
        if nodes.size:
            unit_of_node[nodes] = here[by_air.query(node_xy[nodes])[1]]
        of_part = part[lost & (roads.region[part] == number)]
        if of_part.size:
            kept.append(_divide_by_air(roads, of_part, by_air, unit_xy, here))
    part, unit, begin_m, end_m = (np.concatenate(column) for column in zip(*kept, strict=True))
    order = np.lexsort((begin_m, part))
    return OwnedRoads(part[order], unit[order], begin_m[order], end_m[order], unit_of_node)


def _graph(roads: RegionRoads, joins: Joins) -> Parts:
    length = np.rint(roads.length_m * _UM).astype(np.int64)
    tail = np.concatenate([roads.a, roads.b])
    out = np.argsort(tail, kind="stable")
    units = np.flatnonzero(joins.part >= 0)
    at = np.minimum(np.rint(joins.at_m[units] * _UM).astype(np.int64), length[joins.part[units]])
    order = np.lexsort((units, at, joins.part[units]))
    return Parts(
        a=roads.a,
        b=roads.b,
        length=length,
        first=np.searchsorted(tail[out], np.arange(roads.node_count + 1)),
        head=np.concatenate([roads.b, roads.a])[out],
        weight=np.concatenate([length, length])[out],
        joins=np.searchsorted(joins.part[units][order], np.arange(len(roads) + 1)),
        at=at[order],
        walk=np.rint(joins.walk_m[units] * _UM).astype(np.int64)[order],
        unit=units[order],
    )


def _divide_by_air(
    roads: RegionRoads, parts: Ints, by_air: cKDTree, unit_xy: Floats, here: NDArray[np.intp]
) -> tuple[Ints, Ints, Floats, Floats]:
    """Divide parts of road among the units nearest in a straight line.

    The ground of a unit is convex: between two points of its own a straight road is all its own.
    """
    corners, line = shapely.get_coordinates(roads.line[parts], return_index=True)
    is_same = line[1:] == line[:-1]
    start, stop, line = corners[:-1][is_same], corners[1:][is_same], line[:-1][is_same]
    long_m = np.hypot(*(stop - start).T)
    along_m = np.cumsum(long_m) - long_m
    along_m -= along_m[np.searchsorted(line, line)]
    share = roads.length_m[parts] / np.maximum(np.bincount(line, long_m, minlength=parts.size), 1e-9)
    low, high = np.zeros(line.size), np.ones(line.size)
    done = []
    row = np.arange(line.size)
    at_low, at_high = (here[by_air.query(xy)[1]] for xy in (start, stop))
    for turn in range(_MOST_CUTS):
        last = (at_low == at_high) | (turn == _MOST_CUTS - 1)
        done.append((row[last], at_low[last], low[last], high[last]))
        row, low, high, at_low, at_high = (values[~last] for values in (row, low, high, at_low, at_high))
        if not row.size:
            break
        way, apart = (stop - start)[row], unit_xy[at_high] - unit_xy[at_low]
        from_middle = (unit_xy[at_high] + unit_xy[at_low]) / 2 - start[row]
        slope = (way * apart).sum(axis=1)
        cut = np.divide((from_middle * apart).sum(axis=1), slope, out=(low + high) / 2, where=slope > 0)
        cut = np.clip(cut, low, high)
        at_cut = here[by_air.query(start[row] + way * cut[:, None])[1]]
        between = (at_cut != at_low) & (at_cut != at_high)  # a third unit is nearer there
        before, after = np.where(between, at_cut, at_low), np.where(between, at_cut, at_high)
        row, low, high = np.append(row, row), np.append(low, cut), np.append(cut, high)
        at_low, at_high = np.append(at_low, after), np.append(before, at_high)
    row, unit, low, high = (np.concatenate(column) for column in zip(*done, strict=True))
    begin_m, end_m = (share[line[row]] * (along_m[row] + at * long_m[row]) for at in (low, high))
    return _join_equal(parts[line[row]], unit, begin_m, end_m)


def _join_equal(part: Ints, unit: Ints, begin_m: Floats, end_m: Floats) -> tuple[Ints, Ints, Floats, Floats]:
    """Make one stretch of neighbours of one owner."""
    order = np.lexsort((begin_m, part))
    order = order[end_m[order] > begin_m[order]]
    part, unit, begin_m, end_m = part[order], unit[order], begin_m[order], end_m[order]
    changes = (part[1:] != part[:-1]) | (unit[1:] != unit[:-1])
    first, last = np.append(True, changes)[: part.size], np.append(changes, True)[: part.size]
    return part[first], unit[first], begin_m[first], end_m[last]

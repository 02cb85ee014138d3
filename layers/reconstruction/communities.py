"""Which village stands at which point: communities stay together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from layers.reconstruction.facts import LinyiFacts
from layers.reconstruction.settlements import Settlements

_SIDES = {"东": (1.0, 0.0), "西": (-1.0, 0.0), "北": (0.0, 1.0), "南": (0.0, -1.0), "后": (0.0, 0.7), "前": (0.0, -0.7)}
_CHUNK = 9
_TOWN_UNITS = {"371424102": "371424102277", "371424103": "371424103202", "371424202": "371424202297"}
"""Towns that do not carry the township's name: 夏口 (临南), 花王 (德平, among its gates 东关 to
西关), 费家 (宿安, among its four streets)."""


def name_settlements(settlements: Settlements, facts: LinyiFacts, *, rng: np.random.Generator) -> pd.DataFrame:
    """Give every unit a point.

    The points of a township are divided into compact groups of the communities' sizes (units
    without a community: groups of consecutive codes). Inside a group the village that bears the
    community's name takes the middle, and names with 东西南北前后 the side they speak of.

    Parameters
    ----------
    settlements
        Points without names.
    facts
        Codes, names and communities.
    rng
        Source of chance.

    Returns
    -------
    DataFrame
        Index unit code in the order of codes; columns of ``facts.units`` and ``x``, ``y``
        (metres), ``is_seat``.
    """
    placed = []
    for code in facts.townships.index:
        units = facts.units[facts.units["township_code"] == code]
        for is_urban in (True, False):
            rows = units[(units["kind"] == "居委会") == is_urban]
            where = np.flatnonzero((settlements.township == code) & (settlements.is_urban == is_urban))
            if len(rows):
                placed.append(_name_points(rows, settlements.xy[where], settlements.is_seat[where], rng))
    return pd.concat(placed).sort_index()


def _name_points(
    units: pd.DataFrame, xy: NDArray[np.float64], is_seat: NDArray[np.bool_], rng: np.random.Generator
) -> pd.DataFrame:
    """Seat first: its group is seeded at the seat's point and its name pinned there."""
    seat_at = xy[is_seat.argmax()]
    town = _town_unit(units)
    groups = _groups(units)
    home = next(k for k, group in enumerate(groups) if town in group.index)
    groups = [groups[home], *groups[:home], *groups[home + 1 :]]
    member = _compact_groups(xy, [len(group) for group in groups], seat_at)
    out = units.assign(x=0.0, y=0.0, is_seat=False)
    for k, group in enumerate(groups):
        points = xy[member == k]
        order = _match_names(group, points, rng, pinned=(town, seat_at) if k == 0 and is_seat.any() else None)
        out.loc[group.index, ["x", "y"]] = points[order]
    if is_seat.any():
        out.loc[town, "is_seat"] = True
    return out


def _town_unit(units: pd.DataFrame) -> str:
    township = units["township_code"].iloc[0]
    return _TOWN_UNITS.get(township, str(units.index[0]))


def _groups(units: pd.DataFrame) -> list[pd.DataFrame]:
    number = np.arange(len(units)) // _CHUNK
    key = np.where(units["community"] == "", np.char.add("#", number.astype(str)), units["community"].astype(str))
    return [group for _, group in units.groupby(key, sort=False)]


def _compact_groups(xy: NDArray[np.float64], sizes: list[int], first_at: NDArray[np.float64]) -> NDArray[np.int64]:
    """Balanced k-means: every point to one of k moving centres that take exactly their sizes."""
    centres = _spread_centres(xy, len(sizes), first_at)
    group = np.repeat(np.arange(len(sizes)), sizes)
    member = np.zeros(len(xy), dtype=np.int64)
    for _ in range(25):
        rows, columns = linear_sum_assignment(cdist(xy, centres, "sqeuclidean")[:, group])
        before, member = member, np.empty_like(member)
        member[rows] = group[columns]
        if (before == member).all():
            break
        centres = np.array([xy[member == k].mean(axis=0) for k in range(len(sizes))])
        centres[0] = first_at  # a town keeps its own villages around it
    return member


def _spread_centres(xy: NDArray[np.float64], count: int, first_at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Farthest points, then in the order of a walk, so that consecutive groups are neighbours."""
    centres = [first_at]
    while len(centres) < count:
        centres.append(xy[cdist(xy, np.array(centres)).min(axis=1).argmax()])
    left, walk = list(range(1, count)), [0]
    while left:
        walk.append(left.pop(int(cdist([centres[walk[-1]]], np.array(centres)[left]).argmin())))
    return np.array(centres)[walk]


def _match_names(
    group: pd.DataFrame,
    points: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    pinned: tuple[str, NDArray[np.float64]] | None,
) -> NDArray[np.int64]:
    """Choose the point of each village: least cost of middle, side and chance."""
    offset = points - (points.mean(axis=0) if pinned is None else pinned[1])
    spread = max(float(np.abs(offset).max()), 1.0)
    cost = rng.uniform(0.0, 0.2, (len(group), len(points)))
    for row, (code, name, community) in enumerate(
        zip(group.index, group["short_name"], group["community"], strict=True)
    ):
        if community and name.removesuffix("村") == community.removesuffix("社区"):
            cost[row] += 5.0 * np.hypot(*offset.T) / spread
        elif name[0] in _SIDES or name[1] in _SIDES:
            firmness = 4.0 if name.removesuffix("村")[-1] in "关街" else 1.0  # gates and streets of a town
            cost[row] -= firmness * offset @ np.array(_SIDES[name[0] if name[0] in _SIDES else name[1]]) / spread
        if pinned is not None and code == pinned[0]:
            cost[row] = 1000.0 * np.hypot(*(points - pinned[1]).T)
    return np.asarray(linear_sum_assignment(cost)[1])

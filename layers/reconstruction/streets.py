"""Streets inside villages: a small irregular grid around a main cross."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layers.reconstruction.roads import Road

Points = NDArray[np.float64]

GATES = np.array([(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)])
"""Directions of the four ends of the main cross, in the village's own axes."""


@dataclass(frozen=True)
class VillagePlan:
    """Size and direction of a village's grid.

    Parameters
    ----------
    middle : (2,) metres
        Where the main cross stands, the point of the village.
    half_m
        From the middle to the end of the main cross.
    turn
        Radians that the grid is turned against east.
    street_m
        Wanted length of the lanes beside the main cross.
    is_urban
        Whether lanes may be one-way.
    """

    middle: Points
    half_m: float
    turn: float
    street_m: float
    is_urban: bool

    def place(self, local: Points) -> Points:
        """Turn and shift points (k, 2) from the village's axes to the county's."""
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        return np.asarray(local @ np.array([[cos, sin], [-sin, cos]]) + self.middle)

    def gate(self, number: int) -> Points:
        """Point (2,) of one end of the main cross."""
        return np.asarray(self.place(GATES[number : number + 1] * self.half_m)[0])

    def gate_towards(self, target: Points) -> int:
        """Find the gate that looks most towards a point (2,)."""
        gates = self.place(GATES) - self.middle
        return int((gates @ (target - self.middle)).argmax())


def plan_villages(
    xy: Points,
    people: NDArray[np.int64],
    is_urban: NDArray[np.bool_],
    room_m: NDArray[np.float64],
    *,
    rng: np.random.Generator,
) -> list[VillagePlan]:
    """Choose the size of every village by its people and its room.

    Parameters
    ----------
    xy : (n, 2) metres
    people : (n,)
    is_urban : (n,) bool
    room_m : (n,)
        Largest half side that meets neither a neighbour nor a river nor a main road.
    rng
        Source of chance.

    Returns
    -------
    list of VillagePlan
    """
    half_m = np.where(is_urban, 410.0, (125.0 + 0.09 * people).clip(135.0, 205.0))
    street_m = np.where(
        is_urban, 7000.0, (1300.0 + 0.62 * people + rng.uniform(-60, 200, len(xy))).clip(1300.0, 2450.0)
    )
    turn = rng.normal(0.0, 0.09, len(xy))
    return [
        VillagePlan(xy[k], float(min(half_m[k], room_m[k])), float(turn[k]), float(street_m[k]), bool(is_urban[k]))
        for k in range(len(xy))
    ]


def draw_streets(plan: VillagePlan, *, through: set[int], rng: np.random.Generator) -> list[Road]:
    """Draw the streets of one village.

    Parameters
    ----------
    plan
        Size and direction.
    through
        Gates that a road to a neighbour uses: their arm of the main cross is part of that
        road (``residential``), the others are streets (``living_street``).
    rng
        Source of chance.

    Returns
    -------
    list of Road
        Lanes with a vertex at every crossing, so that they are noded by construction.
    """
    x, y = _lane_offsets(plan, rng)
    bend = rng.uniform(-5.0, 5.0, (len(x), len(y), 2)) * (0 if plan.is_urban else 1)
    cross = np.stack(np.meshgrid(x, y, indexing="ij"), axis=2) + bend
    cross[x == 0, :, 0] = 0.0
    cross[:, y == 0, 1] = 0.0
    cross = plan.place(cross.reshape(-1, 2)).reshape(cross.shape)  # once, so that lanes share vertices exactly
    spans = _spans(x, y, rng), _spans(y, x, rng)
    at = int(np.flatnonzero(x == 0)[0]), int(np.flatnonzero(y == 0)[0])
    meets = _meeting(spans[0], at[1]), _meeting(spans[1], at[0])
    roads = _draw_arms(plan, (cross[meets[0], at[1]], cross[at[0], meets[1]]), through=through)
    for axis, (own, other) in enumerate(((x, y), (y, x))):
        for k in np.flatnonzero(own != 0):
            first, last = spans[axis][k]
            points = cross[k, first : last + 1] if axis == 0 else cross[first : last + 1, k]
            roads += _draw_lane(plan, points, rng, is_open=(first == 0, last == len(other) - 1), axis=axis)
    return roads


def _lane_offsets(plan: VillagePlan, rng: np.random.Generator) -> tuple[Points, Points]:
    """Positions of north-south and east-west lanes; 0 is the main cross."""
    lanes = max(int(np.ceil(plan.street_m / (1.72 * plan.half_m))), 3)
    along_x = lanes // 2 + int(lanes % 2 and rng.random() < 0.5)
    return _offsets(along_x, plan.half_m, rng), _offsets(lanes - along_x, plan.half_m, rng)


def _offsets(count: int, half_m: float, rng: np.random.Generator) -> Points:
    low = count // 2 + int(count % 2 and rng.random() < 0.5)
    sides = []
    for number, sign in ((low, -1.0), (count - low, 1.0)):
        step = half_m * 0.86 / max(number, 1)
        sides += [sign * (step * (k + 1) + rng.uniform(-0.16, 0.04) * step) for k in range(number)]
    return np.array(sorted([0.0, *sides]))


def _spans(own: Points, other: Points, rng: np.random.Generator) -> list[tuple[int, int]]:
    """First and last crossing lane of every lane: most run through, some stop one lane short."""
    main = int(np.flatnonzero(other == 0)[0])
    spans = []
    for offset in own:
        is_short = rng.random(2) < (0.0 if offset == 0 else 0.16)
        spans.append((int(min(is_short[0], main)), int(max(len(other) - 1 - is_short[1], main))))
    return spans


def _meeting(spans: list[tuple[int, int]], main: int) -> list[int]:
    """Lanes that reach the main lane."""
    return [k for k, (first, last) in enumerate(spans) if first <= main <= last]


def _draw_arms(plan: VillagePlan, crossings: tuple[Points, Points], *, through: set[int]) -> list[Road]:
    """Draw the main cross as four arms from the middle to the gates."""
    arms = []
    for number in range(len(GATES)):
        points, end = crossings[number % 2], plan.gate(number)
        reach = (points - plan.middle) @ (end - plan.middle)
        points = points[reach >= -1e-3][np.argsort(reach[reach >= -1e-3])]
        road_class = "residential" if number in through else "living_street"
        arms.append(Road(road_class, np.vstack([points, end])))
    return arms


def _draw_lane(
    plan: VillagePlan, points: Points, rng: np.random.Generator, *, is_open: tuple[bool, bool], axis: int
) -> list[Road]:
    """Draw one lane; an open end may run on a little past its last crossing as a dead end."""
    ahead = plan.place(GATES[1 - axis][None])[0] - plan.middle
    oneway = plan.is_urban and len(points) > 3 and rng.random() < 0.2
    overhang_m = rng.uniform(14.0, 40.0, 2) * (rng.random(2) < 0.55) * np.array(is_open)
    if oneway:
        overhang_m[:] = 0.0
        points = points[:: rng.choice([-1, 1])]
    parts = [points]
    if overhang_m[0]:
        parts.insert(0, points[:1] - ahead * overhang_m[0])
    if overhang_m[1]:
        parts.append(points[-1:] + ahead * overhang_m[1])
    line = np.vstack(parts)
    return [Road("living_street", line, oneway=oneway)] if len(line) > 1 else []

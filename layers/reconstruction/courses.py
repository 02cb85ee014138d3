"""The course of a country road: straight stretches with rounded bends between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

Points = NDArray[np.float64]

_LEAD_M = 60.0
"""How far a road runs on in the direction of the village street that it continues, its first bend included."""
_LEAD_SHARE = 0.25
"""The same where the next corner is so near that the lead would take most of the way to it."""
_LEAD_BEND = 0.75
"""Share of a lead that the first bend takes: with 45 degrees to turn its radius is some 110 m."""
_STEP = np.radians(12.0)
"""Turn at one vertex of a bend: on a radius of 100 m the chord leaves the arc by half a metre."""
_STRAIGHT = np.radians(2.0)
"""A turn that nobody sees needs no arc."""
_ROOM = 0.49
"""Share of a stretch that the bend at either end may take, so that two bends never meet in one vertex."""


@dataclass(frozen=True)
class Course:
    """A road from the gate of one village to that of another.

    Parameters
    ----------
    gates : (2, 2) metres
        Where it begins and ends.
    heads : (2, 2)
        Unit vectors out of either village along the street that ends at its gate.
    leads : (2,) bool
        Whether it continues that street; a road that does not branches off at the gate.
    over : (k, 2) metres
        Corners between the gates, each to be rounded.
    tangents_m : (k,)
        How far before each of them its bend begins, where the stretches are long enough.
    """

    gates: Points
    heads: Points
    leads: tuple[bool, bool] = (True, True)
    over: Points = field(default_factory=lambda: np.empty((0, 2)))
    tangents_m: Points = field(default_factory=lambda: np.empty(0))

    @property
    def facing(self) -> Points:
        """Cosine (2,) of the angle between either street and the first stretch towards the next corner."""
        away = self._away
        return np.asarray((self.heads * away).sum(axis=1) / np.hypot(*away.T))

    @property
    def _away(self) -> Points:
        """From either gate to the corner that comes next."""
        corners = np.vstack([self.gates[:1], self.over, self.gates[1:]])
        return np.array([corners[1] - corners[0], corners[-2] - corners[-1]])

    @cached_property
    def line(self) -> shapely.LineString:
        """The road from gate to gate; no vertex turns by more than 12 degrees."""
        lead_m = np.minimum(_LEAD_M, _LEAD_SHARE * np.hypot(*self._away.T))
        ahead = self.gates + lead_m[:, None] * self.heads
        first, last = ([k] if self.leads[k] else [] for k in (0, 1))
        corners = np.vstack([self.gates[:1], ahead[first], self.over, ahead[last], self.gates[1:]])
        bends_m = [*_LEAD_BEND * lead_m[first], *self.tangents_m, *_LEAD_BEND * lead_m[last]]
        return shapely.LineString(_rounded(corners, np.array(bends_m)))


def _rounded(corners: Points, tangents_m: Points) -> Points:
    """Replace every corner between the first and the last by an arc that touches both of its stretches."""
    room = _ROOM * np.hypot(*np.diff(corners, axis=0).T)
    room[[0, -1]] /= _ROOM  # at the gates nothing else bends
    reach_m = np.minimum(tangents_m, np.minimum(room[:-1], room[1:]))
    arcs = [_arc(corners[k : k + 3], float(reach_m[k])) for k in range(len(corners) - 2)]
    return np.vstack([corners[:1], *arcs, corners[-1:]])


def _arc(three: Points, tangent_m: float) -> Points:
    """Vertices (k, 2) of the arc at the middle one of three corners, begun and ended at one distance from it."""
    towards, onwards = ((three[k] - three[1]) / np.hypot(*(three[k] - three[1])) for k in (0, 2))
    turn = float(np.pi - np.arccos(np.clip(towards @ onwards, -1.0, 1.0)))
    if turn < _STRAIGHT:
        return three[1:2]
    inwards = onwards - (onwards @ towards) * towards
    inwards /= np.hypot(*inwards)
    radius_m = tangent_m / np.tan(turn / 2)
    angle = np.linspace(0.0, turn, int(np.ceil(turn / _STEP)) + 1)[:, None]
    begin = three[1] + tangent_m * towards
    return np.asarray(begin + radius_m * ((1.0 - np.cos(angle)) * inwards - np.sin(angle) * towards))

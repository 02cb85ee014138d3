"""Bends of the roads between villages: round the fields by chance, round everything else by need."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from layers.reconstruction.courses import Course

Points = NDArray[np.float64]

_TRIES = 8
"""Shapes that are tried for a road before it stays straight."""
_BENDS_SHARE = (0.25, 0.5, 0.25)
"""Roads with none, one and two bends between their villages, where the way is long enough for them."""
_STRETCH_M = 230.0
"""Shortest way that a bend has for itself; below, village streets alone say how a road turns."""
_ASIDE = (0.03, 0.18)
"""How far from the straight line a bend lies, as a share of it: 0.18 at its middle lengthens the way by 6 %."""
_SECOND = (0.3, 1.0)
"""How far the second bend lies, beside the first."""
_WHERE = ((0.25, 0.75),), ((0.2, 0.4), (0.6, 0.8))
"""Where along the way the one bend, or each of the two, may be."""
_LEAN = 0.1
"""Sine of the least angle at which a street tells to which side its road sets out."""
_TANGENT_M = (35.0, 180.0)
"""From the corner of a field to a sweeping curve."""
_BESIDE_M = 25.0
_BESIDE_MOST_M = 150.0
"""Roads that leave the same gate are within 25 m of each other for no longer than this."""


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """What a road between villages keeps clear of.

    Parameters
    ----------
    land
        Roads stay inside it.
    water
        Rivers with the ground beside them where no road runs.
    beside
        Main roads with the ground beside them where no other road runs along.
    beside_m
        How long a road may be on that ground.
    villages : (n,) Polygon
        Ground of each village.
    """

    land: BaseGeometry
    water: BaseGeometry
    beside: BaseGeometry
    beside_m: float
    villages: NDArray[np.object_]

    def __post_init__(self) -> None:
        """Have what every road is held against prepared once."""
        shapely.prepare([self.land, self.water, self.beside, *self.villages])

    def faults(self, line: shapely.LineString) -> int:
        """Count what a road does not keep clear of."""
        return (
            int(not self.land.covers(line))
            + int(self.water.intersects(line))
            + int(self.runs_beside(np.array([line])).sum())
            + int(shapely.intersects(self.villages, line).sum())
        )

    def runs_beside(self, lines: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Tell roads that run along a main road, or meet it at a small angle."""
        found = shapely.intersects(self.beside, lines)
        found[found] = shapely.length(shapely.intersection(lines[found], self.beside)) > self.beside_m
        return np.asarray(found)


def bend_courses(
    courses: list[Course],
    *,
    order: NDArray[np.int64],
    fixed: NDArray[np.bool_],
    around: Surroundings,
    rng: np.random.Generator,
) -> NDArray[np.object_]:
    """Give every road bends with which it meets nothing that it does not meet when straight.

    Parameters
    ----------
    courses
        Straight ones, and those over bridges.
    order : (k,)
        Numbers of the roads in the order in which they are laid: who comes later gives way.
    fixed : (k,) bool
        Roads that stay as they are, since the river says where they bend.
    around
        What they keep clear of.
    rng
        Source of chance.

    Returns
    -------
    (k,) LineString
        Straight where each of the shapes that were tried meets more than that.
    """
    lines = np.array([course.line for course in courses])
    reach = shapely.buffer(lines, _ASIDE[1] * shapely.length(lines), quad_segs=2)
    near = STRtree(reach)
    for number in order[~fixed[order]].tolist():
        others = near.query(reach[number])
        faults = partial(_faults, others=lines[others[others != number]], around=around)
        lines[number] = _clearest((course.line for course in _shapes(courses[number], rng)), faults)
    return lines


def _faults(line: shapely.LineString, *, others: NDArray[np.object_], around: Surroundings) -> int:
    """Count what a road does not keep clear of, and the roads that it crosses or runs along."""
    along = shapely.length(shapely.intersection(others, line.buffer(_BESIDE_M, quad_segs=2))) > _BESIDE_MOST_M
    return around.faults(line) + int((along | shapely.crosses(others, line)).sum())


def _clearest(lines: Iterable[shapely.LineString], faults: Callable[[shapely.LineString], int]) -> shapely.LineString:
    """Find the first line without faults, else the first with the fewest."""
    found: list[tuple[int, int, shapely.LineString]] = []
    for number, line in enumerate(lines):
        found.append((faults(line), number, line))
        if not found[-1][0]:
            break
    return min(found, key=lambda each: each[:2])[2]


def _shapes(course: Course, rng: np.random.Generator) -> Iterator[Course]:
    """Draw some shapes by chance; the straight one comes last."""
    along_m = float(np.hypot(*(course.gates[1] - course.gates[0])))
    most = min(int(along_m / _STRETCH_M) - 1, len(_WHERE))
    for _ in range(_TRIES):
        count = min(int(rng.choice(len(_BENDS_SHARE), p=_BENDS_SHARE)), most)
        yield _bent(course, _WHERE[count - 1], rng) if count > 0 else course
    yield course


def _bent(course: Course, where: tuple[tuple[float, float], ...], rng: np.random.Generator) -> Course:
    """Put bends on the side to which the street at the nearer end points, so that no road winds to and fro."""
    start, along = course.gates[0], course.gates[1] - course.gates[0]
    aside = np.array([-along[1], along[0]])
    lean = course.heads @ aside / np.hypot(*aside)
    share = np.array([rng.uniform(*span) for span in where])
    pointed = lean[(share > 0.5).astype(int)]
    side = np.where(np.abs(pointed) > _LEAN, np.sign(pointed), rng.choice([-1.0, 1.0]))
    depth = rng.uniform(*_ASIDE) * np.array([1.0, rng.uniform(*_SECOND)])[: len(share)]
    over = start + share[:, None] * along + (side * rng.permutation(depth))[:, None] * aside
    return dataclasses.replace(course, over=over, tangents_m=np.full(len(share), rng.uniform(*_TANGENT_M)))

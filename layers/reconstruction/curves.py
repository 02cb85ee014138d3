"""Gently curved lines through a few sketched points."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline

Points = NDArray[np.float64]


def draw_curve(through: ArrayLike, *, rng: np.random.Generator, wander: float, step_m: float = 220.0) -> Points:
    """Draw a smooth line through points, wandering a little between them.

    Parameters
    ----------
    through : (k, 2) metres
        Points that the line meets exactly.
    rng
        Source of chance.
    wander
        Sideways shift halfway between two points, standard deviation as a share of their distance.
    step_m
        Distance between vertices.

    Returns
    -------
    (n, 2) metres
        A cubic spline over chord length, with the given points among its vertices.
    """
    knots = _with_midpoints(np.asarray(through, dtype=np.float64), rng, wander)
    chord = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(knots, axis=0).T))])
    spline = CubicSpline(chord, knots)
    at = [np.linspace(a, b, max(int((b - a) / step_m), 1), endpoint=False) for a, b in pairwise(chord)]
    xy = spline(np.concatenate([*at, chord[-1:]]))
    is_knot = np.isin(np.concatenate([*at, chord[-1:]]), chord)
    xy[is_knot] = knots  # exactly, since roads meet there
    return np.asarray(xy, dtype=np.float64)


def _with_midpoints(points: Points, rng: np.random.Generator, wander: float) -> Points:
    along = np.diff(points, axis=0)
    aside = np.column_stack([-along[:, 1], along[:, 0]])
    middle = points[:-1] + along / 2 + aside * rng.normal(0.0, wander, (len(along), 1)).clip(-2 * wander, 2 * wander)
    out = np.empty((2 * len(points) - 1, 2))
    out[0::2], out[1::2] = points, middle
    return out

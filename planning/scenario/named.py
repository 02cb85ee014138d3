"""The same thing in two builds of a county: by id, by name, by where it is; plain arrays on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from planning.scenario.places import rows_by_word

NEAR_M = 500.0
"""A place of the same name within so many metres is the same place: surveys and corrections move it less."""
BESIDE_M = 15.0
"""A piece of road that runs within so many metres of another is the same road: two digitisings differ by less."""
MOSTLY = 0.9
"""So much of a road's length has to be found again."""
_METRES_PER_DEGREE = 111_195.0


class Named(NamedTuple):
    """What a name has become in another build.

    Parameters
    ----------
    became
        The name itself where it still says the same, ids where it does not, nothing where it says nothing.
    reason
        Code of ``scenario.rebase.<reason>``.
    """

    became: tuple[str, ...]
    reason: str


@dataclass(frozen=True, eq=False)
class SitesNamed:
    """Points of a county that a scenario can name.

    Parameters
    ----------
    ids, names : (m,) object
        An id goes before a name that looks like one.
    lon_lat : (m, 2) float64
        Degrees, WGS-84.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    lon_lat: NDArray[np.float64]

    @cached_property
    def rows(self) -> dict[str, list[int]]:
        """Id or name -> rows."""
        return rows_by_word([str(one) for one in self.ids], [str(one) for one in self.names])

    def found(self, word: str, old: SitesNamed) -> Named:
        """Return what a word of an older build is called here.

        Parameters
        ----------
        word
        old
        """
        before, now = old.rows.get(word, []), self.rows.get(word, [])
        if len(before) != 1:  # it named nothing, or more than one thing
            return Named((word,), "same") if len(now) == 1 else Named((), "never-named-one")
        row = before[0]
        if len(now) == 1 and self._is_same(now[0], old, row):
            return Named((word,), "same")
        near = [k for k in self.rows_of_name(str(old.names[row])) if self._metres(k, old, row) <= NEAR_M]
        if len(near) == 1:
            return Named((str(self.ids[near[0]]),), "same-name-near")
        if near:
            return Named((), "several-near")
        by_id = self.rows.get(str(old.ids[row]), [])
        if len(by_id) == 1 and self._metres(by_id[0], old, row) <= NEAR_M:
            return Named((str(self.ids[by_id[0]]),), "renamed")
        return Named((), "elsewhere" if now else "gone")

    def rows_of_name(self, name: str) -> list[int]:
        """Return the rows of a name, whatever ids look like it."""
        return [int(row) for row in np.flatnonzero(self.names == name)]

    def _is_same(self, row: int, old: SitesNamed, before: int) -> bool:
        """Whether two points are one: of one id and name wherever it is, else of one name nearly at one position."""
        same_name = str(self.names[row]) == str(old.names[before])
        same_id = str(self.ids[row]) == str(old.ids[before])
        return same_name and (same_id or self._metres(row, old, before) <= NEAR_M)

    def _metres(self, row: int, old: SitesNamed, before: int) -> float:
        east, north = (self.lon_lat[row] - old.lon_lat[before]) * _METRES_PER_DEGREE
        return float(np.hypot(east * np.cos(np.radians(self.lon_lat[row, 1])), north))


@dataclass(frozen=True, eq=False)
class RoadsNamed:
    """Pieces of road of a county.

    Parameters
    ----------
    ids, names : (k,) object
        Names may be empty, and are shared by pieces.
    lines : (k,) object
        Lines in degrees, WGS-84.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    lines: NDArray[Any]

    @cached_property
    def rows(self) -> dict[str, list[int]]:
        """Id or name -> rows."""
        found = rows_by_word([str(one) for one in self.ids], [str(one) for one in self.names])
        return {word: rows for word, rows in found.items() if word}

    @cached_property
    def _metres(self) -> tuple[float, NDArray[Any]]:
        """Lines in metres of their own, and the cosine of the latitude they are drawn at."""
        lat = float(shapely.get_coordinates(self.lines)[:, 1].mean()) if len(self.lines) else 0.0
        return lat, _in_metres(self.lines, lat)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._metres[1])

    def found(self, word: str, old: RoadsNamed) -> Named:
        """Return what a word of an older build is called here: one name, or the pieces along the same line."""
        before, now = old.rows.get(word, []), self.rows.get(word, [])
        if not before:
            return Named((word,), "same") if now else Named((), "never-named-one")
        lat, lines = self._metres
        was = shapely.union_all(_in_metres(old.lines[before], lat))
        if now and _covers(shapely.union_all(lines[now]), was) and _covers(was, shapely.union_all(lines[now])):
            return Named((word,), "same")
        beside = self._along(was)
        if beside and _covers(shapely.union_all(lines[beside]), was):
            return Named(tuple(str(self.ids[row]) for row in beside), "cut-otherwise")
        whole = self._tree.query(was.buffer(BESIDE_M), predicate="intersects")
        if len(whole) and _covers(shapely.union_all(lines[whole]), was):
            return Named((), "part-of-longer")  # more would be closed than was meant
        return Named((), "runs-elsewhere" if now else "gone")

    def _along(self, was: Any) -> list[int]:
        """Return the pieces most of whose length runs along a line."""
        beside = was.buffer(BESIDE_M)
        lines = self._metres[1]
        rows = np.sort(self._tree.query(beside, predicate="intersects"))
        inside = shapely.length(shapely.intersection(lines[rows], beside))
        return [int(row) for row in rows[inside >= MOSTLY * shapely.length(lines[rows])]]


def _covers(one: Any, other: Any) -> bool:
    """Whether most of a line runs along another."""
    return bool(other.intersection(one.buffer(BESIDE_M)).length >= MOSTLY * other.length)


def _in_metres(lines: NDArray[Any], lat: float) -> NDArray[Any]:
    scale = np.array([np.cos(np.radians(lat)), 1.0]) * _METRES_PER_DEGREE
    moved: NDArray[Any] = shapely.transform(lines, lambda xy: xy * scale)
    return moved

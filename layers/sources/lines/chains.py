"""Lines as rows of numbered nodes in a plane, each on its level: ground, bridge, tunnel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import STRtree

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Chains:
    """Lines in a plane; a segment has the number of the position where it begins.

    Parameters
    ----------
    node : (k,) int64
        Of each position; equal numbers are one place.
    xy : (k, 2) metres
        The same at all positions of a node.
    start : (w + 1,) int64
        Line ``i`` owns positions ``start[i]`` to ``start[i + 1]``.
    level : (w,) int64
        Lines of different levels pass over each other.
    is_structure : (w,) bool
        Bridges and tunnels, which meet other roads at their ends only.
    """

    node: Ints
    xy: Floats
    start: Ints
    level: Ints
    is_structure: Flags

    @cached_property
    def line(self) -> Ints:
        """(k,) line of each position."""
        return np.repeat(np.arange(self.start.size - 1), np.diff(self.start))

    @cached_property
    def segments(self) -> Ints:
        """(s,) positions where a segment begins; segments without length are none."""
        begins = np.flatnonzero(self.line[:-1] == self.line[1:])
        return np.asarray(begins[self.node[begins] != self.node[begins + 1]], dtype=np.int64)

    @cached_property
    def segment_lines(self) -> NDArray[np.object_]:
        """(s,) LineStrings of two points."""
        ends = np.stack([self.xy[self.segments], self.xy[self.segments + 1]], axis=1)
        return np.asarray(shapely.linestrings(ends), dtype=object)

    @cached_property
    def segment_tree(self) -> STRtree:
        """Index of ``segment_lines``, which takes longer to make than to ask."""
        return STRtree(self.segment_lines)

    @cached_property
    def end_positions(self) -> Ints:
        """(2 w,) first and last positions."""
        return np.concatenate([self.start[:-1], self.start[1:] - 1])

    @cached_property
    def ends(self) -> Ints:
        """(e,) nodes at which a line ends, sorted."""
        return np.unique(self.node[self.end_positions])

    @cached_property
    def position_of_node(self) -> Ints:
        """(largest node + 1,) some position of each node."""
        position = np.zeros(int(self.node.max()) + 1, dtype=np.int64)
        position[self.node] = np.arange(self.node.size)
        return position

    def place(self, nodes: Ints) -> Floats:
        """(n, 2) metres of nodes."""
        return self.xy[self.position_of_node[nodes]]


def levels_of_lines(attributes: pd.DataFrame) -> tuple[Ints, Flags]:
    """Return the level of each line and whether it is a bridge or a tunnel.

    Parameters
    ----------
    attributes : (w,) rows
        Where they are known the flags ``bridge`` and ``tunnel`` and the text ``level``.

    Returns
    -------
    level : (w,) int64
    is_structure : (w,) bool
    """
    n = len(attributes)
    flags = [attributes[c].to_numpy(bool) if c in attributes else np.zeros(n, dtype=bool) for c in ("bridge", "tunnel")]
    said = attributes["level"].astype(str).to_numpy() if "level" in attributes else np.full(n, "")
    said = np.where((said == "") & ~flags[0] & ~flags[1], "0", said)
    level = pd.factorize(said)[0] * 4 + flags[0] * 2 + flags[1]
    return level.astype(np.int64), flags[0] | flags[1]

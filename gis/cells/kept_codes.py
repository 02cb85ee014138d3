"""Codes of cells that are drawn anew: a code goes on naming the ground that it names, or nothing ever again."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from gis.cells.register import CodeRegister, next_code

SAME_GROUND = 0.05
"""A cell is the same as long as no more than this share of its ground has changed since its code was given."""

_MAIN = 0.5
_FACTS = ("village_id", "township_id", "name")


def keep_codes(drawn: GeoDataFrame, before: GeoDataFrame, register: CodeRegister) -> tuple[GeoDataFrame, CodeRegister]:
    """Give cells that are drawn anew the codes of before where the ground is the same, and new ones where not.

    Parameters
    ----------
    drawn
        Cells under the codes of a first drawing, in metres.
    before
        The cells that count until now, in metres.
    register

    Returns
    -------
    cells
        In the order of their codes.
    register
        With the codes that are retired, the parents of new ones, and how much the ground of the others has moved.
    """
    pairs = shapely.STRtree(before.geometry.to_numpy()).query(drawn.geometry.to_numpy(), predicate="intersects").T
    kept, moved = _same(drawn, before, pairs, register.moved_m2)
    codes = np.full(len(drawn), "", dtype=object)
    codes[list(kept)] = before.index[list(kept.values())]
    given = register.given(before.index)
    for row in np.argsort(drawn.index.to_numpy(), kind="stable"):
        if codes[row] == "":
            codes[row] = next_code(str(drawn.index[row]), given)
            given.add(codes[row])
    new = [row for row in range(len(drawn)) if row not in kept]
    parents = _parents(drawn, before, pairs[np.isin(pairs[:, 0], new)])
    cells = as_told(drawn.set_axis(pd.Index(codes, name="id")).sort_index(), register)
    return cells, CodeRegister(
        retired={**register.retired, **facts_of(before[~before.index.isin(codes)])},
        parents={**register.parents, **{str(codes[row]): parents.get(row, ()) for row in new}},
        moved_m2=moved,
        office={code: units for code, units in register.office.items() if code in cells.index},
        told={code: columns for code, columns in register.told.items() if code in cells.index},
    )


def as_told(cells: GeoDataFrame, register: CodeRegister) -> GeoDataFrame:
    """Return cells with what the office says of them."""
    told = {code: columns for code, columns in register.told.items() if code in cells.index}
    if told:
        cells = cells.copy()
    for code, columns in told.items():
        for name, value in columns.items():
            cells.loc[code, name] = value
    return cells


def facts_of(cells: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return what the register keeps of cells that are no more."""
    columns = [cells[name].fillna("").astype(str) if name in cells else [""] * len(cells) for name in _FACTS]
    return {str(code): dict(zip(_FACTS, row, strict=True)) for code, *row in zip(cells.index, *columns, strict=True)}


def _common(drawn: GeoDataFrame, before: GeoDataFrame, pairs: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return how much ground pairs of cells share, m²."""
    one, other = drawn.geometry.to_numpy()[pairs[:, 0]], before.geometry.to_numpy()[pairs[:, 1]]
    found = shapely.area(one)
    differ = ~shapely.equals_exact(one, other)
    found[differ] = shapely.area(shapely.intersection(one[differ], other[differ]))
    return np.asarray(found)


def _same(
    drawn: GeoDataFrame, before: GeoDataFrame, pairs: NDArray[np.intp], moved_m2: Mapping[str, float]
) -> tuple[dict[int, int], dict[str, float]]:
    """Return which cell of before each drawn one is, and how far the ground of those has moved."""
    villages = [frame["village_id"].astype(str).to_numpy() for frame in (drawn, before)]
    pairs = pairs[villages[0][pairs[:, 0]] == villages[1][pairs[:, 1]]]
    area, old_area = drawn.area.to_numpy()[pairs[:, 0]], before.area.to_numpy()[pairs[:, 1]]
    since = np.array([moved_m2.get(str(code), 0.0) for code in before.index])
    moved = np.maximum(area + old_area - 2 * _common(drawn, before, pairs), 0.0) + since[pairs[:, 1]]
    kept, told = {}, {}
    for at in np.flatnonzero(moved <= SAME_GROUND * old_area):  # of a partition no two can share most of one
        row, old = int(pairs[at, 0]), int(pairs[at, 1])
        kept[row] = old
        if round(float(moved[at]), 1) > 0:
            told[str(before.index[old])] = round(float(moved[at]), 1)
    return kept, told


def _parents(drawn: GeoDataFrame, before: GeoDataFrame, pairs: NDArray[np.intp]) -> dict[int, tuple[str, ...]]:
    """Return the codes that each drawn cell's ground had: those that it holds, or that held it, for the most part."""
    smaller = np.minimum(drawn.area.to_numpy()[pairs[:, 0]], before.area.to_numpy()[pairs[:, 1]])
    mostly = _common(drawn, before, pairs) >= _MAIN * smaller
    found: dict[int, tuple[str, ...]] = {int(row): () for row in pairs[:, 0]}
    for row, old in pairs[mostly]:
        found[int(row)] = tuple(sorted({*found[int(row)], str(before.index[old])}))
    return found

"""What an office does to its cells: split one, merge several; the old codes end, the ground gets new ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.cells.arrangement import Pieces, dissolve, grounds_of
from gis.cells.division import cut_by_line, divide, settlement
from gis.cells.households import shared_out
from gis.cells.kept_codes import facts_of
from gis.cells.register import CodeRegister, next_code
from gis.cells.scraps import find_scraps, give_scraps
from gis.cells.shared_corners import with_corners
from gis.faults import Fault, FaultsError, Param

MOST_PARTS = 30
_M_A_DEGREE = 111_195.0

Changed = tuple[GeoDataFrame, CodeRegister]


def split_cell(
    cells: GeoDataFrame,
    register: CodeRegister,
    code: str,
    *,
    roads: NDArray[np.object_],
    home: tuple[float, float] | None = None,
    parts: int = 2,
    line: Sequence[tuple[float, float]] = (),
) -> Changed:
    """Split a cell into compact parts with as many houses in each, or along a line.

    Parameters
    ----------
    cells
        Longitude and latitude, index of codes.
    register
    code
        Of the cell; it is retired.
    roads
        Lines, longitude and latitude.
    home
        Where the village stands: houses are closer together there.
    parts
        How many, 2 to ``MOST_PARTS``.
    line
        Corners of a line that cuts the cell; it goes before ``parts``.

    Returns
    -------
    cells, register
        The parts are numbered from west to east. Neighbours get the corners where cuts meet their border; no ground
        but the cell's goes to another code.

    Raises
    ------
    FaultsError
        ``unknown-cell``; ``cell-parts`` for a number out of bounds; ``cell-not-cut`` where there is nothing to cut
        or the line does not cross; ``cell-codes-used-up``.
    """
    _known(cells, [code])
    ground = cells.geometry[code]
    metres = _metres(ground)
    at = np.array(home) if home else shapely.get_coordinates(shapely.point_on_surface(ground))[0]
    xy, weight = settlement(ground, roads, at, metres=metres)
    if line:
        found = cut_by_line(ground, shapely.LineString(line)) if len(line) > 1 else []
    else:
        _check_parts(parts)
        found = _whole_parts(divide(ground, parts, xy, weight, metres=metres))
    if len(found) < 2:
        raise _fault("cell-not-cut", code)
    x, y = shapely.get_coordinates(shapely.centroid(found)).T
    grounds = [found[k] for k in np.lexsort((-y, x))]
    inside = np.array([weight[shapely.intersects_xy(one, *xy.T)].sum() for one in grounds])
    rows = _rows(cells.loc[[code] * len(grounds)], grounds)
    rows["name"] = [f"{cells.loc[code, 'name']}({n})" for n in range(1, len(grounds) + 1)]
    if "households" in cells and pd.notna(cells.loc[code, "households"]):
        rows["households"] = pd.array(shared_out(float(cells.loc[code, "households"]), inside), dtype="Int64")
    return _replaced(cells, register, [code], rows, like=code)


def merge_cells(cells: GeoDataFrame, register: CodeRegister, codes: Sequence[str]) -> Changed:
    """Merge neighbouring cells of one township into one, which belongs to the village of the first.

    Parameters
    ----------
    cells
        Longitude and latitude, index of codes.
    register
    codes
        Two or more; all are retired.

    Returns
    -------
    cells, register

    Raises
    ------
    FaultsError
        ``unknown-cell``; ``cell-alone`` for fewer than two; ``cells-of-townships`` for cells of several townships;
        ``cells-apart`` if together they do not hang together; ``cell-codes-used-up``.
    """
    wanted = list(dict.fromkeys(codes))
    _known(cells, wanted)
    if len(wanted) < 2:
        raise _fault("cell-alone", ", ".join(wanted))
    old = cells.loc[wanted]
    if "township_id" in old and len(set(old["township_id"])) > 1:
        raise _fault("cells-of-townships", ", ".join(wanted))
    grounds = old.geometry.to_numpy()
    ground = shapely.union_all(grounds)
    if len(shapely.get_parts(ground)) > max(shapely.get_num_geometries(grounds)):
        raise _fault("cells-apart", ", ".join(wanted))
    rows = _rows(old.iloc[:1], [ground])
    if "households" in old and old["households"].notna().all():
        rows["households"] = pd.array([int(old["households"].sum())], dtype="Int64")
    return _replaced(cells, register, wanted, rows, like=wanted[0])


def _replaced(cells: GeoDataFrame, register: CodeRegister, old: list[str], rows: GeoDataFrame, *, like: str) -> Changed:
    given = register.given(cells.index)
    codes = []
    for _ in range(len(rows)):
        try:
            codes.append(next_code(like, given))
        except ValueError:
            raise _fault("cell-codes-used-up", like) from None
        given.add(codes[-1])
    units = {str(cells.loc[code, "village_id"]) for code in old}.union(*(register.office.get(code, ()) for code in old))
    rows = rows.set_axis(pd.Index(codes, name="id"))
    grounds = with_corners(cells.geometry.drop(old).to_numpy(), rows.geometry.to_numpy())
    rest = cells.drop(index=old).set_geometry(grounds[: len(cells) - len(old)])
    rows = rows.set_geometry(grounds[len(rest) :])
    together = GeoDataFrame(pd.concat([rest, rows]), crs=cells.crs).sort_index().rename_axis("id")
    return together, CodeRegister(
        retired={**register.retired, **facts_of(cells.loc[old])},
        parents={**register.parents, **dict.fromkeys(codes, tuple(sorted(old)))},
        moved_m2={code: m2 for code, m2 in register.moved_m2.items() if code not in old},
        office={
            **{code: of for code, of in register.office.items() if code not in old},
            **dict.fromkeys(codes, tuple(sorted(units))),
        },
        told={code: columns for code, columns in register.told.items() if code not in old},
    )


def _whole_parts(parts: list[BaseGeometry]) -> list[BaseGeometry]:
    """Return the parts, each in one piece where the cell is."""
    pieces = dissolve(np.array(parts, dtype=object), np.arange(len(parts)))
    place = np.zeros(pieces.owner.size, dtype=np.int64)
    homes = shapely.point_on_surface(np.array(parts, dtype=object))
    family = np.zeros(len(parts), dtype=np.int64)
    owner = give_scraps(pieces, find_scraps(pieces, place, homes), place, family)
    found = grounds_of(Pieces(pieces.ground, owner), len(parts))
    return [one for one in found if one is not None]


def _rows(like: GeoDataFrame, grounds: Sequence[shapely.Geometry]) -> GeoDataFrame:
    return GeoDataFrame(like.drop(columns=like.geometry.name), geometry=list(grounds), crs=like.crs)


def _metres(ground: BaseGeometry) -> NDArray[np.float64]:
    """Return how many metres a degree of longitude and one of latitude are there."""
    latitude = np.radians(ground.centroid.y)
    return np.array([_M_A_DEGREE * np.cos(latitude), _M_A_DEGREE])


def _known(cells: GeoDataFrame, codes: Sequence[str]) -> None:
    faults = [Fault("unknown-cell", "cells", field="code", value=code) for code in codes if code not in cells.index]
    if faults:
        raise FaultsError(faults)


def _check_parts(parts: int) -> None:
    if not 2 <= parts <= MOST_PARTS:
        params: dict[str, Param] = {"most": MOST_PARTS}
        raise FaultsError([Fault("cell-parts", "cells", field="parts", value=str(parts), params=params)])


def _fault(code: str, value: str) -> FaultsError:
    return FaultsError([Fault(code, "cells", field="code", value=value)])

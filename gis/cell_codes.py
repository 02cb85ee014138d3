"""The 15 digits of a cell: 6 county + 3 township + 3 village + 3 sequence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from geopandas import GeoDataFrame
from numpy.typing import NDArray

_MOST = 999  # in three digits


NONE_KNOWN: Mapping[str, str] = {}


def cell_codes(units: GeoDataFrame, *, county_code: str, known: Mapping[str, str] = NONE_KNOWN) -> list[str]:
    """Give each village's cell its code.

    Parameters
    ----------
    units
        Points with an index of ids and, where it is known, ``township_id``. Ids that are the 12 digits of
        the national statistics code keep them. Each other unit gets the county's six digits, the three of
        its township (those that the 12-digit ids of the township agree on, else the next free ones) and the
        next free village number; the units without a code are numbered from west to east, then north to
        south. No code of a unit that has the 12 digits depends on those that have not.
    county_code
    known
        The 12 digits that units had so far: they keep them, and no other unit gets those.

    Returns
    -------
    list of str
        In the order of ``units``; the sequence is 001, one cell a village.

    Raises
    ------
    ValueError
        If a township has more than 999 villages, or there are more than 999 townships.
    """
    ids = units.index.astype(str).to_numpy()
    has_code = has_statistics_code(units)
    codes = [f"{id_}001" for id_ in ids]
    if has_code.all():
        return codes
    county = "".join(c for c in county_code if c in "0123456789")[:6].zfill(6)
    township = units["township_id"].astype(str).to_numpy() if "township_id" in units else np.full(len(units), "")
    order = np.lexsort((np.arange(len(units)), -units.geometry.y.to_numpy(), units.geometry.x.to_numpy()))
    without = order[~has_code[order]]
    digits = _township_digits(ids, township, has_code, without)
    taken = {id_[:12] for id_ in ids[has_code]}.union(known.values())
    last: dict[str, int] = {}
    for row in without:
        if ids[row] in known:
            codes[row] = f"{known[ids[row]]}001"
            continue
        prefix = county + digits[township[row]]
        number = last.get(prefix, 0) + 1
        while f"{prefix}{number:03d}" in taken:
            number += 1
        if number > _MOST:
            raise ValueError("a 15-digit code holds 999 townships of 999 villages each")
        last[prefix] = number
        codes[row] = f"{prefix}{number:03d}001"
    return codes


def has_statistics_code(units: GeoDataFrame) -> NDArray[np.bool_]:
    """Tell the units whose id is the 12 digits of the national statistics code."""
    found: NDArray[np.bool_] = units.index.astype(str).str.fullmatch(r"[0-9]{12}").astype(bool)
    return np.asarray(found, dtype=bool)


def _township_digits(
    ids: NDArray[np.object_], township: NDArray[np.object_], has_code: NDArray[np.bool_], without: NDArray[np.intp]
) -> dict[str, str]:
    """Return the three digits of each township that has units without a code."""
    said: dict[str, set[str]] = {}
    for name, id_ in zip(township[has_code], ids[has_code], strict=True):
        said.setdefault(name, set()).add(id_[6:9])
    digits = {name: next(iter(of)) for name, of in said.items() if len(of) == 1}
    taken = set().union(*said.values())
    free = (f"{k:03d}" for k in range(1, _MOST + 1) if f"{k:03d}" not in taken)
    for name in dict.fromkeys(township[without].tolist()):
        if name not in digits:
            number = next(free, None)
            if number is None:
                raise ValueError("a 15-digit code holds 999 townships of 999 villages each")
            digits[name] = number
    return digits

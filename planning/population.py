"""Whom a plan counts: demand weights by population base and age group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.faults import Fault, FaultsError
from planning.groups import COLUMNS, Base, Group


@dataclass(frozen=True, eq=False)
class Weights:
    """People at each demand point.

    Parameters
    ----------
    values : (n,) int64
    basis
        Code of what was counted (``planning.weights.<basis>``): the column, such as ``resident`` or
        ``age_60_plus``; with ``registered-`` before it when scaled to that base; ``no-age-data`` when
        everyone stands in for a group that the county does not break down.
    estimated
        Whether the figures were scaled rather than counted (推算).
    """

    values: NDArray[np.int64]
    basis: str
    estimated: bool


def demand_weights(units: pd.DataFrame, *, base: Base, group: Group) -> Weights:
    """Return how many people of `group` each unit counts.

    Age bands belong to the resident base. Under the registered base each unit's band is scaled by its
    registered ÷ resident people, the county total is scaled once and rounded, and the units share it
    out by largest remainders, so that they sum to it exactly.

    Parameters
    ----------
    units : (n,) frame
        Columns ``resident``, ``registered``, ``age_60_plus`` … as far as the county has them.

    Raises
    ------
    FaultsError
        ``base-missing`` when the county does not give that base.
    """
    totals = _counts(units, base)
    if group == "all":
        return Weights(totals, base, estimated=False)
    if COLUMNS[group] not in units:
        return Weights(totals, "no-age-data", estimated=False)
    band = _whole(units[COLUMNS[group]])
    if base == "resident":
        return Weights(band, COLUMNS[group], estimated=False)
    resident = _counts(units, "resident")
    factor = np.divide(totals, resident, out=np.zeros(len(units)), where=resident > 0)
    everyone = int(resident.sum())
    target = _round_ratio(int(band.sum()) * int(totals.sum()), everyone) if everyone else 0
    shares = share_out(np.asarray(band * factor, np.float64), target)
    return Weights(shares, f"registered-{COLUMNS[group]}", estimated=True)


def share_out(parts: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Split `total` in whole numbers proportional to `parts`; the largest remainders get what is over.

    Parameters
    ----------
    parts : (n,) float64, ≥ 0

    Returns
    -------
    (n,) int64 that sums to `total`, all 0 if `parts` are; of equal remainders the first comes first.
    """
    if parts.sum() == 0:
        return np.zeros(len(parts), np.int64)
    exact = parts * (total / parts.sum())
    shares: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    over = total - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:over]] += 1
    return shares


def _counts(units: pd.DataFrame, base: Base) -> NDArray[np.int64]:
    if base not in units:
        raise FaultsError([Fault("base-missing", layer="villages", field=base, value=base)])
    return _whole(units[base])


def _whole(column: pd.Series[Any]) -> NDArray[np.int64]:
    return np.array(column.fillna(0), dtype=np.int64)


def _round_ratio(numerator: int, denominator: int) -> int:
    """Return the nearest whole number, halves upwards, without passing through floats."""
    return (2 * numerator + denominator) // (2 * denominator)

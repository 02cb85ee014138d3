"""People of each unit: published totals shared out to the person."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from layers.reconstruction.facts import MENGSI, MENGSI_REGISTERED, REGISTERED, RESIDENT, LinyiFacts

Counts = NDArray[np.int64]

URBAN_REGISTERED = 116_000
URBAN_RESIDENT = 126_000
"""Assumption for the eight urban committees. The 2020 census counts 179,097 urban residents in
the county; the rest of them is taken to live in the villages in and beside towns."""

_URBAN_SHARE_OF_LINPAN = 0.27
_VILLAGE_SPREAD = 0.72
_TOWN_FACTOR = 3.2
_LIMITS = (150, 2300)


def share_people(units: pd.DataFrame, facts: LinyiFacts, *, rng: np.random.Generator) -> pd.DataFrame:
    """Share residents, registered people and age bands among the units.

    Parameters
    ----------
    units
        Named and placed units.
    facts
        Age bands of the census.
    rng
        Source of chance.

    Returns
    -------
    DataFrame
        Index unit code; int64 columns ``resident``, ``registered``, ``age_60_plus``,
        ``age_65_plus``, ``age_80_plus``, ``age_5_14``. Every column adds up to its published
        total; in every unit 80+ ≤ 65+ ≤ 60+ and 60+ plus 5–14 ≤ residents.
    """
    is_urban = (units["kind"] == "居委会").to_numpy()
    registered = _share_registered(units, is_urban, rng)
    resident = _share_resident(units, registered, is_urban, rng)

    def noise(spread: float) -> NDArray[np.float64]:
        return rng.normal(1.0, spread, len(units)).clip(1 - 2 * spread, 1 + 2 * spread)

    elder_weight = resident * np.where(is_urban, 0.52, 1.0) * noise(0.11)
    age_60 = apportion(facts.people_aged(from_age=60), elder_weight)
    age_65 = apportion(facts.people_aged(from_age=65), age_60 * noise(0.04))
    age_80 = apportion(facts.people_aged(from_age=80), age_65 * noise(0.12))
    children = apportion(
        facts.people_aged(from_age=5, below=15), resident * np.where(is_urban, 1.15, 1.0) * noise(0.12)
    )
    columns = {"resident": resident, "registered": registered, "age_60_plus": age_60, "age_65_plus": age_65}
    return pd.DataFrame({**columns, "age_80_plus": age_80, "age_5_14": children}, index=units.index)


def apportion(total: int, weights: ArrayLike) -> Counts:
    """Share whole people in proportion to weights (largest remainders).

    Parameters
    ----------
    total
        People to share.
    weights : (n,)
        Non-negative.

    Returns
    -------
    (n,) int64
        Adds up to ``total``; each share is its quota rounded up or down.
    """
    weight = np.asarray(weights, dtype=np.float64)
    quota = weight / weight.sum() * total
    share: Counts = np.floor(quota).astype(np.int64)
    missing = total - int(share.sum())
    share[np.argsort(share - quota, kind="stable")[:missing]] += 1
    return share


def _share_registered(units: pd.DataFrame, is_urban: NDArray[np.bool_], rng: np.random.Generator) -> Counts:
    size = np.exp(rng.normal(0.0, _VILLAGE_SPREAD, len(units)))
    size *= np.where(units["is_seat"], _TOWN_FACTOR, 1.0)
    size = (size / size[~is_urban].mean() * 500.0).clip(*_LIMITS)
    in_mengsi = (units["township_code"] == MENGSI).to_numpy()
    in_linpan = (units["township_code"] == "371424003").to_numpy()
    linpan = round(URBAN_REGISTERED * _URBAN_SHARE_OF_LINPAN)
    town_size = rng.uniform(0.85, 1.15, len(units))
    people = np.zeros(len(units), dtype=np.int64)
    for where, total, weight in (
        (is_urban & in_linpan, linpan, town_size),
        (is_urban & ~in_linpan, URBAN_REGISTERED - linpan, town_size),
        (in_mengsi, MENGSI_REGISTERED, size),
        (~is_urban & ~in_mengsi, REGISTERED - URBAN_REGISTERED - MENGSI_REGISTERED, size),
    ):
        people[where] = apportion(total, weight[where])
    return people


def _share_resident(
    units: pd.DataFrame, registered: Counts, is_urban: NDArray[np.bool_], rng: np.random.Generator
) -> Counts:
    """Villages lose people to work elsewhere, those around towns fewer; towns gain."""
    stay = rng.normal(1.0, 0.08, len(units)).clip(0.8, 1.2) * np.where(units["is_seat"], 1.25, 1.0)
    stay *= np.where(units["township_code"].isin(["371424001", "371424002"]), 1.12, 1.0)
    people = np.zeros(len(units), dtype=np.int64)
    people[is_urban] = apportion(URBAN_RESIDENT, (registered * stay)[is_urban])
    people[~is_urban] = apportion(RESIDENT - URBAN_RESIDENT, (registered * stay)[~is_urban])
    return people

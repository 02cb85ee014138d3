"""Service places: the county centre, township offices and old township homes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from layers.reconstruction.facts import COUNTY_CODE, COUNTY_NAME

COUNTY_CENTRE_M2 = 18_000
"""Floor area of the county service centre, a published figure."""

_COLUMNS = ["id", "name", "kind", "tier", "township_id", "x", "y", "capacity", "floor_area_m2", "status"]


def place_facilities(units: pd.DataFrame, townships: pd.DataFrame, *, rng: np.random.Generator) -> pd.DataFrame:
    """Place the facilities that exist before any planning.

    Parameters
    ----------
    units
        Placed units with ``x``, ``y`` (metres), ``is_seat``, ``kind``, ``township_code``.
    townships
        Index code; ``name``.
    rng
        Source of chance.

    Returns
    -------
    DataFrame
        ``id``, ``name``, ``kind``, ``tier``, ``township_id``, ``x``, ``y``, ``capacity`` (beds),
        ``floor_area_m2``, ``status``; what is not known is missing. Offices stand in their
        township's town, homes beside some village of it; one home a township with 30–80 beds
        is an assumption.
    """
    seats = units[units["is_seat"]].set_index("township_code")
    rows: list[tuple[object, ...]] = []
    for code, name in zip(map(str, townships.index), townships["name"], strict=True):
        x, y = float(seats["x"][code]), float(seats["y"][code])
        if not rows:  # the first township is the county's seat
            at = x + rng.uniform(80, 140), y + rng.uniform(80, 140)
            title = f"{COUNTY_NAME}为民服务中心"
            rows.append((f"C{COUNTY_CODE}", title, "county-centre", "county", code, *at, None, COUNTY_CENTRE_M2))
        at = x - rng.uniform(20, 70), y - rng.uniform(20, 70)
        rows.append((f"O{code}", f"{name}民生民政办公室", "township-office", "township", code, *at, None, None))
        at, beds = _beside_a_village(units[units["township_code"] == code], rng), 5 * int(rng.integers(6, 17))
        rows.append((f"H{code}", f"{name}敬老院", "elder-home", "township", code, *at, beds, None))
    table = pd.DataFrame([(*row, "existing") for row in rows], columns=_COLUMNS)
    return table.astype({"capacity": "Int64", "floor_area_m2": "Int64"})


def _beside_a_village(units: pd.DataFrame, rng: np.random.Generator) -> tuple[float, float]:
    villages = units[(units["kind"] == "村委会") & ~units["is_seat"]]
    chosen = villages.iloc[int(rng.integers(len(villages)))]
    return float(chosen["x"]) + rng.uniform(-90, 90), float(chosen["y"]) + rng.uniform(-90, 90)

"""Grid workers: a first and a second person for every unit, with placeholder names."""

from __future__ import annotations

import numpy as np
import pandas as pd

ON_LEAVE = 0.04


def make_roster(units: pd.DataFrame, *, rng: np.random.Generator) -> pd.DataFrame:
    """Make the roster.

    Parameters
    ----------
    units
        Index unit code; ``short_name``.
    rng
        Source of chance: which of the A workers are on leave, so that their B acts.

    Returns
    -------
    DataFrame
        ``id``, ``name``, ``role`` (A or B), ``village_id``, ``phone`` (empty: numbers are not
        invented), ``on_duty`` (yes or no).
    """
    away = rng.random(len(units)) < ON_LEAVE
    rows = [
        (f"{role}{code}", f"{name}网格员{role}", role, code, "", "no" if role == "A" and is_away else "yes")
        for (code, name), is_away in zip(units["short_name"].items(), away, strict=True)
        for role in ("A", "B")
    ]
    return pd.DataFrame(rows, columns=["id", "name", "role", "village_id", "phone", "on_duty"])

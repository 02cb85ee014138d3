"""The toy county with its villages scattered beside the roads and its people drawn anew."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from toy_county import _UNIT_FIELDS, lon_lat, write_toy_county

from layers.build import build_county


def build_scattered_county(folder: Path, *, villages: int = 18, seed: int = 5) -> Path:
    """Build it and return the data folder."""
    toml = write_toy_county(folder / "files")
    rng = np.random.default_rng(seed)
    rows = [_village(rng, number) for number in (*range(1, 7), *range(10, villages + 4))]
    with (folder / "files" / "villages.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_UNIT_FIELDS)
        writer.writerows(rows)
    total = sum(row[5] for row in rows) + 1000
    words = toml.read_text(encoding="utf-8").replace("resident = 3900", f"resident = {total}")
    toml.write_text(words, encoding="utf-8")
    build_county(toml, data_dir=folder / "data")
    return folder / "data"


def _village(rng, number):
    x, y = rng.uniform(0, 4), rng.uniform(0, 3)
    resident = int(rng.integers(200, 900))
    over_60 = int(resident * rng.uniform(0.15, 0.35))
    over_65 = int(over_60 * rng.uniform(0.6, 0.9))
    over_80 = int(over_65 * rng.uniform(0.05, 0.3))
    children = int(resident * rng.uniform(0.05, 0.15))
    township = "T1" if x < 2 else "T2"
    registered = int(resident * rng.uniform(0.9, 1.4))
    return (
        f"{number:05}",
        f"村{number}",
        township,
        *lon_lat(x, y),
        resident,
        registered,
        over_60,
        over_65,
        over_80,
        children,
    )

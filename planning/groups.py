"""Whom a plan may count: population bases and age groups."""

from __future__ import annotations

from typing import Literal

Base = Literal["resident", "registered"]
Group = Literal["all", "60+", "65+", "80+", "5-14"]

COLUMNS: dict[Group, str] = {
    "60+": "age_60_plus",
    "65+": "age_65_plus",
    "80+": "age_80_plus",
    "5-14": "age_5_14",
}

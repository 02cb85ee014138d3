"""The six categories of the grid (多网合一) and how soon each is to be dealt with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of incident and its deadline.

    Parameters
    ----------
    name
        Stable code, e.g. ``traffic``.
    workdays
        Working days allowed; 0 means the day of the report.
    basis
        Code of the sentence that says where the figure comes from.
    """

    name: str
    workdays: int
    basis: str


_EXAMPLE = "feng-county-example"

CATEGORIES: Mapping[str, Category] = {
    category.name: category
    for category in (
        Category("party", 3, _EXAMPLE),
        Category("livelihood", 2, _EXAMPLE),
        Category("security", 0, _EXAMPLE),
        Category("traffic", 0, _EXAMPLE),
        Category("environment", 7, _EXAMPLE),
        Category("campus", 0, _EXAMPLE),
    )
}
"""Defaults after the practice of Feng County (same day if fixable on the spot, 2–3 days with an
explanation, key problems within 7): an example, to be replaced by the county's own table. Which
category falls under which clock is our assumption."""

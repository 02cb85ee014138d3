"""Areas that can be granted: the county that is built, with its townships and cells by code and by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from api.actions.workplace import Workplace
from api.explain import ApiError
from gis.faults import FaultsError
from layers.backups.kept_files import current_county
from layers.records.grants import ANY_COUNTY
from planning.closest import Closest


@dataclass(frozen=True)
class Areas:
    """What areas there are.

    Parameters
    ----------
    county, county_name
        ``None`` while no county is built.
    townships, cells
        Names by code.
    """

    county: str | None
    county_name: str = ""
    townships: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def counties(self) -> tuple[str, ...]:
        """Codes of county grants that hold here."""
        return (ANY_COUNTY,) if self.county is None else (ANY_COUNTY, self.county)

    def code_of(self, kind: str, word: str) -> str | None:
        """Return the code that a word stands for, itself or the one name that is so; ``None`` if it is unknown."""
        known = self._known(kind)
        if word in known:
            return word
        named = [code for code, name in known.items() if name == word]
        return named[0] if len(named) == 1 else None

    def closest_to(self, kind: str, word: str) -> str:
        """Return the known code or name closest to a word, empty if there is none."""
        return self._closest[kind].to(word) if kind in self._closest else ""

    def name_of(self, kind: str, code: str) -> str:
        """Return what an area is called, empty if that is not known."""
        return self._known(kind).get(code, "")

    def _known(self, kind: str) -> Mapping[str, str]:
        if kind == "county":
            return {} if self.county is None else {self.county: self.county_name}
        return {"township": self.townships, "cell": self.cells}.get(kind, {})

    @cached_property
    def _closest(self) -> dict[str, Closest]:
        kinds = ("county", "township", "cell")
        return {kind: Closest([*self._known(kind), *filter(None, self._known(kind).values())]) for kind in kinds}


def areas_of(at_work: Workplace) -> Areas:
    """Return the areas of the current county; of one whose layers cannot be read, the county alone."""
    told = current_county(at_work.settings.data)
    county, name = told.get("code"), told.get("name", "")
    if county is None:
        return Areas(None)
    return Areas(county, name, _names(at_work, "townships"), _names(at_work, "cells"))


def _names(at_work: Workplace, layer: str) -> dict[str, str]:
    try:
        rows = at_work.county.county.layer(layer)
    except (ApiError, FaultsError):
        return {}
    names = rows["name"].fillna("") if "name" in rows else [""] * len(rows)
    return dict(zip(rows.index.astype(str), map(str, names), strict=True))

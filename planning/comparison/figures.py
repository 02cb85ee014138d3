"""The measures of several schemes beside each other, the best of each marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planning.measures.catalogue import CATALOGUE, Definition

Figure = int | float


@dataclass(frozen=True)
class Row:
    """One measure of all schemes.

    Parameters
    ----------
    definition
    values
        Key of the scheme → its figure; schemes without one are left out.
    is_comparable
        Whether the figures say the same of each scheme: by one limit, one κ, one offer.
    best
        Keys of the schemes with the best figure; none where more is neither better nor worse, where the figures are
        not comparable, or all are alike.
    """

    definition: Definition
    values: Mapping[str, Figure]
    is_comparable: bool
    best: tuple[str, ...]


def rows_of(
    measured: Mapping[str, Mapping[str, Any]],
    *,
    same_limit: bool = True,
    same_capacities: bool = True,
    today: str | None = None,
) -> list[Row]:
    """Return each measure that a scheme has as one figure, in the order of the catalogue.

    Parameters
    ----------
    measured
        Key of the scheme → its measures by code.
    same_limit, same_capacities
        Whether all schemes are measured by one time limit, and whether all of them or none count what sites take; else
        nothing that rests on it is comparable.
    today
        Key of what stands, if it is among them: it costs nothing because nothing is done, which is no good price.
    """
    rows = []
    for definition in CATALOGUE.values():
        told = {key: figures.get(definition.code) for key, figures in measured.items()}
        found = {key: definition.figure_of(one) for key, one in told.items()}
        values = {key: figure for key, figure in found.items() if figure is not None}
        if values:
            of_one_kind = (same_limit or not definition.of_limit) and (
                same_capacities or definition.basis != "capacities"
            )
            is_comparable = of_one_kind and len({definition.basis_of(told[key]) for key in values}) == 1
            priced = {key: value for key, value in values.items() if key != today or definition.basis != "unit-costs"}
            best = _best(priced, definition) if is_comparable and definition.better else ()
            rows.append(Row(definition, values, is_comparable, best))
    return rows


def differences(rows: list[Row], before: str, after: str) -> dict[str, Figure]:
    """Return code → later figure less the earlier one, of all comparable measures that both schemes have."""
    return {
        row.definition.code: row.values[after] - row.values[before]
        for row in rows
        if row.is_comparable and before in row.values and after in row.values
    }


def _best(values: Mapping[str, Figure], definition: Definition) -> tuple[str, ...]:
    if len(set(values.values())) < 2:
        return ()
    best = max(values.values()) if definition.better == "more" else min(values.values())
    return tuple(key for key, value in values.items() if value == best)

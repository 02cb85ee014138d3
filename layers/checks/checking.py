"""All checks in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gis.faults import Fault, Param, errors
from layers.checks.geometry import repair_geometries
from layers.checks.identity import check_references, keep_first_of_ids, match_references
from layers.checks.people import check_age_bands, check_totals
from layers.checks.positions import check_datum, find_misplaced_layers
from layers.checks.roads import check_snapping, drop_fragments
from layers.checks.townships import check_coverage, check_outside, place_in_townships
from layers.imported_county import ImportedCounty
from layers.schema import UNIT_LAYERS

MAX_ALIKE = 100
"""Faults of one kind in one field of one layer that a report lists; the others are counted."""


def check_layers(county: ImportedCounty, *, known: Iterable[Fault] = ()) -> tuple[ImportedCounty, list[Fault]]:
    """Check all layers of a county against the file, each other and common sense.

    Parameters
    ----------
    county
    known
        Faults that reading the sources has already found.

    Returns
    -------
    ImportedCounty
        With repaired geometry, township ids filled in and stray road fragments dropped.
    list of Fault
        The known faults and all others.
    """
    faults = list(known)
    county, found = keep_first_of_ids(county)
    faults += found
    county, found = match_references(county)
    faults += found
    faults += check_references(county)
    county, found = repair_geometries(county)
    faults += found
    misplaced, found = find_misplaced_layers(county)
    faults += found
    sound = county.without(misplaced)
    unplaced = sound
    sound, found = place_in_townships(sound)
    faults += found
    faulty = {fault.layer for fault in errors(faults)}
    faults += check_outside(sound.without(faulty & {"county", "townships"}))
    faults += check_coverage(sound.without(faulty & {"county", "townships"}))
    sound, found = drop_fragments(sound)
    faults += found
    faults += check_snapping(sound)
    faults = [*check_datum(unplaced, known=faults), *faults]  # a wrong datum explains much of the rest
    faults += check_age_bands(county, known=faults)
    if not any(fault.layer in UNIT_LAYERS for fault in errors(faults)):
        faults += check_totals(county)
    return sound.with_layers(*(county.layers[name] for name in misplaced)), limit_alike(faults)


def limit_alike(faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults, at most ``MAX_ALIKE`` of a kind, with the number of those left out.

    Parameters
    ----------
    faults

    Returns
    -------
    list of Fault
        Errors first, then warnings, then notes; otherwise in the order found.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    kept: list[Fault] = []
    for fault in faults:
        kind = (fault.layer, fault.code, fault.field)
        counts[kind] += 1
        if counts[kind] <= MAX_ALIKE:
            kept.append(fault)
    for (layer, code, field), count in counts.items():
        if count > MAX_ALIKE:
            first = next(f for f in kept if (f.layer, f.code, f.field) == (layer, code, field))
            params: dict[str, Param] = {"count": count - MAX_ALIKE, "code": code}
            kept.append(
                Fault("more-of-the-same", layer, first.file, None, field, severity=first.severity, params=params)
            )
    order = ("error", "warning", "note")
    return sorted(kept, key=lambda fault: order.index(fault.severity))

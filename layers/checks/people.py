"""Figures that must agree: age bands within residents, sums over the county."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gis.faults import Fault, errors
from layers.imported_county import ImportedCounty
from layers.schema import SCHEMAS, UNIT_LAYERS

_WITHIN = (
    # the sum of these bands must not exceed this one
    (("age_60_plus", "age_5_14"), "resident"),
    (("age_65_plus",), "age_60_plus"),
    (("age_80_plus",), "age_65_plus"),
)


def check_age_bands(county: ImportedCounty, *, known: Iterable[Fault] = ()) -> list[Fault]:
    """Report places with more people in an age band than in the band around it.

    Parameters
    ----------
    county
    known
        Faults found so far: figures that could not be read are not compared.

    Returns
    -------
    list of Fault
        ``age-band-exceeds``.
    """
    faults: list[Fault] = []
    unread = {(fault.layer, fault.field, fault.row) for fault in errors(known)}
    for name in UNIT_LAYERS:
        if (layer := county.layers.get(name)) is None:
            continue
        for bands, whole in _WITHIN:
            parts = [band for band in bands if band in layer.frame]
            if not parts or whole not in layer.frame:
                continue
            total = layer.frame[parts].sum(axis=1)
            for k in np.flatnonzero((total > layer.frame[whole]).to_numpy(bool)):
                if any((name, column, int(layer.rows[k])) in unread for column in (*parts, whole)):
                    continue
                params = {"whole": whole, "people": int(layer.frame[whole].iloc[k])}
                value = str(int(total.iloc[k]))
                faults.append(
                    layer.fault("age-band-exceeds", at=int(k), field=" + ".join(parts), value=value, params=params)
                )
    return faults


def check_totals(county: ImportedCounty) -> list[Fault]:
    """Compare the sums over villages and neighbourhoods with ``[county.totals]``.

    Parameters
    ----------
    county

    Returns
    -------
    list of Fault
        Errors ``total-differs``; warnings ``column-not-everywhere`` where only one of the two
        layers has a column, which is then no column of the demand.
    """
    layers = [county.layers[name] for name in UNIT_LAYERS if name in county.layers]
    faults = []
    for column in (column.name for column in SCHEMAS["villages"].columns if column.kind == "count"):
        having = [layer for layer in layers if column in layer.frame]
        lacking = [layer for layer in layers if column not in layer.frame]
        if having and lacking:
            faults.append(lacking[0].fault("column-not-everywhere", field=column, severity="warning"))
        if (expected := county.spec.totals.get(column)) is None:
            continue
        total = sum(int(layer.frame[column].sum()) for layer in having)
        if total != expected:
            params = {"expected": expected, "difference": total - expected}
            faults.append(Fault("total-differs", layer="villages", field=column, value=str(total), params=params))
    return faults

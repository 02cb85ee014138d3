"""Ids: unique in a layer, unique among places, known where they are referred to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.faults import Fault
from layers.imported_county import ImportedCounty
from layers.imported_layer import ImportedLayer
from layers.schema import UNIT_LAYERS
from layers.sources.files import closest


def keep_first_of_ids(county: ImportedCounty) -> tuple[ImportedCounty, list[Fault]]:
    """Report ids that stand twice and keep their first rows, so that the other checks can go on.

    Parameters
    ----------
    county

    Returns
    -------
    ImportedCounty
    list of Fault
        ``duplicate-id`` for every further row, naming the first one.
    """
    faults: list[Fault] = []
    changed = []
    for layer in county.layers.values():
        ids = layer.frame.index
        is_again = ids.duplicated() & (ids != "")
        if not is_again.any():
            continue
        first = {id_: int(row) for id_, row in zip(ids[::-1], layer.rows[::-1], strict=True)}
        faults += [
            layer.fault("duplicate-id", at=k, field="id", value=id_, params={"first_row": first[id_]})
            for k, id_ in enumerate(ids)
            if is_again[k]
        ]
        changed.append(ImportedLayer(layer.spec, layer.frame[~is_again], layer.rows[~is_again]))
    county = county.with_layers(*changed)
    return county, faults + _shared_ids(county)


def check_references(county: ImportedCounty) -> list[Fault]:
    """Report ids of other layers that do not exist there.

    Parameters
    ----------
    county

    Returns
    -------
    list of Fault
        ``unknown-reference``; nothing is said about layers that could not be read.
    """
    faults: list[Fault] = []
    for layer in county.layers.values():
        for column in layer.spec.schema.columns:
            wanted = [name for name in column.refers_to if name in county.spec.layers]
            if not wanted or column.name not in layer.frame or any(name not in county.layers for name in wanted):
                continue
            known = pd.Index([id_ for name in wanted for id_ in county.layers[name].frame.index])
            values = layer.frame[column.name]
            is_bad = (~values.isin(known) & (values != "")).to_numpy(bool)
            for k in np.flatnonzero(is_bad):
                params = {"layers": ", ".join(wanted), "closest": closest(values.iloc[k], list(known))}
                faults.append(
                    layer.fault("unknown-reference", at=int(k), field=column.name, value=values.iloc[k], params=params)
                )
    return faults


def _shared_ids(county: ImportedCounty) -> list[Fault]:
    """Villages and neighbourhoods together are the demand: no id may stand in both."""
    if any(name not in county.layers for name in UNIT_LAYERS):
        return []
    villages, neighbourhoods = (county.layers[name] for name in UNIT_LAYERS)
    row_of = dict(zip(villages.frame.index, villages.rows, strict=True))
    return [
        neighbourhoods.fault("duplicate-id", at=k, field="id", value=str(id_), params={"first_row": int(row_of[id_])})
        for k, id_ in enumerate(neighbourhoods.frame.index)
        if id_ in row_of and id_ != ""
    ]

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


def match_references(county: ImportedCounty) -> tuple[ImportedCounty, list[Fault]]:
    """Read references that differ from one id, and one only, in case or in zeros that Excel has dropped in front.

    Parameters
    ----------
    county

    Returns
    -------
    ImportedCounty
    list of Fault
        Note ``id-read-as`` for each.
    """
    faults: list[Fault] = []
    changed = []
    for layer in county.layers.values():
        frame = layer.frame
        for column in layer.spec.schema.columns:
            if column.name not in frame or not column.refers_to:
                continue
            known = pd.Index([id_ for name in column.refers_to if name in county.layers for id_ in _ids(county, name)])
            values = frame[column.name]
            odd = values[~values.isin(known) & (values != "")].unique()
            meant = {value: id_ for value in odd if (id_ := _only_match(value, known))}
            if not meant:
                continue
            for k in np.flatnonzero(values.isin(list(meant)).to_numpy(bool)):
                value = str(values.iloc[k])
                params = {"read_as": meant[value]}
                details = {"field": column.name, "value": value, "severity": "note", "params": params}
                faults.append(layer.fault("id-read-as", at=int(k), **details))
            frame = frame.assign(**{column.name: values.replace(meant)})
        if frame is not layer.frame:
            changed.append(layer.with_frame(frame))
    return county.with_layers(*changed), faults


def _ids(county: ImportedCounty, name: str) -> list[str]:
    return [str(id_) for id_ in county.layers[name].frame.index]


def _only_match(value: str, known: pd.Index) -> str:
    """Return the only id that a reference can mean, "" if none or several."""
    texts = [str(id_) for id_ in known]
    found = {id_ for id_ in texts if id_.casefold() == value.casefold()}
    if not found and value.isdecimal():
        found = {id_ for id_ in texts if id_.isdecimal() and len(id_) > len(value) and id_ == value.zfill(len(id_))}
    return found.pop() if len(found) == 1 else ""


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

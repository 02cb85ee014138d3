"""A planner's conditions turned into arrays: ids and names into rows, kilometres into metres, money into columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.actions.closest import Closest
from api.actions.open_county import OpenCounty
from api.actions.plan_conditions import Conditions
from api.actions.show import township_names
from gis.faults import Fault, FaultsError
from planning.population import share_out
from planning.services import Service


def rules_of(at_hand: OpenCounty, conditions: Conditions) -> dict[str, Any]:
    """Return the part of a siting problem that says which sets of sites are allowed.

    Parameters
    ----------
    at_hand
        Every demand point is a candidate.
    conditions

    Returns
    -------
    dict
        Keywords of ``SitingProblem.from_arrays``.

    Raises
    ------
    FaultsError
        With every place and township that is not known, is not the only one of its name, or is named twice.
    """
    faults: list[Fault] = []
    townships = township_labels(at_hand)
    limits = _township_limits(conditions, townships, faults)
    status = _statuses(at_hand.demand, conditions, faults)
    if faults:
        raise FaultsError(faults)
    rules: dict[str, Any] = {"status": status, "max_time_s": conditions.max_time_s}
    if townships is not None:
        rules["demand_townships"] = townships
    if limits:
        rules |= {"townships": townships, "township_limits": limits}
    if conditions.separation_m is not None:
        rules |= {"positions": at_hand.demand_xy, "separation_m": conditions.separation_m}
    return rules


def means_of(conditions: Conditions, service: Service, weights: NDArray[np.int64]) -> dict[str, Any]:
    """Return what sites can take and what they cost, as keywords of ``SitingProblem.from_arrays``.

    Parameters
    ----------
    conditions
    service
        Says how much of a site's capacity 1,000 people need, and what a site usually costs.
    weights : (n,) int64
        People at each demand point; each is a candidate.
    """
    count = len(weights)
    opening = service.opening_yuan if conditions.opening_yuan is None else conditions.opening_yuan
    closing = service.closing_yuan if conditions.closing_yuan is None else conditions.closing_yuan
    means: dict[str, Any] = {
        "opening_costs": np.full(count, opening),
        "closing_costs": np.full(count, closing),
    }
    if conditions.capacity is not None:
        needed = (2 * int(weights.sum()) * service.load_per_mille + 1000) // 2000
        loads = share_out(weights.astype(np.float64), needed)
        included = service.included if conditions.included is None else conditions.included
        extension = service.extension_yuan if conditions.extension_yuan is None else conditions.extension_yuan
        means |= {"capacities": np.full(count, conditions.capacity), "loads": loads}
        means |= {"included": np.full(count, included), "extension_costs": np.full(count, extension)}
    return means


def township_labels(at_hand: OpenCounty) -> NDArray[Any] | None:
    """Return (n,) the township of each demand point as people call it; ``None`` if the county gives none.

    Townships of the same name are told apart by their ids.
    """
    if "township_id" not in at_hand.demand:
        return None
    names = township_names(at_hand)
    repeated = {name for name in names.values() if list(names.values()).count(name) > 1}
    labels = {id_: f"{name} ({id_})" if name in repeated else name for id_, name in names.items()}
    ids = at_hand.demand["township_id"].fillna("").astype(str)
    return np.array([labels.get(id_, id_) for id_ in ids], dtype=object)


def _statuses(demand: pd.DataFrame, conditions: Conditions, faults: list[Fault]) -> NDArray[np.object_]:
    status = np.full(len(demand), "candidate", dtype=object)
    named: dict[int, str] = {}
    rows_of = _rows_by_word(demand)
    closest = Closest(rows_of)
    for place, kind in conditions.status:
        rows = rows_of.get(place, [])
        if len(rows) == 1 and named.setdefault(rows[0], kind) == kind:
            status[rows[0]] = kind
        elif len(rows) == 1:
            faults.append(Fault("status-twice", field="status", value=place))
        elif rows:
            ids = ", ".join(str(demand.index[row]) for row in rows)
            faults.append(Fault("ambiguous-place", field="status", value=place, params={"ids": ids}))
        else:
            faults.append(Fault("unknown-place", field="status", value=place, params={"closest": closest.to(place)}))
    return status


def _rows_by_word(demand: pd.DataFrame) -> dict[str, list[int]]:
    """Return id or name -> rows; an id goes before a name that looks like one."""
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(demand["name"].astype(str)):
        rows.setdefault(name, []).append(row)
    return rows | {str(id_): [row] for row, id_ in enumerate(demand.index)}


def _township_limits(
    conditions: Conditions, labels: NDArray[Any] | None, faults: list[Fault]
) -> dict[str, tuple[int, int | None]]:
    if labels is None:
        if conditions.townships or conditions.every_township is not None:
            faults.append(Fault("missing-layer", layer="townships", field="township"))
        return {}
    known = sorted({str(label) for label in labels if label})
    limits: dict[str, tuple[int, int | None]] = {}
    if conditions.every_township:
        limits = dict.fromkeys(known, (conditions.every_township, None))
    for limit in conditions.townships:
        if limit.township in known:
            limits[limit.township] = (limit.least, limit.most)
        else:
            told = {"known": "、".join(known)}
            faults.append(Fault("unknown-township", field="township", value=limit.township, params=told))
    return limits

"""On what closed roads are tried: the county as it is built, or as the question of a plan has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.actions.open_county import OpenCounty
from api.actions.posed import resolved_at, standing_facilities
from gis.faults import Fault, FaultsError
from gis.network import RoadNetwork
from planning.groups import Base, Group
from planning.population import Weights, demand_weights
from planning.scenario.question import PlanQuestion


@dataclass(frozen=True, eq=False)
class Ground:
    """What is reached, by whom and on which roads, before any more of them is closed.

    Parameters
    ----------
    ids : (k,) object
        Of the places to reach.
    xy : (k, 2) float64
        Metres.
    counted
        Who counts at each demand point.
    network
        Arcs ``2 k`` and ``2 k + 1`` are piece k of the county's roads there and back.
    """

    ids: NDArray[np.object_]
    xy: NDArray[np.float64]
    counted: Weights
    network: RoadNetwork


def ground_of_plan(at_hand: OpenCounty, question: PlanQuestion, opened: Iterable[str]) -> Ground:
    """Return the sites of a plan among the people and on the roads that its question has, edits included.

    Parameters
    ----------
    at_hand
    question
        Of the plan, with its defaults.
    opened
        Ids of the candidates that the plan opens.
    """
    resolved = resolved_at(at_hand, question)
    row_of = {str(id_): row for row, id_ in enumerate(resolved.candidates.ids)}
    rows = [row_of[site] for site in opened]
    network = at_hand.edited_network(str(resolved.question.mode), resolved.roads)
    return Ground(resolved.candidates.ids[rows], resolved.candidates.positions[rows], resolved.weights, network)


def ground_of_county(
    at_hand: OpenCounty, named: tuple[str, ...], *, kind: str, mode: str, base: Base, group: Group
) -> Ground:
    """Return places of the county as it is built: those named, or all facilities of a kind that stand.

    Parameters
    ----------
    at_hand
    named
        Ids; a place that people live in goes before a facility of its id.
    kind
        Of facilities, where none is named.
    mode, base, group

    Raises
    ------
    FaultsError
        All ids that are not known; ``unknown-facility-kind`` where nothing of the kind stands.
    """
    layer = at_hand.county.layer("facilities") if at_hand.county.has("facilities") else at_hand.demand.iloc[:0]
    if named:
        frames = [frame.loc[frame.index.isin(named), ["geometry"]] for frame in (at_hand.demand, layer)]
        found = pd.concat(frames)
        found = found[~found.index.duplicated()]
    else:
        standing = standing_facilities(layer)
        found = standing[standing["kind"] == kind] if "kind" in standing else standing
    faults = [Fault("unknown-id", field="facilities", value=id_) for id_ in named if id_ not in found.index]
    if not named and not len(found):
        faults.append(Fault("unknown-facility-kind", field="kind", value=kind))
    if faults:
        raise FaultsError(faults)
    ids = found.index.astype(str).to_numpy(dtype=np.object_)
    counted = demand_weights(at_hand.demand, base=base, group=group)
    return Ground(ids, at_hand.metres(found), counted, at_hand.network(mode))

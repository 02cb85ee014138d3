"""What sites can take and what they cost: conditions, service and edits as columns of the candidates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.population import share_out
from planning.scenario.candidates import UNKNOWN, Candidates
from planning.scenario.question import PlanQuestion
from planning.services import Service
from planning.siting import MODELS


def means_of(
    question: PlanQuestion, service: Service, weights: NDArray[np.int64], candidates: Candidates
) -> dict[str, Any]:
    """Return what sites can take and what they cost, as keywords of ``SitingProblem.from_arrays``.

    What stands has the places that it has, as far as these are told: more of them only where the model may buy more.

    Parameters
    ----------
    question
        With its defaults.
    service
        Says how much of a site's capacity 1,000 people need, and what a site usually costs.
    weights : (n,) int64
        People at each demand point.
    candidates
    """
    conditions = question.conditions

    def column(name: str) -> NDArray[np.int64]:
        given = getattr(conditions, name)
        return np.full(len(candidates), getattr(service, name) if given is None else given)

    means = {"opening_costs": column("opening_yuan"), "closing_costs": column("closing_yuan")}
    if conditions.capacity is not None:
        needed = (2 * int(weights.sum()) * service.load_per_mille + 1000) // 2000
        loads = share_out(weights.astype(np.float64), needed)
        told = candidates.stands & (candidates.capacities != UNKNOWN)
        most = np.full(len(candidates), conditions.capacity)
        extends = "yuan" in MODELS[str(question.model)].counts
        capacities = np.where(told, np.maximum(candidates.capacities, most if extends else 0), most)
        included = np.where(told, candidates.capacities, column("included"))
        means |= {"capacities": capacities, "loads": loads}
        means |= {"included": included, "extension_costs": column("extension_yuan")}
    return means


def with_capacities(means: dict[str, Any], capacities: Mapping[int, int], candidates: Candidates) -> dict[str, Any]:
    """Return what sites can take with the capacity of single ones changed; one that stands has it as it stands.

    Parameters
    ----------
    means
        From :func:`means_of`.
    capacities
        Row of a candidate -> what it takes, whatever the others do.
    candidates
    """
    if "capacities" not in means:
        return means
    most, included = means["capacities"].copy(), means["included"].copy()
    for row, capacity in capacities.items():
        most[row] = capacity
        included[row] = capacity if candidates.stands[row] else min(included[row], capacity)
    return means | {"capacities": most, "included": included}

"""Covers with loads as a question about capacities, said for the checker: a last site takes whoever is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from planning.siting.problem import SitingProblem
from planning.siting.proof.capacity_certificate import CapacityCertificate
from planning.siting.proof.capacity_tree import CapacityQuestion, proves
from planning.siting.rules import NO_TOWNSHIP, STATUSES, Rules


def least_cost(
    problem: SitingProblem,
    costs: NDArray[np.int64],
    left_out: NDArray[np.int64],
    certificate: CapacityCertificate,
    *,
    sites: int,
) -> int | None:
    """Return what every plan of so many sites costs at least; ``None`` where the certificate does not prove it.

    Parameters
    ----------
    problem
    costs : (n, m) int64
        What sending each demand point to each site costs; negative where it may not be sent.
    left_out : (n,) int64
        What leaving it out costs; negative where it may not be, 0 where it does not count.
    certificate
        About one site more: the last, always opened, that takes all who are left out.
    sites
    """
    capacity, rules = problem.capacity, problem.rules
    if capacity is None or certificate.sites != sites + 1 or not certificate.whole:
        return None
    total = capacity.loads.sum()
    counts = left_out != 0
    question = CapacityQuestion(
        np.concatenate([costs, left_out[:, None]], axis=1)[counts],
        capacity.loads[counts],
        np.append(capacity.capacities.clip(max=total), total),
        np.append(capacity.minimum_loads.clip(max=total + 1), 0),
        _with_last(rules),
    )
    bound: int = certificate.bound
    return bound if proves(question, certificate) else None


def _with_last(rules: Rules) -> Rules:
    status = np.concatenate([rules.status, [STATUSES.index("existing")]])
    return replace(
        rules, status=status.astype(np.int8), township=np.concatenate([rules.township, [NO_TOWNSHIP]]).astype(np.int64)
    )

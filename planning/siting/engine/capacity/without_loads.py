"""The question without loads and extensions: easier, with a proof, and no plan with loads costs less."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.capped.question import CappedQuestion
from planning.siting.engine.capped.search import CappedSearch
from planning.siting.limits import Limits
from planning.siting.problem import SitingProblem

NODES = 100
"""What it cannot close by then is left to the loads."""


def bound_without_loads(
    problem: SitingProblem, question: CappedQuestion, limits: Limits
) -> tuple[object | None, int, NDArray[np.int64] | None]:
    """Return a bound without loads and extensions, its proof, and the best sites found for that."""
    if not len(question.costs):
        return None, 0, None
    people = problem.weights[problem.inhabited]
    further = len(question.costs) - len(people)  # demand points where nobody lives
    search = CappedSearch(question, np.pad(people, (0, further), constant_values=1), limits.quiet())
    search.begin()
    certificate = search.run(nodes=NODES)
    return certificate, certificate.bound, search.incumbent.plan

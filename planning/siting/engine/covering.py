"""Set covering: fewest candidates so that every demand point is covered, and the proof of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.engine.branching import Search
from planning.siting.engine.solver import Answer, Program, Tell, describe, solve
from planning.siting.limits import Limits, Progress
from planning.siting.proof.certificate import Certificate

Bools = NDArray[np.bool_]
FINEST = 2**30
PROOF_NODES = 20


@dataclass(frozen=True, eq=False)
class Cover:
    """A cover and what is proven about it.

    Parameters
    ----------
    opened : (k,) int64
        Candidates that cover every demand point.
    bound
        No cover has fewer.
    certificate
        Exact proof that one site fewer than its own ``sites + 1`` leaves somebody uncovered.
    by_solver
        Whether `bound` rests on the solver's word rather than on the certificate.
    solver
        Which solver was asked, or nothing.
    """

    opened: NDArray[np.int64]
    bound: int
    certificate: Certificate | None
    by_solver: bool
    solver: str


def smallest_cover(covers: Bools, limits: Limits) -> Cover:
    """Find the fewest candidates that cover every demand point.

    Parameters
    ----------
    covers : (n, m) bool
        Whether the candidate covers the demand point; each demand point has at least one.

    Notes
    -----
    Dominated demand points and candidates are dropped (Toregas & ReVelle 1973), HiGHS solves the
    rest. The bound is then proven without HiGHS: with k − 1 sites somebody stays uncovered, by the
    multipliers of the linear relaxation rounded to integers, branched on where they do not suffice.
    """
    opened = _prune(covers, _cover_greedily(covers))
    limits.report(Progress(len(opened), 1))
    rows, columns = reduce_cover(covers)
    core = covers[np.ix_(rows, columns)]
    relaxed = _solve(core, limits, whole=False)
    duals = np.zeros(len(covers))
    if relaxed.duals is not None:
        duals[rows] = np.maximum(relaxed.duals, 0.0)

    def tell(cost: float, bound: float) -> None:
        found = min(len(opened), round(cost)) if np.isfinite(cost) else len(opened)
        limits.report(Progress(found, _whole_bound(bound, found)))

    answer = _solve(core, limits, whole=True, tell=tell)
    if answer.values is not None and answer.values.round().sum() < len(opened):
        opened = _prune(covers, np.sort(columns[answer.values > 0.5]))
    certificate = _prove(covers, duals, len(opened), limits)
    exact = certificate.sites + 1 if certificate else 1
    claimed = len(opened) if answer.proven else _whole_bound(answer.bound, len(opened))
    bound = max(exact, claimed)
    limits.report(Progress(len(opened), bound))
    return Cover(opened, bound, certificate, bound > exact, describe())


def reduce_cover(covers: Bools) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the demand points and candidates that decide a covering problem.

    A demand point goes when another is covered by a subset of its candidates; a candidate goes when
    another covers a superset of its demand points; of equals the lowest index stays.
    """
    rows, columns = np.arange(covers.shape[0]), np.arange(covers.shape[1])
    while True:
        core = covers[np.ix_(rows, columns)]
        kept_rows = ~_contains_another(core)
        kept_columns = ~_contained_in_another(core[kept_rows].T)
        if kept_rows.all() and kept_columns.all():
            return rows, columns
        rows, columns = rows[kept_rows], columns[kept_columns]


def _contains_another(sets: Bools) -> Bools:
    """Return which sets (rows) contain another one; of equal sets all but the first."""
    shared, sizes = _overlaps(sets)
    contains = shared == sizes[None, :]
    return _loses(contains, sizes)


def _contained_in_another(sets: Bools) -> Bools:
    shared, sizes = _overlaps(sets)
    return _loses(shared == sizes[:, None], sizes)


def _overlaps(sets: Bools) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    numbers = sets.astype(np.float32)
    return numbers @ numbers.T, numbers.sum(axis=1)


def _loses(beaten_by: Bools, sizes: NDArray[np.float32]) -> Bools:
    equal = beaten_by & (sizes[:, None] == sizes[None, :])
    earlier = np.tri(len(sizes), k=-1, dtype=bool)
    return np.asarray((beaten_by & ~equal).any(axis=1) | (equal & earlier).any(axis=1))


def _cover_greedily(covers: Bools) -> NDArray[np.int64]:
    """Open the candidate that covers most of what is left, until nothing is left."""
    left = np.ones(len(covers), bool)
    opened: list[int] = []
    while left.any():
        opened.append(int(np.argmax(covers[left].sum(axis=0))))
        left &= ~covers[:, opened[-1]]
    return np.array(opened, np.int64)


def _prune(covers: Bools, opened: NDArray[np.int64]) -> NDArray[np.int64]:
    """Close, last opened first, every site that the others make needless."""
    kept = list(map(int, opened))
    times = covers[:, kept].sum(axis=1)
    for site in reversed(opened.tolist()):
        if (times[covers[:, site]] > 1).all():
            kept.remove(site)
            times -= covers[:, site]
    return np.sort(np.array(kept, np.int64))


def _whole_bound(bound: float, sites: int) -> int:
    return min(int(np.ceil(bound - 1e-6)), sites) if np.isfinite(bound) and bound > 1 else 1


def _solve(core: Bools, limits: Limits, *, whole: bool, tell: Tell | None = None) -> Answer:
    count, size = core.shape
    program = Program(
        cost=np.ones(size),
        rows=csr_array(core.astype(np.float64)),
        least=np.ones(count),
        most=np.full(count, np.inf),
        whole=np.full(size, whole),
        lowest=np.zeros(size),
    )
    return solve(program, limits=limits, tell=tell)


def _prove(covers: Bools, duals: NDArray[np.float64], sites: int, limits: Limits) -> Certificate | None:
    """Prove, for the largest k we can, that k − 1 sites leave somebody uncovered."""
    most = float((duals @ covers).max(initial=0.0))
    by_relaxation = int(np.ceil(duals.sum() / most - 1e-6)) if most > 0 else 1
    uncovered = (~covers).astype(np.int64)
    for count, nodes in ((sites, PROOF_NODES), (by_relaxation, 1)):
        if not 1 < count <= covers.shape[1]:
            continue
        search = Search(uncovered, count - 1, np.ones(len(covers)), limits, finest=FINEST, below=1)
        certificate = search.run(start=duals / max(most, 1e-9), nodes=nodes)
        if certificate.bound >= 1:
            return certificate
    return None

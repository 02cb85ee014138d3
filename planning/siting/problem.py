"""A siting problem: who travels how long to which candidate, checked once at construction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, TypeVar, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.cost_matrix import UNREACHABLE, CostMatrix
from gis.faults import Fault, FaultsError
from planning.siting.capacity import Capacity
from planning.siting.options import read_array, whole_column, whole_number
from planning.siting.rules import Rules

T = TypeVar("T")

LARGEST_OBJECTIVE = 2**53
"""Person-seconds stay below this, so that JSON readers and float64 hold them exactly."""


_RULES = ("status", "townships", "township_limits", "positions", "separation_m")
_CAPACITY = ("capacities", "loads", "minimum_loads", "included", "extension_costs")


class Given(TypedDict, total=False):
    """What :meth:`SitingProblem.from_arrays` may be given beside times and people: it says what each is."""

    demand_ids: ArrayLike | None
    candidate_ids: ArrayLike | None
    status: ArrayLike | None
    townships: ArrayLike | None
    township_limits: Mapping[Any, tuple[int, int | None]] | None
    positions: ArrayLike | None
    separation_m: float | None
    max_time_s: int | None
    capacities: ArrayLike | None
    loads: ArrayLike | None
    minimum_loads: ArrayLike | None
    included: ArrayLike | None
    extension_costs: ArrayLike | None
    demand_townships: ArrayLike | None
    opening_costs: ArrayLike | None
    closing_costs: ArrayLike | None


@dataclass(frozen=True, eq=False)
class SitingProblem:
    """Demand points, candidates and the travel times between them.

    Build one with :meth:`from_arrays` or :meth:`from_matrix`, which check everything.

    Parameters
    ----------
    values : (n, m) int32
        Seconds from demand to candidate; ``UNREACHABLE`` where there is no way.
    weights : (n,) int64
        People (or elders) at each demand point, at least 0.
    demand_ids : (n,) array
    candidate_ids : (m,) array
    rules
        Which sets of sites are allowed.
    capacity
        What a site can take; ``None`` is no limit.
    max_time_s
        Nobody may travel longer; ``None`` is no limit.
    demand_townships : (n,) array
        Township of each demand point, empty strings if none were given.
    opening_costs, closing_costs : (m,) int64
        Yuan to open a candidate that does not stand today, and to close one that does.
    """

    values: NDArray[np.int32]
    weights: NDArray[np.int64]
    demand_ids: NDArray[Any]
    candidate_ids: NDArray[Any]
    rules: Rules
    capacity: Capacity | None
    max_time_s: int | None
    demand_townships: NDArray[Any]
    opening_costs: NDArray[np.int64]
    closing_costs: NDArray[np.int64]

    @classmethod
    def from_arrays(cls, values: ArrayLike, weights: ArrayLike, **given: Unpack[Given]) -> SitingProblem:
        """Check plain arrays and make a problem of them; everything but the first two is optional.

        Parameters
        ----------
        values : (n, m)
            Whole seconds: integers (negative is unreachable) or floats (``inf`` is unreachable).
        weights : (n,)
            Whole people, at least 0.
        demand_ids, candidate_ids
            Distinct names; the positions 0, 1, … when left out.
        status, townships, township_limits, positions, separation_m
            Which sets of sites are allowed: see :meth:`planning.siting.rules.Rules.from_arrays`.
        max_time_s
            Every inhabited demand point is within so many seconds of its site.
        capacities, loads, minimum_loads, included, extension_costs
            What a site can take: see :meth:`planning.siting.capacity.Capacity.from_arrays`.
        demand_townships : (n,)
            Township of each demand point, for models that compare townships.
        opening_costs, closing_costs : (m,)
            Whole yuan, 0 when left out, for models with a budget.

        Raises
        ------
        FaultsError
            With every fault found: wrong shapes, no demand or candidates, missing values (masked, NA,
            NaN), fractions, negative figures, double ids, or an objective that could reach 2⁵³.
        """
        if unknown := given.keys() - Given.__optional_keys__:
            raise TypeError(f"no array of a problem: {', '.join(sorted(unknown))}")
        faults: list[Fault] = []
        matrix, people = read_array("values", values, faults), read_array("weights", weights, faults)
        faults += _shape_faults(matrix, people)
        if matrix.ndim != 2 or matrix.size == 0:
            raise FaultsError(faults)
        faults += [*_cost_faults(matrix), *_weight_faults(people)]
        rest = _read(given, people, matrix.shape, faults)
        if faults:
            raise FaultsError(faults)
        seconds, counts = _whole_seconds(matrix), people.astype(np.int64)
        faults += _size_faults(seconds, counts)
        if faults:
            raise FaultsError(faults)
        for array in (seconds, counts):
            array.setflags(write=False)
        return cls(seconds, counts, **rest)

    @classmethod
    def from_matrix(cls, matrix: CostMatrix, weights: ArrayLike, **rest: Any) -> SitingProblem:
        """Make a problem of a cost matrix and the people at its origins; `rest` as in :meth:`from_arrays`."""
        return cls.from_arrays(
            matrix.seconds, weights, demand_ids=matrix.origin_ids, candidate_ids=matrix.destination_ids, **rest
        )

    @property
    def reachable(self) -> NDArray[np.bool_]:
        """(n, m) whether there is a way at all."""
        return np.asarray(self.values < UNREACHABLE)

    @property
    def allowed(self) -> NDArray[np.bool_]:
        """(n, m) whether a site may serve a demand point: reachable, and within ``max_time_s``."""
        if self.max_time_s is None:
            return self.reachable
        return np.asarray(self.values <= min(self.max_time_s, UNREACHABLE - 1))

    @property
    def inhabited(self) -> NDArray[np.bool_]:
        """(n,) whether anybody lives there."""
        return np.asarray(self.weights > 0)


def _read(given: Given, people: NDArray[Any], shape: tuple[int, int], faults: list[Fault]) -> dict[str, Any]:
    """Return all fields of a problem but times and people; what is wrong is added to `faults`."""
    n, m = shape
    wrong_people = any(fault.field == "weights" for fault in faults)

    def some(names: tuple[str, ...]) -> dict[str, Any]:
        return {name: given.get(name) for name in names}

    read: dict[str, Any] = {
        "demand_ids": _ids(given.get("demand_ids"), n, "demand_ids", faults),
        "candidate_ids": _ids(given.get("candidate_ids"), m, "candidate_ids", faults),
        "demand_townships": _ids(given.get("demand_townships"), n, "demand_townships", faults, distinct=False),
        "opening_costs": _yuan(given.get("opening_costs"), m, "opening_costs", faults),
        "closing_costs": _yuan(given.get("closing_costs"), m, "closing_costs", faults),
        "max_time_s": _seconds(given.get("max_time_s"), faults),
        "rules": _gather(faults, lambda: Rules.from_arrays(m, **some(_RULES))),
        "capacity": None,
    }
    if any(part is not None for part in some(_CAPACITY).values()):
        loads = np.zeros(n, np.int64) if wrong_people else people
        capacity = _gather(faults, lambda: Capacity.from_arrays(n, m, loads, **some(_CAPACITY)))
        limiting = some(("capacities", "minimum_loads", "extension_costs"))
        read["capacity"] = capacity if any(part is not None for part in limiting.values()) else None
    return read


def _shape_faults(matrix: NDArray[Any], people: NDArray[Any]) -> Iterator[Fault]:
    if matrix.ndim != 2:
        yield Fault("matrix-shape", field="values", value=str(matrix.shape))
    elif 0 in matrix.shape:
        yield Fault("no-demand" if matrix.shape[0] == 0 else "no-candidates", field="values", value=str(matrix.shape))
    if people.ndim != 1 or (matrix.ndim == 2 and people.shape != matrix.shape[:1]):
        yield Fault("weights-shape", field="weights", value=str(people.shape))
    for field, array in (("values", matrix), ("weights", people)):
        if array.dtype.kind not in "iuf":
            yield Fault("not-numeric", field=field, value=str(array.dtype))


def _cost_faults(matrix: NDArray[Any]) -> Iterator[Fault]:
    if matrix.dtype.kind not in "iuf":
        return
    if matrix.dtype.kind == "f":
        finite = matrix[np.isfinite(matrix)]
        yield from _count("not-finite", "values", np.isnan(matrix))
        yield from _count("fraction", "values", finite != np.floor(finite))
        yield from _count("below-zero", "values", matrix < 0)
    with np.errstate(invalid="ignore"):
        yield from _count("cost-too-large", "values", (matrix > UNREACHABLE) & (matrix < np.inf))


def _weight_faults(people: NDArray[Any]) -> Iterator[Fault]:
    if people.dtype.kind not in "iuf":
        return
    if people.dtype.kind == "f":
        yield from _count("not-finite", "weights", ~np.isfinite(people))
        finite = people[np.isfinite(people)]
        yield from _count("fraction", "weights", finite != np.floor(finite))
    yield from _count("below-zero", "weights", people < 0)
    yield from _count("weight-too-large", "weights", people >= float(LARGEST_OBJECTIVE))


def _count(code: str, field: str, wrong: NDArray[np.bool_]) -> Iterator[Fault]:
    count = int(np.count_nonzero(wrong))
    if count:
        yield Fault(code, field=field, value=str(count), params={"count": count})


def _gather(faults: list[Fault], make: Callable[[], T]) -> T | None:
    """Return what `make` makes, or keep its faults for the common report."""
    try:
        return make()
    except FaultsError as error:
        faults += error.faults
        return None


def _yuan(given: ArrayLike | None, count: int, field: str, faults: list[Fault]) -> NDArray[np.int64]:
    return whole_column(np.zeros(count, np.int64) if given is None else given, count, field, faults)


def _seconds(given: object, faults: list[Fault]) -> int | None:
    return None if given is None else _gather(faults, lambda: whole_number("max_time_s", given, least=0))


def _ids(
    given: ArrayLike | None, count: int, field: str, faults: list[Fault], *, distinct: bool = True
) -> NDArray[Any]:
    missing: NDArray[Any] = np.arange(count) if distinct else np.full(count, "")
    ids: NDArray[Any] = missing if given is None else read_array(field, given, faults)
    if ids.shape != (count,):
        faults.append(Fault("ids-shape", field=field, value=str(ids.shape), params={"count": count}))
        return ids
    if not distinct:
        return ids
    _, first, repeats = np.unique(ids.astype(str), return_index=True, return_counts=True)
    faults += [Fault("repeated-id", field=field, value=str(ids[k])) for k in first[repeats > 1]]
    return ids


def _whole_seconds(matrix: NDArray[Any]) -> NDArray[np.int32]:
    seconds = np.full(matrix.shape, UNREACHABLE, np.int32)  # narrow integers do not hold that number
    np.copyto(seconds, matrix, casting="unsafe", where=(matrix >= 0) & (matrix < UNREACHABLE))
    return seconds


def _size_faults(seconds: NDArray[np.int32], people: NDArray[np.int64]) -> Iterator[Fault]:
    farthest = np.where(seconds < UNREACHABLE, seconds, 0).max(axis=1)
    worst = sum(int(w) * max(1, int(s)) for w, s in zip(people, farthest, strict=True))
    if worst >= LARGEST_OBJECTIVE:
        yield Fault("objective-too-large", field="weights", value=str(worst))

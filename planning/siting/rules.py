"""Which sets of sites are allowed, whichever the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gis.faults import Fault, FaultsError
from planning.siting.options import LARGEST_FIGURE, is_number, read_array

Status = Literal["candidate", "existing", "closable", "required", "excluded", "closed"]
STATUSES: tuple[Status, ...] = ("candidate", "existing", "closable", "required", "excluded", "closed")
NO_TOWNSHIP = -1


@dataclass(frozen=True, eq=False)
class Rules:
    """What a plan may open.

    Parameters
    ----------
    status : (m,) int8
        Position in ``STATUSES``. ``existing`` (既有) stands and stays, ``required`` (必选) is built in
        any case, ``excluded`` (排除) never is; ``closable`` stands today and is a candidate like any
        other, except that a budget also pays for closing it; ``closed`` (停办) stands today and is closed in
        any case, which a budget pays for too.
    township : (m,) int64
        Position in `townships` of each candidate, ``NO_TOWNSHIP`` where no limit is set.
    townships : (g,) array
        Names of the townships with a limit.
    least, most : (g,) int64
        Sites at least and at most in each of them.
    apart : (k, 2) int64
        Pairs of candidates too near to each other to open both, each with its lower position first;
        two that both stand today (``existing``) are never a pair.
    separation_m
        The distance behind `apart`, ``None`` if none was asked.
    """

    status: NDArray[np.int8]
    township: NDArray[np.int64]
    townships: NDArray[Any]
    least: NDArray[np.int64]
    most: NDArray[np.int64]
    apart: NDArray[np.int64]
    separation_m: float | None = None

    @classmethod
    def from_arrays(
        cls,
        count: int,
        *,
        status: ArrayLike | None = None,
        townships: ArrayLike | None = None,
        township_limits: Mapping[Any, tuple[int, int | None]] | None = None,
        positions: ArrayLike | None = None,
        separation_m: float | None = None,
    ) -> Rules:
        """Check plain arrays and make rules of them.

        Parameters
        ----------
        count
            Number of candidates, m.
        status : (m,) of ``STATUSES``
            All ``candidate`` when left out.
        townships : (m,)
            Township of each candidate.
        township_limits
            Township -> (at least, at most); ``None`` is no upper limit.
        positions : (m, 2) float64
            Metres east and north of each candidate.
        separation_m
            Two opened sites lie at least so far apart.

        Raises
        ------
        FaultsError
            With everything that is wrong.
        """
        faults: list[Fault] = []
        names = _column(townships, count, "townships", faults)
        limits = _limits(
            {} if township_limits is None else township_limits, names, faults, given_names=townships is not None
        )
        kinds = _statuses(status, count, faults)
        apart = _pairs(positions, separation_m, count, kinds, faults)
        if faults:
            raise FaultsError(faults)
        known = np.array(list(limits), dtype=object)
        place = {name: k for k, name in enumerate(limits)}
        of = [NO_TOWNSHIP] * count if names is None else [place.get(str(name), NO_TOWNSHIP) for name in names]
        least = np.array([low for low, _ in limits.values()], np.int64)
        most = np.array([count if high is None else high for _, high in limits.values()], np.int64)
        return cls(kinds, np.array(of, np.int64), known, least, most, apart, separation_m)

    @property
    def kept(self) -> NDArray[np.bool_]:
        """(m,) opened in any plan: existing or required."""
        return np.asarray(np.isin(self.status, (STATUSES.index("existing"), STATUSES.index("required"))))

    @property
    def barred(self) -> NDArray[np.bool_]:
        """(m,) opened in no plan."""
        return np.asarray(np.isin(self.status, (STATUSES.index("excluded"), STATUSES.index("closed"))))

    @property
    def stands(self) -> NDArray[np.bool_]:
        """(m,) stands today: existing, closable or closed."""
        return np.asarray(np.isin(self.status, [STATUSES.index(name) for name in ("existing", "closable", "closed")]))

    @property
    def plain(self) -> bool:
        """Whether any set of sites is allowed."""
        return not (self.kept.any() or self.barred.any() or len(self.townships) or len(self.apart))

    def broken_by(self, opened: NDArray[np.int64]) -> bool:
        """Whether a set of sites breaks a rule."""
        chosen = np.zeros(len(self.status), bool)
        chosen[opened] = True
        of = self.township[opened]
        in_township = np.bincount(of[of >= 0], minlength=len(self.townships))
        return bool(
            (self.kept & ~chosen).any()
            or (self.barred & chosen).any()
            or (in_township < self.least).any()
            or (in_township > self.most).any()
            or chosen[self.apart].all(axis=1).any()
        )


def _column(given: ArrayLike | None, count: int, field: str, faults: list[Fault]) -> NDArray[Any] | None:
    if given is None:
        return None
    column = read_array(field, given, faults).astype(object)
    if column.shape != (count,):
        faults.append(Fault("column-shape", field=field, value=str(column.shape), params={"count": count}))
        return None
    return column


def _statuses(given: ArrayLike | None, count: int, faults: list[Fault]) -> NDArray[np.int8]:
    column = _column(given, count, "status", faults)
    if column is None:
        return np.zeros(count, np.int8)
    place: dict[str, int] = {name: k for k, name in enumerate(STATUSES)}
    names = [str(name) for name in column]
    faults += [Fault("status-unknown", field="status", value=name) for name in sorted(set(names) - set(place))]
    return np.array([place.get(name, 0) for name in names], np.int8)


def _limits(
    given: object, names: NDArray[Any] | None, faults: list[Fault], *, given_names: bool
) -> dict[str, tuple[int, int | None]]:
    if given and not given_names:
        faults.append(Fault("townships-missing", field="townships"))
    known = set() if names is None else {str(name) for name in names}
    limits: dict[str, tuple[int, int | None]] = {}
    if not isinstance(given, Mapping):
        faults.append(Fault("township-limit", field="township_limits", value=str(given)))
        return limits
    for name, asked in given.items():
        if not _is_limit(asked):
            faults.append(Fault("township-limit", field="township_limits", value=f"{name}: {asked}"))
            continue
        low, high = asked
        if names is not None and str(name) not in known and low > 0:
            faults.append(Fault("township-unknown", field="township_limits", value=str(name)))
        limits[str(name)] = (low, high)
    return limits


def _is_limit(asked: object) -> bool:
    """Whether it is (at least, at most) in whole numbers, the second one perhaps missing."""
    if not isinstance(asked, Sequence) or len(asked) != 2:
        return False
    low, high = asked[0], LARGEST_FIGURE if asked[1] is None else asked[1]
    whole = all(isinstance(figure, int | np.integer) for figure in (low, high))
    return whole and 0 <= low <= high <= LARGEST_FIGURE


def _pairs(
    positions: ArrayLike | None,
    separation_m: float | None,
    count: int,
    kinds: NDArray[np.int8],
    faults: list[Fault],
) -> NDArray[np.int64]:
    none = np.empty((0, 2), np.int64)
    if separation_m is None:
        return none
    if not is_number(separation_m) or separation_m < 0:
        faults.append(Fault("separation-wrong", field="separation_m", value=str(separation_m)))
        return none
    xy = np.full((0, 2), np.nan) if positions is None else read_array("positions", positions, faults)
    if xy.shape != (count, 2) or xy.dtype.kind not in "iuf" or not np.isfinite(xy).all():
        faults.append(Fault("positions-wrong", field="positions", value=str(xy.shape), params={"count": count}))
        return none
    stands = kinds == STATUSES.index("existing")
    found = []
    for k in range(count - 1):
        near = np.flatnonzero(np.hypot(*(xy[k + 1 :] - xy[k]).T) < separation_m) + k + 1
        near = near[~stands[near]] if stands[k] else near
        found.append(np.column_stack([np.full(len(near), k), near]))
    return np.concatenate(found).astype(np.int64) if found else none

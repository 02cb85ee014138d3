"""The reasons of a conflict, read one by one: their form, whether they are asked indeed, and what counting says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gis.cost_matrix import UNREACHABLE
from planning.siting.problem import SitingProblem
from planning.siting.proof.statement import added_yuan, closing_yuan
from planning.siting.solution import Reason

SERVES = frozenset({"nobody-reaches", "everyone-served", "max-time"})


@dataclass(eq=False)
class Asked:
    """Some of what is asked, and what counting says about it."""

    problem: SitingProblem
    served: list[bool]
    options: dict[str, int]
    kept: set[int] = field(default_factory=set)
    barred: set[int] = field(default_factory=set)
    least: dict[int, int] = field(default_factory=dict)
    most: dict[int, int] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    fewest: int = 0  # sites that reach everyone within the limit, as far as proven

    def contradictory(self) -> bool:
        """Whether counting shows that no plan keeps to all of it."""
        low, high = self.counts()
        p = self.options.get("p", -1)
        return (
            any(a > b for a, b in zip(low, high, strict=True))
            or ("few" in self.codes and self.needed() > p)
            or ("many" in self.codes and sum(high) < p)
            or (
                "apart" in self.codes
                and any(a in self.kept and b in self.kept for a, b in self.problem.rules.apart.tolist())
            )
            or bool(self.cut_off())
            or self.beds_short() > 0
            or self.loads_short() > 0
            or self.yuan_short() > 0
        )

    def township(self, site: int) -> int:
        """Return the township of a site; those without limits come last, together."""
        return int(self.problem.rules.township[site])

    def counts(self) -> tuple[list[int], list[int]]:
        """Return the sites that each township has at least and at most; the last entry is everywhere else."""
        towns, sites = len(self.problem.rules.townships), range(len(self.problem.candidate_ids))
        kept, usable = [0] * (towns + 1), [0] * (towns + 1)
        for site in sites:
            kept[self.township(site)] += site in self.kept
            usable[self.township(site)] += site not in self.barred
        low = [max(kept[t], self.least.get(t, 0)) for t in range(towns)]
        high = [min(usable[t], self.most.get(t, usable[t])) for t in range(towns)]
        return [*low, kept[towns]], [*high, usable[towns]]

    def cut_off(self) -> list[Any]:
        """Return the ids of those who must be served and cannot be."""
        if not self.codes & SERVES:
            return []
        limits = [UNREACHABLE - 1]
        if "max-time" in self.codes and self.problem.max_time_s is not None:
            limits.append(self.problem.max_time_s)
        if "limit" in self.codes:
            limits.append(self.options["limit_s"])
        usable = [site for site in range(len(self.problem.candidate_ids)) if site not in self.barred]
        far = (self.problem.values[:, usable] > min(limits)).all(axis=1)
        return list(self.problem.demand_ids[far & np.array(self.served)].tolist())

    def beds_short(self) -> int:
        """Return the load without a place even in the roomiest sites."""
        capacity = self.problem.capacity
        if capacity is None or "capacity" not in self.codes or not self.codes & SERVES:
            return 0
        room = capacity.capacities.tolist()
        limit = self.options["p"] if "few" in self.codes else len(room)
        chosen = self._fill(
            lambda site: -room[site], lambda there, t, _site: sum(there) < limit and there[t] < self.counts()[1][t]
        )
        return int(self._load() - sum(room[site] for site in chosen))

    def needed(self) -> int:
        """Return how many sites there must be at least: for the rules, to reach everyone, for room for everyone."""
        capacity, total = self.problem.capacity, 0
        if not self.codes & SERVES:
            return sum(self.counts()[0])
        reaching = self.fewest if "limit" in self.codes else 0
        if capacity is None or "capacity" not in self.codes:
            return max(reaching, sum(self.counts()[0]))
        rooms = dict(enumerate(capacity.capacities.tolist()))
        wanted = self._load() - sum(rooms[site] for site in self.kept)
        others = sorted((rooms[site] for site in rooms.keys() - self.kept - self.barred), reverse=True)
        count, needed = len(self.kept), max(reaching, sum(self.counts()[0]))
        while total < wanted and others:
            total, count = total + others.pop(0), count + 1
        return max(count, needed) if total >= wanted else needed

    def loads_short(self) -> int:
        """Return the load that is missing to fill the least demanding sites."""
        capacity = self.problem.capacity
        if capacity is None or "minimum" not in self.codes:
            return 0
        return self._least_cost(capacity.minimum_loads.tolist()) - self._load()

    def yuan_short(self) -> int:
        """Return what the cheapest sites cost beyond the budget."""
        if "budget" not in self.codes:
            return 0
        least = self._least_cost(added_yuan(self.problem).tolist())
        return int(least + closing_yuan(self.problem) - self.options["budget"])

    def _load(self) -> int:
        """Return the load of all who must be served."""
        return 0 if self.problem.capacity is None else int(self.problem.capacity.loads[self.served].sum())

    def _least_cost(self, costs: list[int]) -> int:
        low = self.counts()[0]
        needed = self._fill(lambda site: costs[site], lambda there, t, _site: there[t] < low[t])
        wanted = self.options["p"] if "many" in self.codes else 0
        others = sorted(costs[j] for j in range(len(costs)) if j not in needed and j not in self.barred)
        total, count = sum(costs[j] for j in needed), len(needed)
        for cost in others:
            if cost < 0 or count < wanted:
                total, count = total + cost, count + 1
        return total

    def _fill(self, rank: Callable[[int], int], takes: Callable[[list[int], int, int], bool]) -> set[int]:
        """Return the kept sites and, in the order of `rank`, those that `takes` lets in."""
        there, chosen = [0] * (len(self.problem.rules.townships) + 1), set(self.kept)
        for site in chosen:
            there[self.township(site)] += 1
        for site in sorted(set(range(len(self.problem.candidate_ids))) - chosen - self.barred, key=rank):
            if takes(there, self.township(site), site):
                there[self.township(site)] += 1
                chosen.add(site)
        return chosen


_FIGURES: Mapping[str, frozenset[str]] = {
    code: frozenset(names.split())
    for code, names in {
        "must-open": "ids count",
        "excluded-sites": "ids count",
        "kept-too-near": "ids separation_m",
        "too-near": "separation_m",
        "township-short": "township least candidates",
        "township-least": "township least",
        "township-over": "township most kept",
        "township-most": "township most",
        "sites-too-few": "p needed",
        "sites-too-many": "p possible",
        "sites-not-possible": "p",
        "beds-short": "short",
        "capacity-tight": "",
        "load-short": "short",
        "minimum-loads": "",
        "budget-short": "budget short",
        "budget": "budget",
        "nobody-reaches": "ids count",
        "everyone-served": "",
        "max-time": "max_time_s ids count",
        "limit-short": "limit_s ids count",
    }.items()
}
"""What each reason tells."""


def is_true(reason: Reason, stated: Asked, full: Asked, *, counted: bool = True) -> bool:
    """Add a reason to what is stated; whether it has its form, is asked indeed, and its figures are true."""
    try:
        formed = reason.code in _FIGURES and set(reason.params) == _FIGURES[reason.code]
        return formed and _read(reason, stated, full, counted=counted)
    except (KeyError, TypeError, ValueError):
        return False


def _read(reason: Reason, stated: Asked, full: Asked, *, counted: bool) -> bool:
    code, params, problem = reason.code, reason.params, stated.problem
    rules = problem.rules
    if code in {"must-open", "excluded-sites", "kept-too-near"}:
        sites = _positions(problem.candidate_ids, params["ids"])
        among, named = (full.barred, stated.barred) if code == "excluded-sites" else (full.kept, stated.kept)
        named |= sites
        if code == "kept-too-near":
            stated.codes.add("apart")
        right = (
            params["separation_m"] == rules.separation_m if code == "kept-too-near" else params["count"] == len(sites)
        )
        return sites <= among and bool(right)
    if code.startswith("township-"):
        return _read_township(code, params, stated, full)
    if code.startswith("sites-"):
        return _read_number(code, params, stated, full, counted=counted)
    if code in _SHORTAGES:
        return _read_shortage(code, params, stated, full, counted=counted)
    if code == "too-near":
        stated.codes.add("apart")
        return "apart" in full.codes and bool(params["separation_m"] == rules.separation_m)
    return _read_times(code, params, stated, full)


def _read_number(code: str, params: Mapping[str, Any], stated: Asked, full: Asked, *, counted: bool) -> bool:
    sides = {"sites-too-few": {"few"}, "sites-too-many": {"many"}}.get(code, {"few", "many"})
    stated.codes |= sides
    p, most = stated.options["p"], sum(full.counts()[1])
    if not sides <= full.codes or params["p"] != p:
        return False
    if code == "sites-too-few":
        return bool(p < params["needed"] and (not counted or params["needed"] <= full.needed()))
    return code == "sites-not-possible" or bool(params["possible"] < p and (not counted or params["possible"] >= most))


_SHORTAGES: Mapping[str, str] = {
    "beds-short": "capacity",
    "capacity-tight": "capacity",
    "load-short": "minimum",
    "minimum-loads": "minimum",
    "budget-short": "budget",
    "budget": "budget",
}
"""Of which part something is missing."""


def _read_shortage(code: str, params: Mapping[str, Any], stated: Asked, full: Asked, *, counted: bool) -> bool:
    part = _SHORTAGES[code]
    stated.codes.add(part)
    short = {"capacity": full.beds_short, "minimum": full.loads_short, "budget": full.yuan_short}[part]()
    if part not in full.codes or ("budget" in params and params["budget"] != stated.options["budget"]):
        return False
    if "short" not in params:
        return not counted
    return bool(params["short"] == short > 0 if counted else params["short"] >= max(1, short))


def _read_township(code: str, params: Mapping[str, Any], stated: Asked, full: Asked) -> bool:
    names = [str(name) for name in stated.problem.rules.townships]
    town = names.index(params["township"])
    inside = [site for site in range(len(stated.problem.candidate_ids)) if stated.township(site) == town]
    figures = {
        "least": full.least[town],
        "most": full.most[town],
        "candidates": sum(site not in full.barred for site in inside),
        "kept": sum(site in full.kept for site in inside),
    }
    if code in {"township-short", "township-least"}:
        stated.least[town] = full.least[town]
    elif code in {"township-over", "township-most"}:
        stated.most[town] = full.most[town]
    limited = full.least[town] > 0 if "least" in params else full.most[town] < len(inside)
    return limited and all(figures[name] == figure for name, figure in params.items() if name != "township")


def _read_times(code: str, params: Mapping[str, Any], stated: Asked, full: Asked) -> bool:
    if code in {"nobody-reaches", "everyone-served"}:
        stated.codes.add(code)
        alone = Asked(stated.problem, stated.served, stated.options, barred=full.barred, codes={code})
        return "everyone-served" in full.codes and (code == "everyone-served" or _same(params, alone.cut_off()))
    if code == "max-time":
        stated.codes.add(code)
        return params["max_time_s"] == stated.problem.max_time_s is not None and _same(params, full.cut_off())
    if code == "limit-short":
        stated.codes.add("limit")
        asked = "limit" in full.codes and bool(params["limit_s"] == stated.options["limit_s"])
        return asked and _same(params, full.cut_off())
    return False


def _same(params: Mapping[str, Any], ids: list[Any]) -> bool:
    return list(params["ids"]) == ids and params["count"] == len(ids)


def _positions(ids: Iterable[Any], named: Iterable[Any]) -> set[int]:
    place = {str(name): k for k, name in enumerate(ids)}
    return {place[str(name)] for name in named}

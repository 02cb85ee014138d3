"""Parts of all plans, as a proof about cutoffs of groups divides them: sites fixed, and how many in each area."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.capped_question import CappedQuestion

LARGEST = 2**62
"""Numbers of which none, nor the sum of any two, exceeds this are safe in int64."""


class Part(NamedTuple):
    """The plans that open all sites of state 1, none of state −1, and so many in each area; none if not `alive`."""

    state: NDArray[np.int8]
    least: NDArray[np.int64]
    most: NDArray[np.int64]
    alive: bool = True


class _Queue(NamedTuple):
    """The free sites, area by area and cheapest first; those chosen are the first `taken` of each area."""

    sites: NDArray[np.int64]
    start: NDArray[np.int64]
    chosen: NDArray[np.bool_]
    taken: NDArray[np.int64]


class Parts:
    """How the parts of a question's plans are divided and narrowed.

    Parameters
    ----------
    question
    areas : (m,) int64
        Area of each site; townships with a limit come first.
    subsets : (s, m) int8
        Sites of an area that a part may be divided by.
    """

    def __init__(self, question: CappedQuestion, areas: NDArray[np.int64], subsets: NDArray[np.int8]) -> None:
        self.question, self.areas, self.subsets = question, areas, subsets != 0
        apart = question.rules.apart
        self._near = np.concatenate([apart, apart[:, ::-1]])
        # Python's own integers where 64 bits might not hold the yuan of all sites.
        heavy = sum(map(abs, question.site_costs.tolist())) + abs(question.spendable or 0) >= LARGEST
        self.yuan: NDArray[Any] = question.site_costs.astype(object if heavy else np.int64)

    def whole(self) -> Part:
        """Return all plans that open what is kept and nothing that is barred."""
        rules, m = self.question.rules, len(self.areas)
        state = np.where(rules.kept, 1, np.where(rules.barred, -1, 0)).astype(np.int8)
        others = max(len(rules.townships), int(self.areas.max(initial=0)) + 1) - len(rules.townships)
        least, most = np.append(rules.least, np.zeros(others, np.int64)), np.append(rules.most, np.full(others, m))
        return self.spread(Part(state, least, most, not (rules.kept & rules.barred).any()))

    def divide(self, part: Part, branch: int, count: int) -> tuple[Part, Part] | None:
        """Return the two halves of a part, which together are all of it; ``None`` if that is not so."""
        sites, areas = len(self.areas), len(part.least)
        if branch < sites:
            site = np.arange(sites) == branch
            return self._set(part, site, 1), self._set(part, site, -1)
        if branch < sites + areas:
            area = np.arange(areas) == branch - sites
            more = np.where(area, np.maximum(part.least, count), part.least)
            fewer = np.where(area, np.minimum(part.most, count - 1), part.most)
            return part._replace(least=more), part._replace(most=fewer)
        if branch >= sites + areas + len(self.subsets):
            return None
        subset = self.subsets[branch - sites - areas]
        area = int(self.areas[subset].min(initial=areas))
        if area == areas or (self.areas[subset] != area).any() or not part.least[area] == part.most[area] == 1:
            return None
        return self._set(part, (self.areas == area) & ~subset, -1), self._set(part, subset, -1)

    def spread(self, part: Part) -> Part:
        """Close what lies too near or is too dear, open what is too dear to close, until nothing follows."""
        while part.alive:
            near = np.zeros(len(part.state), bool)
            near[self._near[part.state[self._near[:, 0]] == 1, 1]] = True
            further = self._within_budget(self._set(part, near, -1))
            if (further.state == part.state).all():
                return further
            part = further
        return part

    def narrow(self, part: Part, prices: NDArray[Any], total: int, enough: int) -> Part:
        """Return what is left of a part once plans that cost more than `enough` are gone.

        Parameters
        ----------
        part
        prices : (m,) int
            What opening each site costs, in int64 or Python's own integers.
        total
            What every plan costs before the prices of its sites.
        enough
        """
        queue = self._choose(part, prices)
        if queue is None:
            return part._replace(alive=False)
        least = total + sum(prices[part.state == 1].tolist()) + sum(prices[queue.sites[queue.chosen]].tolist())
        if least > enough:
            return part._replace(alive=False)
        fixed_open, fixed_closed = self._fix_by_reduced_cost(part, prices, queue, enough - least)
        return self.spread(self._set(self._set(part, fixed_open, 1), fixed_closed, -1))

    def _set(self, part: Part, sites: NDArray[np.bool_], state: int) -> Part:
        """Return the plans of a part that open (1) or do not open (−1) these sites."""
        clash = (part.state[sites] == -state).any()
        return part._replace(state=np.where(sites, np.int8(state), part.state), alive=part.alive and not clash)

    def _within_budget(self, part: Part) -> Part:
        budget = self.question.spendable
        if budget is None:
            return part
        free = part.state == 0
        room = budget - int(self.yuan[part.state == 1].sum()) - int(np.minimum(0, self.yuan[free]).sum())
        if room < 0:
            return part._replace(alive=False)
        return self._set(self._set(part, free & (self.yuan > room), -1), free & (-self.yuan > room), 1)

    def _choose(self, part: Part, prices: NDArray[Any]) -> _Queue | None:
        """Choose the cheapest free sites to add, ``None`` if none fit: what areas lack, then the cheapest."""
        count, areas = self.question.sites, np.arange(len(part.least))
        free = np.flatnonzero(part.state == 0)
        free = free[np.argsort(prices[free], kind="stable")]
        free = free[np.argsort(self.areas[free], kind="stable")]
        of, price = self.areas[free], prices[free]
        start = np.searchsorted(of, np.append(areas, len(areas)))
        there = np.bincount(self.areas[part.state == 1], minlength=len(areas))
        place = there[of] + np.arange(len(free)) - start[of]  # how many its area has before it
        chosen = place < part.least[of]
        others = np.flatnonzero(~chosen & (place < part.most[of]) & (count is not None or price < 0))
        if count is not None:
            wanted = count - int(there.sum()) - np.count_nonzero(chosen)
            if not 0 <= wanted <= len(others):
                return None
            others = others[np.argsort(price[others], kind="stable")[:wanted]]
        chosen[others] = True
        taken = np.bincount(of[chosen], minlength=len(areas))
        fits = (part.least <= there + taken) & (there + taken <= part.most)
        return _Queue(free, start, chosen, taken) if fits.all() else None

    def _fix_by_reduced_cost(
        self, part: Part, prices: NDArray[Any], queue: _Queue, slack: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """(m,) the free sites that a better plan must open, and those that it cannot open.

        A chosen site can only give way to the cheapest that is not chosen, in its own area or where another
        fits; a site that is not chosen can only replace the dearest that is. With any number of sites, "no
        site" is one more choice, at price 0.
        """
        there = np.bincount(self.areas[part.state == 1], minlength=len(part.least)) + queue.taken
        spare, room = (there > part.least).tolist(), (there < part.most).tolist()
        ends = zip(
            queue.start.tolist(), (queue.start[:-1] + queue.taken).tolist(), queue.start[1:].tolist(), strict=False
        )
        blocks = [(queue.sites[first:middle], queue.sites[middle:end]) for first, middle, end in ends]
        dearest = [prices[inside[-1:]].tolist() for inside, _ in blocks]
        cheapest = [prices[outside[:1]].tolist() for _, outside in blocks]
        none = [0] if self.question.sites is None else []
        leaving = none + [v for values, may in zip(dearest, spare, strict=True) if may for v in values]
        entering = none + [v for values, may in zip(cheapest, room, strict=True) if may for v in values]
        fixed_open, fixed_closed = np.zeros(len(prices), bool), np.zeros(len(prices), bool)
        for area, (inside, outside) in enumerate(blocks):
            out = cheapest[area] + (entering if spare[area] else [])
            fixed_open[inside[prices[inside] < min(out) - slack] if out else inside] = True
            into = dearest[area] + (leaving if room[area] else [])
            fixed_closed[outside[prices[outside] > max(into) + slack] if into else outside] = True
        return fixed_open, fixed_closed

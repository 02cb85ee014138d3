"""The domain of a node of a proof, whichever the model: what is fixed of each site, and how many stand where.

Every node that divides plans by their sites says of a set of them: at least so many are opened, or fewer. Sets of
sites within the limits of disjoint areas and of all together are those of a truncated matroid: the cheapest one is
found greedily, and the cheapest one with (without) a site differs by a single exchange (Schrijver 2003, ch. 40).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from planning.siting.proof.certificate import CLOSED, FREE, OPENED
from planning.siting.proof.walk import closes
from planning.siting.rules import Rules

LARGEST = 2**62
"""Numbers of which none, nor the sum of any two, exceeds this are safe in int64."""
T = TypeVar("T")
Bools = NDArray[np.bool_]


class Domain(NamedTuple):
    """Plans that open all sites OPENED, none CLOSED, and so many in each area and in all; none if not `alive`.

    Parameters
    ----------
    state : (m,) int8
    areas : (m,) int64
        Area of each site.
    least, most : (g,) int64
        Sites in each area.
    fewest, limit
        Sites in all.
    alive
    """

    state: NDArray[np.int8]
    areas: NDArray[np.int64]
    least: NDArray[np.int64]
    most: NDArray[np.int64]
    fewest: int
    limit: int
    alive: bool = True

    def fix(self, sites: NDArray[Any], state: int) -> Domain:
        """Return the plans that open (OPENED) or do not open (CLOSED) some sites, given as a mask or by position."""
        after = self.state.copy()
        after[sites] = state
        return self._replace(state=after, alive=self.alive and not (self.state[sites] == -state).any())

    def divide_by_area(self, area: int, count: int) -> tuple[Domain, Domain]:
        """Return the plans with at least `count` sites in an area, and those with fewer."""
        here = np.arange(len(self.least)) == area
        more = self._replace(least=np.where(here, np.maximum(self.least, count), self.least))
        return more, self._replace(most=np.where(here, np.minimum(self.most, count - 1), self.most))

    def divide_by_set(self, sites: Bools) -> tuple[Domain, Domain]:
        """Return the plans with at least one of some sites, and those with none, where no area has a limit of its own.

        The sites become an area; areas that have some of them are forgotten.
        """
        least = self.least.copy()
        least[self.areas[sites]] = 0
        areas, least = np.where(sites, len(least), self.areas), np.append(least, 1)
        most = np.append(self.most, len(areas))
        return self._replace(areas=areas, least=least, most=most), self.fix(sites, CLOSED)

    def divide_one(self, sites: Bools) -> tuple[Domain, Domain] | None:
        """Return the plans with the one site of an area among these, and elsewhere; ``None`` unless they are of one."""
        area = int(self.areas[sites].min(initial=len(self.least)))
        if area == len(self.least) or (self.areas[sites] != area).any():
            return None
        if not self.least[area] == self.most[area] == 1:
            return None
        return self.fix((self.areas == area) & ~sites, CLOSED), self.fix(sites, CLOSED)

    def divide_by_count(self, count: int) -> tuple[Domain, Domain]:
        """Return the plans with at least so many sites in all, and those with fewer."""
        return self._replace(fewest=max(self.fewest, count)), self._replace(limit=min(self.limit, count - 1))


class Node(NamedTuple, Generic[T]):
    """A domain, and what the prices keep of it."""

    domain: Domain
    kept: T


class _Choice(NamedTuple):
    """The free sites, area by area and cheapest first; those chosen are the first `taken` of each area."""

    sites: NDArray[np.int64]
    start: NDArray[np.int64]
    chosen: Bools
    taken: NDArray[np.int64]


class Domains:
    """How the plans of a question are divided and narrowed.

    Parameters
    ----------
    rules
    fewest, limit
        Number of sites.
    areas : (m,) int64
        Area of each site, the townships with a limit under their own numbers; those townships when left out.
    yuan, budget : (m,) int, optional
        What each site costs, and the most that all may cost together.
    opens
        Whether a price may fix a site as opened.
    """

    def __init__(
        self,
        rules: Rules,
        fewest: int,
        limit: int,
        *,
        areas: NDArray[np.int64] | None = None,
        yuan: NDArray[Any] | None = None,
        budget: int | None = None,
        opens: bool = True,
    ) -> None:
        self.rules, self.fewest, self.limit = rules, fewest, limit
        self.areas = np.where(rules.township < 0, len(rules.townships), rules.township) if areas is None else areas
        self.yuan, self.budget = np.zeros(0) if yuan is None else yuan, budget
        self._opens, self._near = opens, np.concatenate([rules.apart, rules.apart[:, ::-1]])

    @classmethod
    def of_count(cls, rules: Rules, sites: int, *, exactly: bool = True) -> Domains:
        """Return those of plans with exactly (or at most) so many sites; where fewer will do, no price opens one."""
        return cls(rules, sites if exactly else 0, sites, opens=exactly)

    def everything(self) -> Domain:
        """Return all plans that open what is kept and nothing that is barred."""
        rules, m = self.rules, len(self.areas)
        state = np.where(rules.kept, OPENED, np.where(rules.barred, CLOSED, FREE)).astype(np.int8)
        others = max(len(rules.townships), int(self.areas.max(initial=0)) + 1) - len(rules.townships)
        least, most = np.append(rules.least, np.zeros(others, np.int64)), np.append(rules.most, np.full(others, m))
        alive = not (rules.kept & rules.barred).any()
        return self.propagate(Domain(state, self.areas, least, most, self.fewest, self.limit, alive))

    def leave_nothing(
        self,
        kept: T,
        branches: Sequence[int],
        narrow: Callable[[int, Node[T]], Node[T]],
        divide: Callable[[int, Node[T]], tuple[Node[T], Node[T]] | None] | None = None,
        is_empty: Callable[[int, Node[T]], bool] | None = None,
    ) -> bool:
        """Whether a tree over all plans leaves none: as :func:`closes`, whose nodes are domains with what is `kept`.

        A branch divides by its site, unless `divide` says how.
        """

        def alive(node: Node[T]) -> Node[T] | None:
            return node if node.domain.alive else None

        def halves(k: int, node: Node[T]) -> tuple[Node[T] | None, Node[T] | None] | None:
            found = self.divide(node, branches[k]) if divide is None else divide(k, node)
            return found and (alive(found[0]), alive(found[1]))

        start = alive(Node(self.everything(), kept))
        return closes(start, branches, lambda k, node: alive(narrow(k, node)), halves, is_empty)

    def divide(self, node: Node[T], site: int) -> tuple[Node[T], Node[T]]:
        """Return the plans with a site, and those without."""
        at = np.array([site])
        return self.halves(node, (node.domain.fix(at, OPENED), node.domain.fix(at, CLOSED)))

    def halves(self, node: Node[T], domains: tuple[Domain, Domain]) -> tuple[Node[T], Node[T]]:
        """Return a node with one half of its plans, and with the other."""
        return Node(self.propagate(domains[0]), node.kept), Node(self.propagate(domains[1]), node.kept)

    def propagate(self, domain: Domain) -> Domain:
        """Close what lies too near or is too dear, open what is too dear to close, until nothing follows."""
        while domain.alive:
            further = domain
            if len(self._near):
                further = further.fix(self._near[domain.state[self._near[:, 0]] == OPENED, 1], CLOSED)
            further = self._within_budget(further)
            if (further.state == domain.state).all():
                return further
            domain = further
        return domain

    def narrow(self, domain: Domain, prices: NDArray[Any], total: int, cutoff: int) -> tuple[Domain, int]:
        """Return what is left of a domain once plans that cost more than `cutoff` are gone, and its least cost.

        Parameters
        ----------
        domain
        prices : (m,) int
            What opening each site costs, in int64 or Python's own integers.
        total
            What every plan costs before the prices of its sites.
        cutoff
        """
        choice = self._choose(domain, prices)
        if choice is None:
            return domain._replace(alive=False), total
        least = total + sum(prices[domain.state == OPENED].tolist()) + sum(prices[choice.sites[choice.chosen]].tolist())
        if least > cutoff:
            return domain._replace(alive=False), least
        fixed_open, fixed_closed = self._fix_by_reduced_cost(domain, prices, choice, cutoff - least)
        domain = domain.fix(fixed_open, OPENED) if self._opens else domain
        return self.propagate(domain.fix(fixed_closed, CLOSED)), least

    def _within_budget(self, domain: Domain) -> Domain:
        if self.budget is None:
            return domain
        free = domain.state == FREE
        room = self.budget - int(self.yuan[domain.state == OPENED].sum()) - int(np.minimum(0, self.yuan[free]).sum())
        if room < 0:
            return domain._replace(alive=False)
        return domain.fix(free & (self.yuan > room), CLOSED).fix(free & (-self.yuan > room), OPENED)

    def _choose(self, domain: Domain, prices: NDArray[Any]) -> _Choice | None:
        """Choose free sites to add: what areas and the count lack, then all that cost nothing; ``None`` if none fit."""
        areas, opened = domain.areas, domain.state == OPENED
        free = np.flatnonzero(domain.state == FREE)
        free = free[np.argsort(prices[free], kind="stable")]
        free = free[np.argsort(areas[free], kind="stable")]
        of, price = areas[free], prices[free]
        start = np.searchsorted(of, np.arange(len(domain.least) + 1))
        there = np.bincount(areas[opened], minlength=len(domain.least))
        place = there[of] + np.arange(len(free)) - start[of]  # how many its area has before it
        chosen = place < domain.least[of]
        others = np.flatnonzero(~chosen & (place < domain.most[of]))
        sure = int(there.sum()) + int(np.count_nonzero(chosen))
        wanted = max(domain.fewest - sure, int(np.count_nonzero(price[others] <= 0)))
        wanted = min(wanted, domain.limit - sure, len(others))
        if wanted < 0 or sure + wanted < domain.fewest:
            return None
        chosen[others[np.argsort(price[others], kind="stable")[:wanted]]] = True
        taken = np.bincount(of[chosen], minlength=len(domain.least))
        fits = (domain.least <= there + taken) & (there + taken <= domain.most)
        return _Choice(free, start, chosen, taken) if fits.all() else None

    @staticmethod
    def _fix_by_reduced_cost(domain: Domain, prices: NDArray[Any], choice: _Choice, slack: int) -> tuple[Bools, Bools]:
        """(m,) the free sites that a better plan must open, and those that it cannot open.

        A chosen site can only give way to the cheapest that is not chosen, in its own area or where another
        fits; a site that is not chosen can only replace the dearest that is. Where there may be one site fewer
        (or more), "no site" is one more choice, at price 0.
        """
        there = np.bincount(domain.areas[domain.state == OPENED], minlength=len(domain.least)) + choice.taken
        spare, room, count = (there > domain.least).tolist(), (there < domain.most).tolist(), sum(there.tolist())
        middles, ends = (choice.start[:-1] + choice.taken).tolist(), choice.start.tolist()
        blocks = [
            (choice.sites[first:middle], choice.sites[middle:end])
            for first, middle, end in zip(ends[:-1], middles, ends[1:], strict=True)
        ]
        dearest = [prices[inside[-1:]].tolist() for inside, _ in blocks]
        cheapest = [prices[outside[:1]].tolist() for _, outside in blocks]
        leaving = [0] if count < domain.limit else []
        entering = [0] if count > domain.fewest else []
        leaving += [v for values, may in zip(dearest, spare, strict=True) if may for v in values]
        entering += [v for values, may in zip(cheapest, room, strict=True) if may for v in values]
        fixed_open, fixed_closed = np.zeros(len(prices), bool), np.zeros(len(prices), bool)
        for area, (inside, outside) in enumerate(blocks):
            out = cheapest[area] + (entering if spare[area] else [])
            fixed_open[inside[prices[inside] < min(out) - slack] if out else inside] = True
            into = dearest[area] + (leaving if room[area] else [])
            fixed_closed[outside[prices[outside] > max(into) + slack] if into else outside] = True
        return fixed_open, fixed_closed

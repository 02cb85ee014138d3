"""How a part of the plans is divided in two, and how far both halves can be expected to rise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.siting.engine.domain import separate
from planning.siting.engine.sites.groups import Neighbourhoods
from planning.siting.engine.sites.lists import Lists, shorten
from planning.siting.engine.sites.node import Node
from planning.siting.engine.sites.terms import Demand, Terms
from planning.siting.proof.certificate import CLOSED, FREE, OPENED

Sites = NDArray[np.int64]

PROBES, STEPS, STEP_SCALE = 10, 20, 0.3
"""Groups probed at a node, and steps of the ascent in each half of one, short since they begin from the node's."""
MOST_ENTRIES = 2**18
"""Entries of the lists to probe with; of longer ones every k-th demand point is asked."""
LEAST_GAIN = 1e-4  # of the gap: as for pseudo-costs, so that the product of both halves still tells groups apart


@dataclass(eq=False)
class Divider:
    """Divides parts of the plans of a question.

    Parameters
    ----------
    terms
        The question.
    """

    terms: Terms

    def __post_init__(self) -> None:
        self.neighbourhoods = Neighbourhoods.of(self.terms.distances)

    def most_promising(self, node: Node, primal: NDArray[np.float64], upper: int) -> Sites | None:
        """Return the group of free sites (or the one site) that raises the bound most on both sides, as climbs tell.

        ``None`` where groups cannot say what the townships' limits say, or none is found.
        """
        free = np.flatnonzero(node.state == FREE)
        if len(self.terms.rules.townships) or len(free) < 2:
            return None
        groups = self.neighbourhoods.suggest(primal, free, node.quota.township, PROBES)
        if len(groups) < 2:
            return groups[0] if groups else None
        room = float(upper - node.bound)
        gains = np.clip(self.gains(node, groups, room), LEAST_GAIN * room, room)
        return groups[int(np.argmax(gains[:, 0] * gains[:, 1]))]

    def gains(self, node: Node, groups: list[Sites], room: float) -> NDArray[np.float64]:
        """(k, 2) by how much some steps raise the bound without any site of a group, and with one at least.

        Parameters
        ----------
        room
            More than that is as good as that.
        """
        some, demand = sample(node, self.terms.demand)

        def climb(part: Node, upper: float, steps: int) -> float:
            return part.climb(demand, self.terms.sites, upper, steps, STEP_SCALE).bound

        upper = climb(some, room, 1) + room
        base = climb(some, upper, STEPS)
        halves = [[self._half(some, demand, group, opened=opened) for opened in (False, True)] for group in groups]
        return np.array([[climb(half, upper, STEPS) - base for half in both] for both in halves])

    def halve(self, node: Node, group: Sites) -> tuple[Node, Node]:
        """Return the part of a node that opens no site of a group, and the part that opens at least one."""
        closed, opened = (self._half(node, self.terms.demand, group, opened=opened) for opened in (False, True))
        return closed, opened

    def _half(self, node: Node, demand: Demand, group: Sites, *, opened: bool) -> Node:
        if opened and len(group) > 1:
            return node._replace(quota=node.quota.with_group(group))
        state = node.state.copy()
        state[group] = OPENED if opened else CLOSED
        state = separate(state, self.terms.rules.apart)
        if not opened:
            return node._replace(state=state)  # closed sites may stay in the lists: they are never chosen
        anything = np.full(len(node.prices), np.inf)
        return node._replace(state=state, lists=shorten(node.lists, state, anything, demand.unserved_cost))


def sample(node: Node, demand: Demand) -> tuple[Node, Demand]:
    """Return a node with every k-th demand point only, each for as many people as it stands for."""
    lists, every = node.lists, -(-len(node.lists.site) // MOST_ENTRIES)
    if every < 2:
        return node, demand
    some = np.arange(every // 2, len(node.prices), every)
    lengths = np.diff(lists.start)[some]
    start = np.append(0, np.cumsum(lengths))
    at = np.arange(start[-1]) + np.repeat(lists.start[some] - start[:-1], lengths)
    fewer = Lists(start, lists.site[at], lists.distance[at], lists.multiplier_limit[some])
    people = demand.people[some] * (demand.people.sum() / demand.people[some].sum())
    return node._replace(lists=fewer, prices=node.prices[some]), Demand(
        people, demand.step_sizes[some], demand.unserved_cost[some]
    )

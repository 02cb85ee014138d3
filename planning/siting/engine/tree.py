"""Branch and bound, once for every model: nodes that wait, the best plan, what is proven, the tree to write down.

What a node is, how it is bounded, fixed and branched is the model's; it says so in a visit. Nodes are looked at depth
first, the first child first, or the one of least bound first. What was visited is kept, so that the tree can be
written in preorder as a certificate.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from planning.siting.limits import Limits, Progress


class Node(Protocol):
    """A part of the plans."""

    @property
    def bound(self) -> int:
        """Nothing in it costs less, as far as is known before it is visited."""


P = TypeVar("P")
R = TypeVar("R")
N = TypeVar("N", bound=Node)
N_co = TypeVar("N_co", bound=Node, covariant=True)
R_co = TypeVar("R_co", covariant=True)


class Incumbent(Generic[P]):
    """The best plan so far, and the bound that nothing beats.

    Parameters
    ----------
    value
        Cost of the plan; before there is one, more than any plan costs.
    limits
        Told of every better plan and bound.
    """

    def __init__(self, value: int, limits: Limits) -> None:
        self.value, self.bound, self.limits = value, 0, limits
        self.plan: P | None = None

    @property
    def proven(self) -> bool:
        """Whether nothing better is left."""
        return self.bound >= self.value

    def update(self, value: int | None, plan: P) -> bool:
        """Keep a plan if it is the best so far, ``None`` being the cost of what is none; whether it is."""
        if value is None or value >= self.value:
            return False
        self.value, self.plan = value, plan
        self.report()
        return True

    def raise_bound(self, bound: int) -> None:
        """Take a bound that is proven, if it is better than the one known."""
        if min(bound, self.value) > self.bound:
            self.bound = min(bound, self.value)
            self.report()

    def report(self) -> None:
        """Tell how far we are."""
        self.limits.report(Progress(None if self.plan is None else self.value, self.bound))


class Visit(NamedTuple, Generic[N_co, R_co]):
    """What a model made of a node.

    Parameters
    ----------
    row
        What the certificate says of it: multipliers, and how it was branched.
    children
        What is left of it, the first to be looked at first; none of a leaf.
    bound
        What a leaf proves; ``None`` where nothing is left in it.
    """

    row: R_co
    children: Sequence[N_co] = ()
    bound: int | None = None


class Model(Protocol[N, R_co]):
    """What a model plugs in."""

    def visit(self, node: N) -> Visit[N, R_co] | None:
        """Bound a node, fix what follows, and branch; ``None`` ends the search."""


class Tree(Generic[N, R]):
    """The nodes that wait and those that were visited.

    Parameters
    ----------
    model
    root
    incumbent
        Its bound rises with that of the tree.
    best_first
        Whether the node of least bound comes next, of several the latest, rather than the latest of all.
    """

    def __init__(self, model: Model[N, R], root: N, incumbent: Incumbent[P], *, best_first: bool = False) -> None:
        self._model, self._incumbent, self._best_first = model, incumbent, best_first
        self._rows: dict[int, R] = {}
        self._children: dict[int, range] = {}
        self.pending: list[tuple[int, int, N]] = [(root.bound, 0, root)]
        self._numbers = 1
        self.least: int | None = None
        """What the leaves prove."""

    def __len__(self) -> int:
        return len(self._rows)

    def grow(self, nodes: int) -> bool:
        """Visit nodes until all are, there are so many, or a limit is reached; whether nothing better is left."""
        incumbent = self._incumbent
        while True:
            incumbent.raise_bound(self.bound)
            if not self.pending or self.bound >= incumbent.value:
                return True
            if len(self._rows) >= nodes or incumbent.limits.reached():
                return False
            entry = heapq.heappop(self.pending) if self._best_first else self.pending.pop()
            visit = self._model.visit(entry[2])
            if visit is None:
                self._wait(entry)
                return False
            self._write(-entry[1], visit)

    @property
    def latest(self) -> N:
        """The node that came to wait last."""
        return self.pending[-1][2]

    def rewind(self, nodes: int, node: N) -> None:
        """Take back all visits but the first so many, each of which left one child; go on from there with `node`."""
        self._rows = {number: self._rows[number] for number in range(nodes)}
        self.pending, self._numbers, self.least = [(node.bound, -nodes, node)], nodes + 1, None

    def close(self, price: Callable[[N], Visit[N, R]]) -> None:
        """Make leaves of the nodes that wait, as they stand."""
        while self.pending:
            _, number, node = self.pending.pop()
            self._write(-number, price(node))

    @property
    def bound(self) -> int:
        """What is proven of the whole: the least of all leaves and nodes that wait."""
        waiting = self.pending[:1] if self._best_first else self.pending
        return min([self._incumbent.value, *(entry[0] for entry in waiting), *self._leaves()])

    def preorder(self, *, ends: Callable[[R], bool] = lambda _row: False) -> Iterator[R]:
        """Return the rows of what was visited, each before those below it; without those below a row that `ends`."""
        pending = [0]
        while pending:
            number = pending.pop()
            yield self._rows[number]
            if not ends(self._rows[number]):
                pending += reversed(self._children[number])

    def _leaves(self) -> list[int]:
        return [] if self.least is None else [self.least]

    def _write(self, number: int, visit: Visit[N, R]) -> None:
        """Keep a visit, and let the children wait."""
        self._rows[number] = visit.row
        self._children[number] = range(self._numbers, self._numbers + len(visit.children))
        self._numbers += len(visit.children)
        if visit.bound is not None:
            self.least = min([visit.bound, *self._leaves()])
        waiting = list(zip(self._children[number], visit.children, strict=True))
        for child, node in waiting if self._best_first else reversed(waiting):
            self._wait((node.bound, -child, node))

    def _wait(self, entry: tuple[int, int, N]) -> None:
        if self._best_first:
            heapq.heappush(self.pending, entry)
        else:
            self.pending.append(entry)

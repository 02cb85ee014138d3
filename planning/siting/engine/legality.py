"""Which sites may leave and enter a plan so that it keeps to the rules."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.rules import Rules

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def crowding(rules: Rules, opened: Ints) -> Ints:
    """(m,) how many opened sites lie too near to each site."""
    chosen = np.zeros(len(rules.status), np.int64)
    chosen[opened] = 1
    first, second = rules.apart.T
    demand = np.bincount(second, weights=chosen[first], minlength=len(chosen))
    return np.asarray(demand + np.bincount(first, weights=chosen[second], minlength=len(chosen)), np.int64)


def limits_of(rules: Rules, opened: Ints) -> tuple[Bools, Bools]:
    """(k,) whether the township of each opened site can spare one; (m,) whether that of each site takes one more."""
    of = rules.township
    there = np.bincount(of[opened][of[opened] >= 0], minlength=len(rules.townships))
    return np.append(there > rules.least, True)[of[opened]], np.append(there < rules.most, True)[of]


def allowed_additions(rules: Rules, opened: Ints) -> Bools:
    """(m,) whether site j may join a plan that is still to grow, so that townships may have too few."""
    allowed = ~rules.barred & (crowding(rules, opened) == 0)
    allowed[opened] = False
    return np.asarray(allowed & limits_of(rules, opened)[1])


def allowed_swaps(rules: Rules, opened: Ints) -> Bools:
    """(k, m) whether the k-th opened site may give way to site j."""
    allowed = np.repeat(~rules.barred[None], len(opened), axis=0)
    allowed[:, opened] = False
    allowed[rules.kept[opened]] = False
    if len(rules.townships):
        spare, room = limits_of(rules, opened)
        of = rules.township
        allowed &= (of[opened][:, None] == of[None]) | (spare[:, None] & room[None])
    if len(rules.apart):
        allowed &= crowding(rules, opened) == _neighbours(rules, opened)
    return allowed


def _neighbours(rules: Rules, opened: Ints) -> Ints:
    """(k, m) 1 where site j lies too near to the k-th opened one."""
    near = np.zeros((len(opened), len(rules.status)), np.int64)
    slot = np.full(len(rules.status), -1)
    slot[opened] = np.arange(len(opened))
    for pairs in (rules.apart, rules.apart[:, ::-1]):
        pairs_here = pairs[slot[pairs[:, 0]] >= 0]
        near[slot[pairs_here[:, 0]], pairs_here[:, 1]] = 1
    return near

"""The rules of a plan as rows of an integer program over the sites."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planning.siting.rules import Rules


class RuleRows(NamedTuple):
    """Rows on the sites alone: what the rules ask of a plan."""

    matrix: csr_array
    least: NDArray[np.float64]
    most: NDArray[np.float64]


def rule_rows(rules: Rules, kept: NDArray[np.int64]) -> RuleRows:
    """Return the townships' limits and the pairs too near to each other, for the sites in `kept`."""
    towns = rules.township[kept][None, :] == np.arange(len(rules.townships))[:, None]
    pairs = rules.apart[np.isin(rules.apart, kept).all(axis=1)]
    near = kept[None, :] == pairs[:, :1]
    near |= kept[None, :] == pairs[:, 1:]
    free = np.full(len(pairs), -np.inf)
    return RuleRows(
        csr_array(np.vstack([towns, near]).astype(float)),
        np.concatenate([rules.least.astype(float), free]),
        np.concatenate([rules.most.astype(float), np.ones(len(pairs))]),
    )

"""Whether sites keep to the rules, said a second time: for the checker."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.siting.rules import STATUSES, Rules

_KEPT, _BARRED = ("existing", "required"), ("excluded", "closed")


def breaks(rules: Rules, opened: NDArray[np.int64]) -> bool:
    """Whether a set of sites (k,) breaks a rule."""
    chosen, township = set(opened.tolist()), rules.township.tolist()
    for site, status in enumerate(rules.status.tolist()):
        word = STATUSES[status]
        if (word in _KEPT and site not in chosen) or (word in _BARRED and site in chosen):
            return True
    there = [0] * len(rules.townships)
    for site in chosen:
        if township[site] >= 0:
            there[township[site]] += 1
    limits = zip(there, rules.least.tolist(), rules.most.tolist(), strict=True)
    if any(not low <= count <= high for count, low, high in limits):
        return True
    return bool(np.isin(rules.apart, opened).all(axis=1).any())

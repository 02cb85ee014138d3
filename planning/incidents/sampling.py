"""Which granted matters are looked into: a sample that anybody can draw again from its seed."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable


def draw(ids: Iterable[str], *, seed: str, percent: float) -> list[str]:
    """Return a share of some ids, at least one of any.

    Parameters
    ----------
    ids
        In any order; each counts once.
    seed
        Told with the sample, so that everybody can check which were drawn.
    percent
        From 0 to 100; rounded up to whole ids.

    Returns
    -------
    list of str
        In order. Each id has a number of its own, SHA-256 of seed and id; the lowest numbers are drawn. So the order
        of the ids, the machine and the day make no difference, and nobody can choose who is drawn but by the seed.

    Raises
    ------
    ValueError
        If the share is none.
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"a share is 0 to 100 percent, not {percent}")
    known = sorted(set(ids))
    count = math.ceil(len(known) * percent / 100)
    return sorted(sorted(known, key=lambda id_: _number(seed, id_))[:count])


def _number(seed: str, id_: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{id_}".encode()).digest()

"""What callers write for the schemes that they compare: a run, a scenario, or today."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gis.faults import Fault, FaultsError

FEWEST, MOST = 2, 6
"""Schemes in one comparison: an official keeps no more than six apart on one page."""
TODAY = "today"
FIELD = "runs"
_LARGEST_N = 2**31
_REVISION = re.compile(r"(?P<id>.+)@(?P<n>[0-9]{1,10})")


@dataclass(frozen=True)
class Reference:
    """One scheme as somebody wrote it.

    Parameters
    ----------
    text
    id
        Of a run or a scenario, or ``today``.
    n
        Revision of the scenario; ``None`` for the one that counts.
    """

    text: str
    id: str
    n: int | None = None


def references_in(words: list[str]) -> list[Reference]:
    """Return the references that somebody wrote.

    Parameters
    ----------
    words
        One a scheme, in order.

    Raises
    ------
    FaultsError
        With all of it: ``compare-count``, ``compare-twice``, ``compare-revision``.
    """
    texts = [word.strip() for word in words]
    faults: list[Fault] = []
    if not FEWEST <= len(texts) <= MOST:
        told = {"fewest": FEWEST, "most": MOST}
        faults.append(Fault("compare-count", field=FIELD, value=str(len(texts)), params=told))
    twice = sorted({text for text in texts if texts.count(text) > 1})
    faults += [Fault("compare-twice", field=FIELD, value=text[:80]) for text in twice]
    found = [_reference(text, faults) for text in texts]
    if faults:
        raise FaultsError(faults)
    return found


def reference_of(word: str) -> Reference:
    """Return one reference.

    Raises
    ------
    FaultsError
        ``compare-revision``.
    """
    faults: list[Fault] = []
    found = _reference(word.strip(), faults)
    if faults:
        raise FaultsError(faults)
    return found


def _reference(text: str, faults: list[Fault]) -> Reference:
    matched = _REVISION.fullmatch(text)
    if matched is None:
        if "@" in text:
            faults.append(Fault("compare-revision", field=FIELD, value=text[:80]))
        return Reference(text, text)
    n = int(matched["n"])
    if not 1 <= n < _LARGEST_N:
        faults.append(Fault("compare-revision", field=FIELD, value=text[:80]))
    return Reference(text, matched["id"], n)

"""The counter-proposals of a publication as their file tells them, one candidate read at a time.

``form`` 1 is what :func:`api.actions.counter_proposals.view_counter_proposals` writes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

FORM = 1


@dataclass(frozen=True, eq=False)
class CounterFile:
    """Counter-proposals that are read.

    Parameters
    ----------
    told
        All of the file but the proposals.
    proposals
        Candidate → its proposal as it is written: a county's, unpacked together, would fill the memory.
    """

    told: Mapping[str, Any]
    proposals: Mapping[str, bytes]

    @cached_property
    def candidates(self) -> Mapping[str, Mapping[str, Any]]:
        """Candidate by its id, in their order."""
        return {str(one["id"]): one for one in self.told["candidates"]}

    def proposal(self, candidate: str) -> dict[str, Any] | None:
        """Return the best plan that has a candidate, ``None`` if there is no such candidate."""
        written = self.proposals.get(candidate)
        return None if written is None else dict(json.loads(written))


def read_counter_file(content: bytes) -> CounterFile:
    """Return counter-proposals from their file.

    Raises
    ------
    ValueError
        If it is none of a form that this program knows.
    """
    body = json.loads(content)
    if not isinstance(body, dict) or body.get("form") != FORM:
        raise ValueError("no counter-proposals of a known form")
    proposals = {str(one["candidate"]): json.dumps(one).encode() for one in body.pop("proposals")}
    return CounterFile(body, proposals)

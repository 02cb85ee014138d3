"""Two who save the same scenario: what the second is told."""

from __future__ import annotations

from typing import Any

from api.actions.scenarios.content import difference_of, scenario_of
from layers.records.scenario import ScenarioMovedOnError, ScenarioRevision
from planning.scenario.difference import difference
from planning.scenario.scenario import Scenario


class MovedOnError(Exception):
    """Raised to the second of two who save, with what differs.

    Parameters
    ----------
    moved
        What the records say; its ``kept`` is the revision under which the second's content is kept.
    mine
        What the second wanted to save, ``None`` where nothing was.
    since
        The revision that the second saw, to tell what changed since.
    """

    def __init__(self, moved: ScenarioMovedOnError, mine: Scenario | None, since: ScenarioRevision) -> None:
        super().__init__(str(moved))
        self.moved, self.mine, self.since = moved, mine, since

    def told(self) -> dict[str, Any]:
        """Return which revision counts, which one was kept, and what differs between them."""
        head = self.moved.head
        told = {"revision": head.n, "kept": self.moved.kept, "since": difference_of(self.since, head)}
        differs = None if self.mine is None else difference(scenario_of("", head), self.mine)
        return {**told, "difference": differs}

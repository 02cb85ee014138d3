"""Who works with scenarios, and which of them they may reach: the one place that decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from api.actions.workplace import Workplace
from api.explain import ApiError
from gis.faults import FaultsError
from layers.records.audit import Act, Actor
from layers.records.audit_search import AuditLog
from layers.records.scenario import LEVELS, Level, ScenarioRevision, Viewer
from layers.records.scenario import Scenario as Record


@dataclass(frozen=True)
class Visitor:
    """Somebody at work with scenarios.

    Parameters
    ----------
    at_work
    viewer
        By account and roles.
    actor
        For the audit.
    """

    at_work: Workplace
    viewer: Viewer
    actor: Actor

    def reach(self, scenario_id: str, needs: Level = "read") -> Record:
        """Return a scenario that the visitor may do something with.

        Parameters
        ----------
        scenario_id
        needs
            ``owner`` includes ``edit``, which includes ``comment``, which includes ``read``.

        Raises
        ------
        ApiError
            404 ``unknown-scenario`` for one that is not there and for one that the visitor may not see alike;
            403 ``scenario-share-too-little`` for one that the visitor sees and may not do this with.
        """
        return self.seen(scenario_id, needs)[0]

    def seen(self, scenario_id: str, needs: Level = "read") -> tuple[Record, Level]:
        """Return a scenario and what the visitor may do with it; else as ``reach``."""
        record, level = self.at_work.scenarios.seen(scenario_id, self.viewer)
        if record is None or level is None:
            raise ApiError(404, "unknown-scenario")
        if LEVELS.index(level) < LEVELS.index(needs):
            raise ApiError(403, "scenario-share-too-little")
        return record, level

    def revision(self, record: Record, n: int | None = None) -> ScenarioRevision:
        """Return a revision of a scenario, the one that counts if none is named.

        Raises
        ------
        ApiError
            404 ``unknown-scenario-revision``.
        """
        try:
            return self.at_work.revisions.revision(record.id, n)
        except FaultsError:
            raise ApiError(404, "unknown-scenario-revision", n=int(n or 0)) from None

    def expected(self, record: Record, n: int | None) -> ScenarioRevision:
        """Return the revision that a caller acted on, the one that counts if none is named.

        Raises
        ------
        FaultsError
            ``unknown-scenario-revision``, of the field that told it.
        """
        try:
            return self.at_work.revisions.revision(record.id, n)
        except FaultsError as error:
            raise FaultsError([replace(fault, field="expected_revision") for fault in error.faults]) from None

    def act(self, action: str, **detail: Any) -> Act:
        """Return what the visitor does to a scenario, for the audit."""
        return Act(self.actor, f"scenario.{action}", "scenario", detail=detail)

    def names(self) -> dict[str, str]:
        """Return what people are called, by account."""
        return AuditLog(self.at_work.database.get()).names()

"""Reports that are filed in one go: each is told its own, whatever the others met."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from newest_cases import newest

from api.actions.cases import report as reporting
from api.actions.cases.report import Report, report_incidents
from gis.faults import FaultsError
from layers.records.audit import COMMAND_LINE
from layers.records.database import Database
from layers.records.incidents import IncidentStore

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_one_that_cannot_be_decided_stored_or_told_takes_nothing_from_the_others(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = reporting.view_case

    def broken(at_hand, case, *, text):
        if text == "untold":
            raise RuntimeError("cannot be told")
        return view(at_hand, case, text=text)

    monkeypatch.setattr(reporting, "view_case", broken)
    sent = [
        Report("party", 1.0, 2.0, "first", text="a"),
        Report("nothing", 1.0, 2.0, "undecided"),
        Report("party", 1.0, 2.0, "untold", text="untold"),
        Report("traffic", 1.0, 2.0, "first", text="another under the same key"),
        Report("party", 1.0, 2.0, "last", text="b"),
    ]
    outcomes = report_incidents(None, IncidentStore(database), [(one, COMMAND_LINE) for one in sent], now=NOW)
    told = [one.faults[0].code if isinstance(one, FaultsError) else str(one) for one in outcomes[1:4]]
    assert told == ["unknown-category", "cannot be told", "idempotency-conflict"]
    assert [(one[0]["text"], one[1]) for one in (outcomes[0], outcomes[4])] == [("a", True), ("b", True)]  # type: ignore[index]
    assert len(newest(database)) == 3, "the one that could not be told is stored, and its key finds it"

"""The latest cases of a database, for tests."""

from __future__ import annotations

from layers.records.case_lists import CaseFilter, CaseLists
from layers.records.database import Database


def newest(database: Database, *, limit: int = 100_000) -> list[str]:
    """Return the ids of the latest cases, newest first."""
    return [case.id for case in CaseLists(database).newest(CaseFilter(), limit=limit)]

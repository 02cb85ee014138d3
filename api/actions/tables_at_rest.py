"""Which tables count now, read without a service: nothing is created, and nothing slow is imported in vain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from api.explain import ApiError
from api.settings import Settings
from planning.tables.in_force import DEFAULTS, Edition, Tables
from planning.tables.registry import TABLES

if TYPE_CHECKING:  # imports the database
    from layers.records.documents import Document


_MOST = 2**31


def tables_at_rest(settings: Settings) -> Tables:
    """Return the tables that count now; the defaults where there is no database yet.

    Parameters
    ----------
    settings

    Raises
    ------
    ApiError
        503 ``tables-unread`` if there is a database that cannot be read: the defaults might give another answer than
        the service's. ``database-other-version`` if a newer program made it.
    """
    if not settings.database_url and not (settings.data / "app.sqlite").exists():
        return DEFAULTS
    from layers.records.database_faults import DatabaseDownError  # noqa: PLC0415 - slow to import, rarely needed
    from layers.records.documents_at_rest import documents_at_rest  # noqa: PLC0415

    try:
        return tables_of(documents_at_rest(settings.records_url, at=datetime.now(UTC)))
    except DatabaseDownError as error:
        if error.reason == "other-version":  # no use in trying again later
            raise ApiError(503, "database-other-version") from error
        raise ApiError(503, "tables-unread", reason=error.reason) from error


def tables_of_plan(
    plan: Mapping[str, Any], find: Callable[[Mapping[str, int]], Mapping[str, Document]]
) -> Tables | None:
    """Return the tables that a plan was made by.

    Parameters
    ----------
    plan
        As it is shown; one from before tables could be edited names none.
    find
        Kind → version in, editions out.

    Returns
    -------
    Tables or None
        ``None`` if an edition that the plan names is not at hand, or has another content here.
    """
    versions, shas = plan.get("tables") or {}, plan.get("tables_sha") or {}
    if not versions:
        return DEFAULTS
    if not _are_versions(versions) or not isinstance(shas, Mapping):
        return None
    found = find(versions)
    same = versions.keys() == found.keys() and all(found[kind].sha == shas.get(kind) for kind in versions)
    return tables_of(found) if same else None


def _are_versions(told: object) -> bool:
    if not isinstance(told, Mapping):
        return False
    return all(kind in TABLES and type(version) is int and 0 < version < _MOST for kind, version in told.items())


def tables_of(documents: Mapping[str, Document]) -> Tables:
    """Return the tables that these editions make; kinds without one are as the program comes with them."""
    edited = {kind: edition_of(document) for kind, document in documents.items() if kind in TABLES}
    return Tables(edited) if edited else DEFAULTS


def edition_of(document: Document) -> Edition:
    """Return a stored edition as the planning floor knows it."""
    return Edition(document.kind, document.version, tuple(document.content["rows"]), document.sha)

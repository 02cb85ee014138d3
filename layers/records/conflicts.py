"""Who comes second is told so."""

from __future__ import annotations

from gis.faults import Fault, FaultsError


class ConflictError(FaultsError):
    """Raised when somebody else was first: another report under the key, or a newer event."""


def conflict(code: str, *, field: str, value: str) -> ConflictError:
    """Return the error of who comes second."""
    return ConflictError([Fault(code, layer="incidents", field=field, value=value)])

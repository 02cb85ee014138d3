"""What went wrong in a run, as it is stored and as it is told."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping
from typing import Any

from api.errors import status_of
from api.explain import ApiError, explain_faults
from gis.faults import Fault, FaultsError
from layers.records.run import Outcome
from maps.catalogue import Lang, has_text, text
from planning.siting.engine.solver_apart import SolverEndedError

_MOST_TOLD = 100
_LOG = logging.getLogger(__name__)


def outcome_of_error(error: Exception) -> Outcome:
    """Return how a run ends that met an error: interrupted where the question is not at fault.

    Parameters
    ----------
    error
    """
    if isinstance(error, FaultsError):
        faults = [_plain(fault) for fault in error.faults[:_MOST_TOLD]]
        return Outcome("failed", error={"code": status_of(error)[1], "faults": faults})
    if isinstance(error, ApiError):
        return Outcome("failed", error={"code": error.code, "params": error.params})
    if isinstance(error, SolverEndedError | MemoryError):
        _LOG.warning("a run is interrupted: %s", error)
        return Outcome("interrupted", error={"code": "solver-ended"})
    _LOG.error("a run has failed", exc_info=error)
    return Outcome("failed", error={"code": "run-failed"})


def error_words(error: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """Return a stored error in words, in the form of every refusal."""
    code = str(error["code"])
    key = f"error.{code}" if has_text(f"error.{code}") else "error.run-failed"
    faults = [Fault(**fault) for fault in error.get("faults", ())]
    message = text(lang, key, **error.get("params", {}))
    return {"error": code, "message": message, "faults": explain_faults(faults, lang)}


def _plain(fault: Fault) -> dict[str, Any]:
    return {field.name: _value(getattr(fault, field.name)) for field in dataclasses.fields(fault)}


def _value(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value

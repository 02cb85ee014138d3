"""Refusals and faults in words: what was wrong, what was expected, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gis.faults import Fault
from maps.catalogue import Lang, has_text, text


class ApiError(Exception):
    """A refusal with a code of the catalogue.

    Parameters
    ----------
    status
        HTTP status.
    code
        The text stands under ``error.<code>``.
    **params
        Figures that the text mentions.
    """

    def __init__(self, status: int, code: str, **params: str | int | float) -> None:
        super().__init__(code)
        self.status, self.code, self.params = status, code, params


def explain_fault(fault: Fault, lang: Lang) -> dict[str, Any]:
    """Return a fault as JSON with its texts.

    Parameters
    ----------
    fault
    lang

    Returns
    -------
    dict
        ``layer, file, row, field, value, code, severity, expected, mend``.
    """
    params = {**fault.params, "value": fault.value, "field": fault.field, "layer": fault.layer, "file": fault.file}
    told = {
        part: text(lang, f"fault.{fault.code}.{part}", **params) if has_text(f"fault.{fault.code}.{part}") else ""
        for part in ("expected", "mend")
    }
    return {
        "code": fault.code,
        "severity": fault.severity,
        "layer": fault.layer,
        "file": fault.file,
        "row": fault.row,
        "field": fault.field,
        "value": fault.value,
        **told,
    }


def explain_faults(faults: Iterable[Fault], lang: Lang) -> list[dict[str, Any]]:
    """Return all faults as JSON, errors first."""
    order = {"error": 0, "warning": 1, "note": 2}
    return [explain_fault(fault, lang) for fault in sorted(faults, key=lambda f: order[f.severity])]

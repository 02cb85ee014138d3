"""Refusals and faults in words: what was wrong, what was expected, how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from api.field_words import field_words, models_in_words
from api.request_words import expected_words
from gis.faults import Fault
from maps.catalogue import Lang, has_text, text

NameOf = Callable[[Fault, Lang], str]


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


def explain_fault(fault: Fault, lang: Lang, *, name_of: NameOf | None = None) -> dict[str, Any]:
    """Return a fault as JSON with its texts.

    Parameters
    ----------
    fault
    lang
    name_of
        What its field is called on the command line; on the page, fields and models are called by their words, those
        of edits everywhere.
        Figures ``…_zh`` and ``…_en`` are names that data has in both languages: ``…`` is the one to show.

    Returns
    -------
    dict
        ``layer, file, row, field, value, code, severity, expected, mend``.
    """
    params = {**fault.params, "value": fault.value, "field": fault.field, "layer": fault.layer, "file": fault.file}
    params = models_in_words(params, lang) if name_of is None else params
    params |= {name.removesuffix(f"_{lang}"): word for name, word in fault.params.items() if name.endswith(f"_{lang}")}
    params["asked"] = (field_words if name_of is None or fault.layer == "edits" else name_of)(fault, lang)
    params["closest"] = text(lang, "told.closest", closest=params["closest"]) if params.get("closest") else ""
    if "form" in params:  # what a parser refused, which has words of its own
        params["expected"] = expected_words({"type": params["form"], "ctx": params}, lang)
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


def explain_faults(faults: Iterable[Fault], lang: Lang, *, name_of: NameOf | None = None) -> list[dict[str, Any]]:
    """Return all faults as JSON, errors first."""
    return [explain_fault(fault, lang, name_of=name_of) for fault in in_order(faults)]


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Return the errors first, then warnings, then notes."""
    order = {"error": 0, "warning": 1, "note": 2}
    return sorted(faults, key=lambda fault: order[fault.severity])

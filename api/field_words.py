"""What a field of a question is called where people see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis.faults import Fault
from maps.catalogue import Lang, has_text, text

_KEYS = {
    "service": "page.form.service",
    "model": "page.form.model",
    "p": "page.form.p",
    "upper_p": "page.form.upper_p",
    "limit_minutes": "page.form.limit",
    "limit_s": "page.form.limit",
    "mode": "page.form.mode",
    "base": "page.form.base",
    "rooms": "page.form.rooms",
    "sites": "planning.placed.sites",
    "every_township": "page.conditions.every_township",
    "separation_km": "page.conditions.separation_km",
    "separation_m": "page.conditions.separation_km",
    "max_minutes": "page.conditions.max_minutes",
    "max_time_s": "page.conditions.max_minutes",
    "townships": "page.conditions.townships",
    "capacity": "page.conditions.capacity-or-beds",
    "unlimited": "page.conditions.unlimited",
    "split": "page.conditions.split",
    "status": "page.conditions.villages",
    "budget_yuan": "page.conditions.budget_yuan",
    "hour_yuan": "page.conditions.hour_yuan",
    "trips": "page.conditions.trips",
    "opening_yuan": "page.conditions.opening_yuan",
    "closing_yuan": "page.conditions.closing_yuan",
    "included": "page.conditions.included",
    "extension_yuan": "page.conditions.extension_yuan",
    "edits": "edit.field.edits",
    "yearly_budget_yuan": "page.study.yearly",
    "curve": "page.study.curve",
    "category": "page.incident.category",
    "text": "page.incident.text",
}


def field_words(fault: Fault, lang: Lang) -> str:
    """Return the words for the field of a fault; those of a file are called as the file calls them.

    Parameters
    ----------
    fault
    lang
    """
    if fault.layer == "edits":
        named = f"edit.field.{fault.field.rpartition('.')[2]}"
        return text(lang, named) if has_text(named) else fault.field
    if fault.file or fault.layer not in ("", "incidents"):
        return fault.field
    return word_of(fault.field, lang)


def word_of(field: str, lang: Lang) -> str:
    """Return what a field of a question is called, its code where it has no word."""
    return text(lang, _KEYS[field]) if field in _KEYS else field


def models_in_words(params: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """Return the figures of a fault with the codes of siting models, alone or in a list, as the page calls them."""
    comma = text(lang, "page.comma")

    def told(value: Any) -> Any:
        parts = value.split(", ") if isinstance(value, str) else []
        spoken = [_model(part, lang) for part in parts]
        return value if spoken == parts else comma.join(spoken)

    return {name: told(value) for name, value in params.items()}


def _model(code: str, lang: Lang) -> str:
    return text(lang, f"page.model.{code}") if has_text(f"page.model.{code}") else code

"""Small kinds of case (小类) as somebody names them: whether there is one, and how bad it usually is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from gis.faults import Fault
from planning.incidents.events import Severity
from planning.tables.in_force import Tables


def severity_of(tables: Tables, subcategory: str | None, said: Severity | None) -> Severity:
    """Return how bad a case is: as its reporter says, else as is usual for its kind."""
    kind = tables.subcategories.get(subcategory or "")
    return said or (cast("Severity", kind.severity) if kind else "normal")


def subcategory_faults(tables: Tables, category: str, subcategory: str | None) -> Iterator[Fault]:
    """Yield a fault for a small kind that there is not under a category."""
    if subcategory is None:
        return
    known = [one.code for one in tables.subcategories.values() if one.category == category]
    if subcategory not in known:
        told = {"known": ", ".join(known)}
        yield Fault("unknown-subcategory", "incidents", field="subcategory", value=subcategory[:40], params=told)

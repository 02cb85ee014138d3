"""What is wrong with a service, whether an office's table says it or a county file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from gis.faults import Param
from planning.closest import Closest
from planning.services import suits
from planning.siting import MODELS
from planning.tables.definition import Row
from planning.tables.service_rows import service_of

_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

USUAL_MODELS = tuple(
    name for name, model in MODELS.items() if "capacity" not in model.only_with and "budget_yuan" not in model.needs
)
"""Models that can be a service's usual one: they ask for no money and no capacity, which no service says."""

Wrong = tuple[str, str, dict[str, Param]]
"""Code of a fault, column, and what its texts mention."""


def is_code(name: str) -> bool:
    """Whether a service can be called so by programs."""
    return _CODE.fullmatch(name) is not None


def service_faults(row: Row, known: Collection[str]) -> Iterator[Wrong]:
    """Yield what single cells of a service do not show.

    Parameters
    ----------
    row
        Complete and sound, cell by cell.
    known
        Names of the services that there are.
    """
    service = service_of(row, None)
    if not is_code(service.name):
        yield "service-bad-code", "service", {}
    needs_p = MODELS[service.model].needs_p
    if needs_p and service.p is None:
        yield "service-without-p", "p", {}
    if not needs_p and service.p is not None:
        yield "service-p-unused", "p", {}
    if not suits(service, service.model):
        yield "service-model-unfit", "model", {}
    for column in ("only_where", "above"):
        other = str(row[column])
        if other == service.name:
            yield "service-its-own", column, {}
        elif other and other not in known:
            yield "unknown-service", column, {"known": ", ".join(known), "closest": Closest(known).to(other)}

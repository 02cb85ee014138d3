"""What was decided on a scheme that was published: the adoption that holds."""

from __future__ import annotations

from layers.records.adoptions import Adoption, AdoptionStore
from layers.records.database import Database
from layers.records.publication import Publication
from layers.records.runs import RunStore


def scenario_published(database: Database, publication: Publication) -> str:
    """Return the revision of a scenario that was published, itself or by a run of it (``ID@n``); "" for neither."""
    first = publication.runs[0] if publication.runs else ""
    if not first or "@" in first:
        return first
    run = RunStore(database).of_any(first)
    return "" if run is None or run.scenario_id is None else f"{run.scenario_id}@{run.scenario_n}"


def decided_on(database: Database, reference: str) -> Adoption | None:
    """Return the decision for a revision of a scenario that was not withdrawn, ``None`` before one."""
    id_, _, n = reference.partition("@")
    return AdoptionStore(database).in_force_for(id_, int(n)) if n.isdecimal() else None

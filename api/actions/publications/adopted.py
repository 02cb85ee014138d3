"""From what was published to the decision: which scenario is adopted, and whether that was done."""

from __future__ import annotations

from typing import NamedTuple

from api.actions.scenarios.visitor import Visitor
from layers.records.adoptions import AdoptionStore
from layers.records.publication import Publication


class OfferedAdoption(NamedTuple):
    """What the page of a publication says of adopting its scheme.

    Parameters
    ----------
    reference
        The scenario with its revision; "" where the visitor sees no scenario of the scheme.
    decision, from_date
        Of the decision that holds; "" before one.
    """

    reference: str = ""
    decision: str = ""
    from_date: str = ""


def adoption_offered(who: Visitor, publication: Publication) -> OfferedAdoption:
    """Return the scenario by which a published scheme is adopted, and the decision once it was."""
    reference = _scenario_of(who, publication)
    id_, _, n = reference.partition("@")
    record = who.at_work.scenarios.get(id_, who.viewer)
    if record is None:
        return OfferedAdoption()
    for one in AdoptionStore(who.at_work.database.get()).all_of(record.county_code):
        if (one.scenario_id, str(one.scenario_n)) == (id_, n) and one.withdrawn_at is None:
            return OfferedAdoption(reference, one.decision, one.from_date)
    return OfferedAdoption(reference)


def _scenario_of(who: Visitor, publication: Publication) -> str:
    """Return the revision of a scenario that was published, itself or by a run of it; "" where there is none."""
    first = publication.runs[0] if publication.runs else ""
    if "@" in first:
        return first
    run = who.at_work.runs.of_any(first)
    return "" if run is None or run.scenario_id is None else f"{run.scenario_id}@{run.scenario_n}"

"""From what was published to the decision: which scenario is adopted, and whether that was done."""

from __future__ import annotations

from typing import NamedTuple

from api.actions.publications.decided import decided_on, scenario_published
from api.actions.scenarios.visitor import Visitor
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
    database = who.at_work.database.get()
    reference = scenario_published(database, publication)
    made = decided_on(database, reference)
    if made is not None:
        return OfferedAdoption(reference, made.decision, made.from_date)
    is_seen = who.at_work.scenarios.get(reference.partition("@")[0], who.viewer) is not None
    return OfferedAdoption(reference if is_seen else "")

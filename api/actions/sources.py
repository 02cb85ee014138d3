"""What is said of a county's data: which figures and shapes were made, and which totals were compared."""

from __future__ import annotations

from layers.county import County
from layers.schema import UNIT_LAYERS
from planning.groups import Base


def source_notes(county: County, basis: str, base: Base) -> dict[str, bool]:
    """Return note -> whether it is true of the figures that a plan counts.

    Parameters
    ----------
    county
    basis
        What was counted, as in ``Weights.basis``.
    base
        Population base, counted too where there are no ages and where they are scaled to it.
    """
    counted = {str(base)} if basis == "no-age-data" else {basis.removeprefix("registered-")}
    scaled_to = {"registered"} if basis.startswith("registered-") else set()
    made = (counted | scaled_to | {"resident"}) & _made(county, *UNIT_LAYERS)  # residents size the circles of any plan
    compared = made <= county.manifest.get("totals", {}).keys()
    places, roads = ("geometry" in _made(county, *names) for names in (UNIT_LAYERS, ("roads",)))
    return {
        "population-reconstructed": bool(made),
        "totals-compared": bool(made) and compared,
        "positions-reconstructed": places and roads,
        "places-reconstructed": places and not roads,
        "roads-reconstructed": roads and not places,
    }


def _made(county: County, *layers: str) -> set[str]:
    """Return the fields of these layers that were made rather than surveyed."""
    told = county.layers
    return {field for name in layers if name in told for field in told[name]["reconstructed"]}

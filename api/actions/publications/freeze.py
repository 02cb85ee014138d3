"""Schemes as they are compared today, frozen into a file that no later change of county or program touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.actions.comparison.compare import Compared
from api.actions.comparison.schemes import SchemeAtHand
from api.actions.open_county import OpenCounty
from api.runs.asked import CODE_VERSION
from maps.catalogue import LANGS, Lang
from planning.hearing.frozen import FORM, TODAY

_OF_A_LAYER = ("version", "source", "licence", "origin", "reconstructed")
_OF_A_SCHEME, _OF_A_MEASURE = ("name", "verdict", "asked"), ("name", "definition")
"""What is said in both languages."""
_COLUMNS = ("ids", "names", "townships", "lon", "lat", "people", "elders", "seconds")


@dataclass(frozen=True)
class Notice:
    """What the office says with a publication.

    Parameters
    ----------
    slug, title, text
    at, closes_at
    """

    slug: str
    title: str
    text: str
    at: datetime
    closes_at: datetime


def frozen_body(compared: Mapping[Lang, Compared], notice: Notice) -> dict[str, Any]:
    """Return the frozen version of schemes, in the form of :mod:`planning.hearing.frozen`.

    Parameters
    ----------
    compared
        In both languages: today first, then the scheme that is published, then others that stood beside it.
    notice
    """
    plain, schemes = compared["zh"].told, compared["zh"].schemes
    at_hand = schemes[0].at_hand
    return {
        "form": FORM,
        "slug": notice.slug,
        "title": notice.title,
        "text": notice.text,
        "at": notice.at.isoformat(),
        "closes_at": notice.closes_at.isoformat(),
        "program": CODE_VERSION,
        "county": _county(at_hand),
        "service": {"code": plain["service"], **at_hand.tables.services[plain["service"]].names},
        **{name: plain[name] for name in ("limit_minutes", "base", "weights_basis", "year", "notes", "differs")},
        "schemes": _in_both(compared, "schemes", _OF_A_SCHEME),
        "measures": _in_both(compared, "measures", _OF_A_MEASURE),
        "differences": [one for one in plain["differences"] if one["from"] == TODAY],
        "places": {name: plain["places"][name] for name in _COLUMNS} | {"sites": _serving(schemes)},
    }


def _in_both(compared: Mapping[Lang, Compared], list_: str, parts: Sequence[str]) -> list[dict[str, Any]]:
    """Return a list of a comparison with what is said in words in both languages."""
    return [
        {**one, **{part: {lang: compared[lang].told[list_][k][part] for lang in LANGS} for part in parts}}
        for k, one in enumerate(compared["zh"].told[list_])
    ]


def _county(at_hand: OpenCounty) -> dict[str, Any]:
    county = at_hand.county
    layers = {
        name: {part: about[part] for part in _OF_A_LAYER if part in about} for name, about in county.layers.items()
    }
    return {"name": county.name, "code": county.code, "version": county.version, "layers": layers}


def _serving(schemes: Sequence[SchemeAtHand]) -> Mapping[str, list[int | None]]:
    """Return which site serves each place, by its place in the scheme's list."""
    found: dict[str, list[int | None]] = {}
    for scheme in schemes:
        row = {str(site["id"]): k for k, site in enumerate(scheme.plan["facilities"])}
        sent = {one["demand_id"]: one["facility_id"] for one in scheme.plan["allocation"]}
        ids = scheme.places().ids.astype(str).tolist()
        found[scheme.key] = [row.get(str(sent.get(id_))) for id_ in ids]
    return found

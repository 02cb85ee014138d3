"""What stands on the pages of adopting: what a decision would change, and the register of those that were made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.actions.scenarios.adopting import adoptable, adoptions
from api.actions.scenarios.visitor import Visitor
from gis.faults import FaultsError
from layers.adoption import adopted_in
from layers.store import read_build
from maps.catalogue import Lang

_VERSION_LETTERS = 12
"""Of a version, as pages show it."""


def change_told(who: Visitor, scenario_id: str, n: int | None, lang: Lang) -> dict[str, Any]:
    """Return what adopting a scenario would change.

    Raises
    ------
    ApiError, FaultsError
        As :func:`api.actions.scenarios.adopting.adoptable`.
    """
    found = adoptable(who, scenario_id, n)
    plan = found.came.plan.answer
    townships = {str(one["id"]): one.get("township") or "" for one in plan["facilities"]}
    return {
        "scenario": found.came.record.name,
        "revision": found.came.key.n,
        "service": _service(who, str(plan["service"]), lang),
        "from_version": str(found.before["version"])[:_VERSION_LETTERS],
        "sites": [
            {
                "name": " ".join(filter(None, (_township(site.id, townships), site.name))),
                "capacity": site.capacity,
                "floor_area_m2": site.floor_area_m2,
            }
            for site in found.sites
        ],
        "standing": [str(one["name"]) for one in plan["facilities"] if one.get("stands")],
    }


def register_told(who: Visitor, lang: Lang) -> list[dict[str, Any]]:
    """Return every scheme that was ever adopted, the last one first, with its sites by name."""
    return [
        {
            **one,
            "service": _service(who, one["service"], lang),
            "names": _planned(who, one),
            **{
                name: str(one[name] or "")[:_VERSION_LETTERS]
                for name in one
                if name.endswith(("_version", "_from", "_to"))
            },
        }
        for one in adoptions(who)["adoptions"]
    ]


def _township(facility: str, townships: Mapping[str, str]) -> str:
    """Return the township of a planned facility, whose id ends with that of its site."""
    return next((name for site, name in townships.items() if facility.endswith(f"-{site}")), "")


def _planned(who: Visitor, adoption: dict[str, Any]) -> list[str]:
    """Return the sites of an adoption by name, as the build that it led to has them; none where that is gone."""
    try:
        schemes = adopted_in(read_build(who.at_work.settings.data, adoption["to_version"]))
    except FaultsError:
        return []
    return [site.name for scheme in schemes if scheme.id == adoption["id"] for site in scheme.sites]


def _service(who: Visitor, code: str, lang: Lang) -> str:
    service = who.at_work.tables.get().services.get(code)
    return code if service is None else service.names[lang]

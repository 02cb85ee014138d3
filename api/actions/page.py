"""The pages with a map and the file for the USB stick."""

from __future__ import annotations

import contextlib
from typing import Any, Literal

from api.actions.info import describe_county
from api.actions.open_county import OpenCounty
from api.actions.plan import last_plan, make_plan
from api.settings import Settings
from gis.faults import FaultsError
from maps.base_map import Tiles
from maps.case_pages import render_desk, render_worker
from maps.catalogue import Lang
from maps.compare_page import render_compare
from maps.incidents_page import render_incidents
from maps.office_page import Visitor
from maps.pages import Page
from maps.plan_page import render_plan
from planning.scenario.defaults import models_of, takes, with_defaults
from planning.scenario.fit import NEED_CAPACITY
from planning.scenario.question import PlanQuestion
from planning.services import Service
from planning.siting import Model
from planning.siting.value_of_time import HOUR_YUAN, TRIPS
from planning.tables.in_force import Tables
from planning.tables.registry import TABLES


def plan_page(at_hand: OpenCounty, settings: Settings, *, lang: Lang, visitor: Visitor | None = None) -> Page:
    """Return the workbench of a county.

    Parameters
    ----------
    at_hand
    settings
        For the background tiles.
    lang
    visitor
        Whose menu the header carries.
    """
    services = services_told(at_hand.tables, lang)
    return render_plan(**_shared(at_hand, settings), services=services, lang=lang, visitor=visitor)


def incidents_page(at_hand: OpenCounty, settings: Settings, *, lang: Lang, visitor: Visitor | None = None) -> Page:
    """Return the page of reports of a county; its arguments are those of :func:`plan_page`."""
    names = at_hand.tables.category_names
    return render_incidents(**_shared(at_hand, settings), category_names=names, lang=lang, visitor=visitor)


def case_page(
    name: Literal["worker", "desk"],
    at_hand: OpenCounty,
    settings: Settings,
    *,
    within: frozenset[str] | None,
    lang: Lang,
    visitor: Visitor,
) -> Page:
    """Return the page of a worker or of a desk.

    Parameters
    ----------
    name
    at_hand, settings, lang, visitor
        As for :func:`plan_page`.
    within
        Townships whose cases the visitor may see; ``None`` for all.
    """
    named = at_hand.county.layer("townships")["name"] if at_hand.county.has("townships") else {}
    townships = [(str(code), str(name)) for code, name in named.items() if within is None or str(code) in within]
    draw = render_worker if name == "worker" else render_desk
    shared = _shared(at_hand, settings)
    return draw(category_names=at_hand.tables.category_names, townships=townships, lang=lang, visitor=visitor, **shared)


def compare_page(at_hand: OpenCounty, *, lang: Lang, visitor: Visitor) -> Page:
    """Return the comparison of schemes in a county."""
    services = services_told(at_hand.tables, lang)
    return render_compare(describe_county(at_hand), services=services, lang=lang, visitor=visitor)


def _shared(at_hand: OpenCounty, settings: Settings) -> dict[str, Any]:
    """Return what every page with a map is told of a county."""
    return {
        "info": describe_county(at_hand),
        "extent": tuple(at_hand.extent),
        "tiles": Tiles(settings.tiles, settings.tianditu_key),
    }


def default_plans(at_hand: OpenCounty) -> list[dict[str, Any]]:
    """Return the plans that a county is served and exported with.

    Parameters
    ----------
    at_hand

    Returns
    -------
    list of dict
        One a service, less those below another one and those whose question does not fit the county, such as five
        centres for four villages. One that is kept is good enough, proven or with its gap.
    """
    plans = []
    services = at_hand.tables.services
    for service in services.values():
        if not service.above:
            with contextlib.suppress(FaultsError):
                asked = with_defaults(PlanQuestion(service.name), services)
                plans.append(last_plan(at_hand, asked) or make_plan(at_hand, asked))
    return plans


def services_told(tables: Tables, lang: Lang) -> list[dict[str, Any]]:
    """Return the services that can be sited, as pages and exported files know them."""
    return [_service(tables, service, lang) for service in tables.services.values()]


def _service(tables: Tables, usual: Service, lang: Lang) -> dict[str, Any]:
    return {
        "name": usual.name,
        "label": usual.names[lang],
        "group": usual.group,
        "capacity_unit": usual.capacity_unit,
        "facility_kinds": list(usual.facility_kinds),
        "models": [_model(model) for model in models_of(usual)],
        "defaults": {
            "model": usual.model,
            "p": usual.p,
            "limit_minutes": usual.limit_minutes,
            "mode": usual.mode,
            "base": "resident",
            "capacity": usual.largest,
            "opening_yuan": usual.opening_yuan,
            "closing_yuan": usual.closing_yuan,
            "included": usual.included,
            "extension_yuan": usual.extension_yuan,
            "hour_yuan": HOUR_YUAN,
            "trips": TRIPS,
        },
        "bases": {**usual.bases, "hour_yuan": "hour-of-least-wage", "trips": "monthly-for-ten-years"},
        "rooms": [dict(row) for row in tables.edition("rooms").rows] if usual.has_rooms else [],
        "tables": tables.versions(TABLES),
    }


def _model(model: Model) -> dict[str, Any]:
    capacity = ["capacity"] if model.name in NEED_CAPACITY else []
    counts = {f"counts_{name}": name in model.counts for name in ("capacity", "yuan")}
    needs, takes_too = [*model.needs, *capacity], sorted(takes(model))
    return {"name": model.name, "needs": needs, "takes": takes_too, **counts}

"""The planner page and the file for the USB stick."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from api.actions.info import describe_county
from api.actions.open_county import OpenCounty
from api.actions.plan import make_plan
from api.settings import Settings
from gis.faults import FaultsError
from maps.base_map import Tiles
from maps.catalogue import Lang
from maps.export import render_export
from maps.office_page import Visitor
from maps.pages import Page
from maps.planner_page import render_planner
from planning.scenario.defaults import models_of, takes, with_defaults
from planning.scenario.fit import NEED_CAPACITY
from planning.scenario.question import PlanQuestion
from planning.services import SERVICES
from planning.siting import Model
from planning.tables.in_force import Tables
from planning.tables.registry import TABLES

SHOWN = ("elder-centre", "hub")  # plans that a county is served and exported with


def planner_page(at_hand: OpenCounty, settings: Settings, *, lang: Lang, visitor: Visitor | None = None) -> Page:
    """Return the planner page of a county.

    Parameters
    ----------
    at_hand
    settings
        For the background tiles.
    lang
    visitor
        Whose menu the header carries.
    """
    west, south, east, north = at_hand.extent
    return render_planner(
        describe_county(at_hand),
        services=[_service(at_hand.tables, name) for name in SERVICES],
        category_names=at_hand.tables.category_names,
        lang=lang,
        extent=(west, south, east, north),
        tiles=Tiles(settings.tiles, settings.tianditu_key),
        visitor=visitor,
    )


def export_map(at_hand: OpenCounty, out: Path, *, lang: Lang) -> None:
    """Write one self-contained HTML file with the county and its default plans.

    Parameters
    ----------
    at_hand
    out
    lang
    """
    county = at_hand.county
    layers = {name: county.layer(name) for name in county.layers if name != "roster"}
    page = render_export(describe_county(at_hand), layers, default_plans(at_hand), lang=lang)
    out.write_text(page, encoding="utf-8")


def default_plans(at_hand: OpenCounty) -> list[dict[str, Any]]:
    """Return the plans that a county is served and exported with.

    Parameters
    ----------
    at_hand

    Returns
    -------
    list of dict
        One a service of ``SHOWN``, less those whose question does not fit the county, such as
        five centres for four villages.
    """
    plans = []
    for service in SHOWN:
        with contextlib.suppress(FaultsError):
            plans.append(make_plan(at_hand, with_defaults(PlanQuestion(service))))
    return plans


def _service(tables: Tables, name: str) -> dict[str, Any]:
    usual = tables.services[name]
    return {
        "name": name,
        "group": usual.group,
        "models": [_model(model) for model in models_of(name)],
        "defaults": {
            "model": usual.model,
            "p": usual.p,
            "limit_minutes": usual.limit_minutes,
            "mode": usual.mode,
            "base": "resident",
            "opening_yuan": usual.opening_yuan,
            "closing_yuan": usual.closing_yuan,
            "included": usual.included,
            "extension_yuan": usual.extension_yuan,
        },
        "bases": dict(usual.bases),
        "rooms": [dict(row) for row in tables.edition("rooms").rows] if name == "hub" else [],
        "tables": tables.versions(TABLES),
    }


def _model(model: Model) -> dict[str, Any]:
    capacity = ["capacity"] if model.name in NEED_CAPACITY else []
    return {"name": model.name, "needs": [*model.needs, *capacity], "takes": sorted(takes(model))}

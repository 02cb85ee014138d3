"""A scheme that the office adopts: its sites become planned facilities, in a build of the county of their own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import shapely

from api.actions.open_county import OpenCounty
from api.actions.scenarios.came_to import CameTo, plan_of_scenario
from api.actions.scenarios.visitor import Visitor
from api.actions.workplace import Workplace
from gis.faults import Fault, FaultsError
from layers.adoption import AdoptedScheme, PlannedSite, adopted_in, with_adopted
from layers.backups.kept_files import current_county
from layers.current import current_version
from layers.records.adoptions import KIND, Adoption, AdoptionStore, Settle, last_move
from layers.records.audit import Act
from layers.records.scenario import LAYER
from layers.store import Manifest, keep_build, point_to, read_build

MAX_TEXT = 200
"""Characters of a decision's title and of a reason: a line of a register."""


class Decision(NamedTuple):
    """What was decided.

    Parameters
    ----------
    decision
        The document, by its title or number.
    from_date
        From when the sites are planned facilities.
    """

    decision: str
    from_date: date


class Adoptable(NamedTuple):
    """What a decision would plan: the scheme, the build that it starts from, and the sites that are new there."""

    came: CameTo
    before: Manifest
    sites: tuple[PlannedSite, ...]


def adopt(who: Visitor, scenario_id: str, asked: Decision, *, n: int | None = None) -> dict[str, Any]:
    """Adopt the scheme of a scenario.

    Parameters
    ----------
    who
    scenario_id
    asked
    n
        Revision, the one that counts if none is named.

    Returns
    -------
    dict
        The adoption as :func:`adoptions` lists it.

    Raises
    ------
    ApiError
        404 for a scenario that the visitor may not see, 409 where it was not computed yet.
    FaultsError
        ``adoption-bad-text``; ``adoption-other-build`` for a scenario of a build that differs from the current one
        in more than what was adopted;
        ``adoption-nothing-new`` where all its sites stand or are planned already; ``county-moved-on``.
    """
    decision, data, store = _tidy(asked.decision, "decision"), who.at_work.settings.data, _store(who.at_work)
    found = adoptable(who, scenario_id, n)
    service = str(found.came.plan.answer["service"])
    scheme = AdoptedScheme(uuid.uuid4().hex, service, asked.from_date, decision, found.sites)
    after = with_adopted(data, found.before, (*adopted_in(found.before), scheme))
    keep_build(data, after)
    new = _record(who, found.came, scheme, found.before, after)
    made = store.add(new, settle=_settling(data), act=Act(who.actor, "adoption.made", KIND, detail=_told_in_audit(new)))
    point_to(data, made.to_version)
    return _view(made, who.names(), {scenario_id: found.came.record.name})


def adoptable(who: Visitor, scenario_id: str, n: int | None = None) -> Adoptable:
    """Return what adopting a scenario would plan.

    Parameters
    ----------
    who
    scenario_id
    n
        Revision, the one that counts if none is named.

    Raises
    ------
    ApiError, FaultsError
        As :func:`adopt`.
    """
    came, data = plan_of_scenario(who, scenario_id, n), who.at_work.settings.data
    before = _current(data, _store(who.at_work), came.record.county_code)
    plan = came.plan.answer
    if not _is_same_but_planned(data, read_build(data, str(plan["county_version"])), before):
        told = {"pinned": str(plan["county_version"]), "current": str(before["version"])}
        raise FaultsError([Fault("adoption-other-build", LAYER, field="scenario", value=came.record.name, params=told)])
    sites = _new_sites(who.at_work.build_to_ask(str(before["version"])), plan)
    if not sites:
        raise FaultsError([Fault("adoption-nothing-new", LAYER, field="scenario", value=came.record.name)])
    return Adoptable(came, before, sites)


def withdraw(who: Visitor, id_: str, reason: str) -> dict[str, Any]:
    """Take back an adoption: the county goes on without the facilities that it planned, earlier builds stay readable.

    Raises
    ------
    FaultsError
        ``adoption-bad-text``; ``unknown-adoption``; ``adoption-withdrawn``; ``county-moved-on``.
    """
    words, store = _tidy(reason, "reason"), _store(who.at_work)
    known, data = store.in_force(id_), who.at_work.settings.data
    before = _current(data, store, known.county_code)
    after = with_adopted(data, before, [one for one in adopted_in(before) if one.id != known.id])
    keep_build(data, after)
    act = Act(who.actor, "adoption.withdrawn", KIND, detail=_told_in_audit(known))
    versions = {"from_version": str(before["version"]), "to_version": str(after["version"])}
    ended = store.withdraw(known.id, words, **versions, settle=_settling(data), act=act)
    point_to(data, versions["to_version"])
    return _view(ended, who.names(), _scenario_names(who, [ended]))


def adoptions(who: Visitor) -> dict[str, Any]:
    """Return the register of the current county: every scheme that was ever adopted, the last one first."""
    code = current_county(who.at_work.settings.data).get("code")
    found = [] if code is None else _store(who.at_work).all_of(str(code))
    names, scenarios = who.names(), _scenario_names(who, found)
    return {"adoptions": [_view(one, names, scenarios) for one in found]}


def finish_moves(at_work: Workplace) -> None:
    """Make the build current that the last decision led to, where whoever made it was cut off before."""
    data = at_work.settings.data
    code = current_county(data).get("code")
    if code is not None:
        _settling(data)(last_move(_store(at_work).all_of(str(code))))


def _store(at_work: Workplace) -> AdoptionStore:
    return AdoptionStore(at_work.database.get())


def _settling(data: Path) -> Settle:
    def settle(last: Any) -> str | None:
        if last is not None and current_version(data) == last.from_version != last.to_version:
            point_to(data, last.to_version)
        return current_version(data)

    return settle


def _current(data: Path, store: AdoptionStore, code: str) -> Manifest:
    version = _settling(data)(last_move(store.all_of(code)))
    if version is None:
        raise FaultsError([Fault("county-moved-on", LAYER)])
    manifest = read_build(data, version)
    if manifest["code"] != code:
        raise FaultsError([Fault("county-moved-on", LAYER)])
    return manifest


def _is_same_but_planned(data: Path, one: Manifest, other: Manifest) -> bool:
    """Whether two builds differ in nothing but what was adopted: that does not stand yet, and changes no plan."""
    versions = [with_adopted(data, manifest, ())["version"] for manifest in (one, other)]
    return bool(versions[0] == versions[1])


def _new_sites(at_hand: OpenCounty, plan: dict[str, Any]) -> tuple[PlannedSite, ...]:
    """Return the sites of a plan that neither stand nor are planned, as facilities of their service."""
    there = set(at_hand.county.table("facilities").index) if at_hand.county.has("facilities") else set()
    service = at_hand.tables.services[plan["service"]]
    sites = []
    for one in plan["facilities"]:
        tier = at_hand.tables.services[service.above] if one.get("upper") else service
        id_ = f"{tier.name}-{one['id']}"
        if not one.get("stands") and id_ not in there:
            kinds = tier.facility_kinds
            kind = tier.name if tier.name in kinds or not kinds else kinds[0]
            area = one.get("floor_area_m2")
            sites.append(
                PlannedSite(
                    id_,
                    str(one["name"]),
                    kind,
                    one["lon"],
                    one["lat"],
                    township_id=_township_id(at_hand, one),
                    capacity=one.get("capacity"),
                    floor_area_m2=None if area is None else float(area),
                )
            )
    return tuple(sites)


def _township_id(at_hand: OpenCounty, site: dict[str, Any]) -> str:
    demand = at_hand.demand
    if site["id"] in demand.index and "township_id" in demand:
        return str(demand.loc[site["id"], "township_id"])
    if not at_hand.county.has("townships"):
        return ""
    townships = at_hand.county.layer("townships")
    inside = townships.index[townships.contains(shapely.Point(site["lon"], site["lat"]))]
    return str(inside[0]) if len(inside) else ""


def _record(who: Visitor, came: CameTo, scheme: AdoptedScheme, before: Manifest, after: Manifest) -> Adoption:
    return Adoption(
        id=scheme.id,
        scenario_id=came.key.scenario_id,
        scenario_n=came.key.n,
        content_id=who.revision(came.record, came.key.n).content_id,
        service=scheme.service,
        sites=len(scheme.sites),
        from_date=scheme.from_date.isoformat(),
        decision=scheme.decision,
        county_code=str(before["code"]),
        from_version=str(before["version"]),
        to_version=str(after["version"]),
        by_id=who.actor.account_id,
        at=datetime.now(UTC),
    )


def _told_in_audit(one: Adoption) -> dict[str, Any]:
    return {"scenario": one.scenario_id, "adopted": one.scenario_n, "planned": one.sites}


def _tidy(given: str, field: str) -> str:
    """Return a line of a register without space around it.

    Raises
    ------
    FaultsError
        ``adoption-bad-text`` if it is empty, too long or holds control characters.
    """
    words = given.strip()
    if not words or len(words) > MAX_TEXT or not words.isprintable():
        raise FaultsError(
            [Fault("adoption-bad-text", LAYER, field=field, value=words[:80], params={"limit": MAX_TEXT})]
        )
    return words


def _scenario_names(who: Visitor, found: Sequence[Adoption]) -> dict[str, str]:
    """Return what the scenarios are called that the visitor may see."""
    ids = {one.scenario_id for one in found}
    seen = {id_: who.at_work.scenarios.get(id_, who.viewer) for id_ in ids}
    return {id_: one.name for id_, one in seen.items() if one is not None}


def _view(one: Adoption, people: dict[str, str], scenarios: dict[str, str]) -> dict[str, Any]:
    told = {name: value for name, value in vars(one).items() if name not in ("by_id", "withdrawn_by", "county_code")}
    instants = {name: value.isoformat() if value else None for name, value in told.items() if name.endswith("_at")}
    return {
        **told,
        **instants,
        "at": one.at.isoformat(),
        "by_name": people.get(one.by_id or "", ""),
        "withdrawn_by_name": people.get(one.withdrawn_by or "", ""),
        "scenario": scenarios.get(one.scenario_id, ""),
    }

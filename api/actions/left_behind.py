"""Who is left behind by a plan, by name: read from the plan and its claim; of named sites, who goes where anew."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast, get_args

import numpy as np

from api.actions.check_plan import asked_in
from api.actions.open_county import OpenCounty
from api.actions.plan_measured import site_told
from api.actions.plan_placed import misfits_placed, place
from api.actions.posed import built_at, resolved_at
from api.figures import minutes_figure
from gis.faults import Fault, FaultsError
from maps.catalogue import Lang
from maps.report.left_behind import left_behind_list
from maps.report.place_list import FileKind, write_places
from planning.groups import COLUMNS, Group
from planning.measures.left_behind import LeftBehind, find_left_behind
from planning.measures.served import count_served
from planning.population import demand_weights
from planning.scenario.question import PlanQuestion
from planning.scenario.resolve import Resolved
from planning.siting import SitingProblem, Solution
from planning.siting.proof.claim import read_claim

_ELDERS: tuple[Group, ...] = ("60+", "80+")


def list_left_behind(at_hand: OpenCounty, plan: Mapping[str, Any], claim: Any) -> dict[str, Any]:
    """Return the places that a plan leaves people behind at, most people first.

    Parameters
    ----------
    at_hand
        The county that the plan is of, under the tables that it was made by.
    plan
    claim
        As it stands in the plan file; ``None`` for a plan of named sites, which claims nothing and is made again.

    Returns
    -------
    dict
        ``places`` (``id``, ``name``, ``township``, ``lon``, ``lat``, ``reason``, ``people`` left behind, ``counted``
        here, elders, ``seconds`` and ``minutes`` to the nearest site and its name), ``sums`` as the measures have
        them, ``ages`` (the age bands that are known), and on what basis.
    """
    question = asked_in(plan, at_hand.tables.services)
    if claim is None:
        return left_behind_by_sites(at_hand, question, time_limit_s=question.time_limit_s)
    problem, solution = read_claim(claim)
    resolved = resolved_at(at_hand, question)
    return _listed(at_hand, plan, problem, solution, resolved)


def left_behind_by_sites(at_hand: OpenCounty, question: PlanQuestion, *, time_limit_s: float) -> dict[str, Any]:
    """Return the same of the plan of named sites, which claims nothing and is made anew.

    Parameters
    ----------
    at_hand
    question
        With its defaults and its sites.
    time_limit_s
        For the allocation, where sites take only so much.
    """
    built = built_at(at_hand, question, misfits_placed(question))
    made = place(at_hand, built, time_limit_s=time_limit_s)
    return _listed(at_hand, made.plan, built.problem, made.solution, built.resolved)


def _listed(
    at_hand: OpenCounty, plan: Mapping[str, Any], problem: SitingProblem, solution: Solution, resolved: Resolved
) -> dict[str, Any]:
    limit_s = round(plan["limit_minutes"] * 60)
    found = find_left_behind(problem, solution, limit_s=limit_s)
    ages = _ages(resolved)
    row_of = {id_: row for row, id_ in enumerate(resolved.people.index.astype(str))}
    return {
        **{name: plan[name] for name in ("service", "limit_minutes", "mode", "base", "weights_basis", "notes")},
        "county_version": at_hand.county.version,
        "crs": at_hand.county.manifest.get("geographic_crs", "EPSG:4326"),
        "ages": list(ages),
        "ages_basis": plan["base"] if ages else "none",
        "sums": _sums(problem, solution, found, limit_s),
        "places": [_told(resolved, problem, one, row_of, ages) for one in found],
    }


def left_behind_file(at_hand: OpenCounty, told: Mapping[str, Any], kind: FileKind, *, lang: Lang) -> bytes:
    """Return the list as a file.

    Parameters
    ----------
    at_hand
    told
        From :func:`list_left_behind`.
    kind
    lang
    """
    service = at_hand.tables.services[told["service"]].names[lang]
    return write_places(left_behind_list(told, lang, service=service, county=at_hand.county.name), kind)


def kind_of_file(path: Path) -> FileKind:
    """Return which kind of file a name asks for.

    Raises
    ------
    FaultsError
        ``left-behind-file`` if its ending is none of them.
    """
    ending = path.suffix.lower().removeprefix(".")
    if ending not in get_args(FileKind):
        raise FaultsError([Fault("left-behind-file", field="left_behind", value=path.name)])
    return cast("FileKind", ending)


def _ages(resolved: Resolved) -> dict[str, Any]:
    """Return column -> elders of each place, as far as the county counts them."""
    known = [group for group in _ELDERS if COLUMNS[group] in resolved.people]
    base = resolved.question.base
    return {COLUMNS[group]: demand_weights(resolved.people, base=base, group=group).values for group in known}


def _sums(problem: SitingProblem, solution: Solution, found: list[LeftBehind], limit_s: int) -> dict[str, int]:
    no_way = sum(one.people for one in found if one.reason == "no-way")
    sums = {"people_total": int(problem.weights.sum()), "no_way_people": no_way}
    return sums | count_served(problem, solution, limit_s=limit_s).as_dict()


def _told(
    resolved: Resolved, problem: SitingProblem, one: LeftBehind, row_of: Mapping[str, int], ages: Mapping[str, Any]
) -> dict[str, Any]:
    row = row_of[str(problem.demand_ids[one.row])]  # the places are the first candidates
    place = site_told(resolved.candidates, row)
    site = None if one.site is None else _site(resolved, str(problem.candidate_ids[one.site]))
    return {
        **{name: place[name] for name in ("id", "name", "township", "lon", "lat")},
        "reason": one.reason,
        "people": one.people,
        "counted": one.counted,
        **{band: int(counts[row]) for band, counts in ages.items()},
        "seconds": one.seconds,
        "minutes": None if one.seconds is None else minutes_figure(one.seconds),
        "site_id": None if site is None else site["id"],
        "site": None if site is None else site["name"],
    }


def _site(resolved: Resolved, id_: str) -> dict[str, Any]:
    return site_told(resolved.candidates, int(np.flatnonzero(resolved.candidates.ids == id_)[0]))

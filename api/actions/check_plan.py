"""Check a plan file as a stranger would: from its own matrix up, and against the county where it is at hand."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import TypeAdapter, ValidationError

from api.actions.open_county import OpenCounty
from api.actions.plan_figures import figures_of, sites_of
from api.actions.plan_file import seal
from api.actions.plan_measured import measured
from api.actions.plan_view import ALL_POINTS, view_plan
from api.actions.posed import built_at, places_of
from api.actions.tables_at_rest import tables_of_plan
from api.settings import Settings
from gis.faults import Fault, FaultsError
from gis.travel_modes import MODES
from layers.county import open_county
from planning.measures.plan_measures import EVER_SINCE, IN_COUNTY
from planning.scenario.defaults import with_defaults
from planning.scenario.edit_form import edits_from
from planning.scenario.identity import question_told
from planning.scenario.places import Places
from planning.scenario.question import PlanQuestion
from planning.services import Service
from planning.siting import SitingProblem, Solution, verify
from planning.siting.proof.claim import Sides, claim_of, read_claim, read_sides

Verdict = Literal["proven", "consistent", "false", "unreadable"]
EXIT_CODES: Mapping[Verdict, int] = {"proven": 0, "false": 1, "unreadable": 2, "consistent": 3}
_verify: Callable[..., list[Fault]] = verify  # only some models are checked with more than their problem
_LARGEST_FILE = 2**29
_WRONG_CLAIM = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclasses.dataclass(frozen=True)
class Checked:
    """What checking a plan file found.

    Parameters
    ----------
    verdict
        ``proven``; ``consistent``: nothing is false, but optimality rests on a solver's word or is not claimed;
        ``false``; ``unreadable``: there is no such file, or it is no plan file, so that nothing was checked.
    faults
        Everything that does not hold.
    with_county
        Whether matrix, weights and words were compared with the stored county too.
    plan
        The file's own words, empty if it could not be read.
    """

    verdict: Verdict
    faults: tuple[Fault, ...]
    with_county: bool
    plan: Mapping[str, Any]


def check_plan(path: Path, settings: Settings) -> Checked:
    """Read a plan file, rebuild problem and solution from it and check everything that it claims.

    Parameters
    ----------
    path
        Written by ``countygrid plan --out`` or downloaded from the page.
    settings
        Where the counties are stored.
    """
    try:
        plan = _read(path)
    except FaultsError as error:
        return Checked("unreadable", error.faults, with_county=False, plan={})
    try:
        problem, solution = read_claim(plan.get("claim"))
        sides = read_sides(plan["claim"])
        faults = [
            *_gathered(lambda: _figure_faults(plan, problem, solution, sides)),
            *_gathered(lambda: _verify(problem, solution, **sides)),
        ]
        at_hand = _county_of(plan, settings)
        if at_hand is not None and not faults:
            faults += _county_faults(at_hand, plan, problem, solution, sides)
    except FaultsError as error:
        return Checked("false", error.faults, with_county=False, plan={})
    if faults:
        return Checked("false", tuple(faults), at_hand is not None, plan)
    return Checked("proven" if _is_proven(solution) else "consistent", (), at_hand is not None, plan)


def _is_proven(solution: Solution) -> bool:
    """Whether the file proves its claim: that all plans were compared is a word, not a proof that we can repeat."""
    if solution.status == "infeasible":
        return solution.proof in ("certificate", "enumerated")
    return solution.status == "optimal" and solution.proof == "certificate"


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise FaultsError([Fault("file-too-large", file=path.name, params={"limit_mb": _LARGEST_FILE >> 20})])
        content = path.read_bytes()
    except FileNotFoundError:
        raise FaultsError([Fault("plan-file-missing", file=str(path))]) from None
    except OSError:
        raise FaultsError([Fault("plan-file-unreadable", file=str(path))]) from None
    try:
        plan = json.loads(content)
    except (ValueError, RecursionError):
        raise FaultsError([Fault("plan-not-json", file=path.name)]) from None
    if not isinstance(plan, dict) or not isinstance(plan.get("claim"), dict):
        raise FaultsError([Fault("plan-without-claim", file=path.name)])
    return plan


def _figure_faults(
    plan: Mapping[str, Any], problem: SitingProblem, solution: Solution, sides: Sides
) -> Iterator[Fault]:
    """Yield a fault for each part of the plan that does not follow from its own problem and solution."""
    minutes = plan.get("limit_minutes")
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 <= minutes < 2**31:
        yield Fault("plan-differs", field="limit_minutes", value=str(minutes)[:80])
        return
    limit_s = round(minutes * 60)
    yield from _differences(plan, figures_of(problem, solution, limit_s=limit_s, children=sides.get("children")))
    asked = {"limit_s": limit_s, "p": plan.get("p")}
    for name in asked.keys() & solution.options.keys():
        if solution.options[name] != asked[name]:
            yield Fault("plan-differs", field="limit_minutes" if name == "limit_s" else name, value=str(asked[name]))
    if plan.get("model") != solution.model:
        yield Fault("plan-differs", field="model", value=str(plan.get("model"))[:80])
    ids = [str(problem.candidate_ids[k]) for k in solution.opened]
    told = plan.get("facilities")
    served = [{"id": id_, **site} for id_, site in zip(ids, sites_of(problem, solution), strict=True)]
    if not isinstance(told, list) or [_same_keys(one, site) for one, site in zip(told, served, strict=False)] != served:
        yield Fault("plan-differs", field="facilities")
    elif len(told) != len(served):
        yield Fault("plan-differs", field="facilities", value=str(len(told)))
    if plan["claim"].get("seal") != seal(plan):
        yield Fault("seal-broken", field="claim.seal")


def _same_keys(told: Any, wanted: Mapping[str, Any]) -> Any:
    return {name: told.get(name) for name in wanted} if isinstance(told, dict) else told


def _differences(plan: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault for each key that does not say what is expected, as JSON says it.

    Measures that a file lacks since it is older than they are, are not expected of it.
    """
    for name, value in json.loads(json.dumps(expected)).items():
        told = plan.get(name)
        wanted = _known_then(told, value) if name in ("measures", "second") else value
        if told != wanted if name in plan else name not in IN_COUNTY:
            yield Fault("plan-differs", field=name, value=str(told)[:80])


def _known_then(told: Any, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return figures without the measures that a file does not have and that files have not always had."""
    if not isinstance(told, dict):
        return dict(figures)
    if "measures" in figures:  # a tier
        return {**figures, "measures": _known_then(told.get("measures"), figures["measures"])}
    return {name: value for name, value in figures.items() if name in told or name in EVER_SINCE}


def _gathered(check: Callable[[], Iterable[Fault]]) -> list[Fault]:
    """Return what a check finds; a claim too strange to be checked at all is false as well."""
    try:
        return list(check())
    except _WRONG_CLAIM as error:
        return [Fault("claim-uncheckable", field="claim", value=f"{type(error).__name__}: {error}"[:80])]


def _county_of(plan: Mapping[str, Any], settings: Settings) -> OpenCounty | None:
    """Return the county that the plan was made for, if this machine stores that version and the plan's tables."""
    version = str(plan.get("county_version"))
    if not re.fullmatch(r"[0-9a-f]{8,64}", version):
        return None
    tables = tables_of_plan(plan, functools.partial(_stored_editions, settings))
    if tables is None:
        return None
    try:
        return OpenCounty(open_county(settings.data, version=version), cache=settings.cache, tables=tables)
    except FaultsError:
        return None


def _stored_editions(settings: Settings, versions: Mapping[str, int]) -> Mapping[str, Any]:
    """Return the tables that this machine stores; none where its records cannot be read."""
    from layers.records.database_faults import DatabaseDownError  # noqa: PLC0415 - slow to import, rarely needed
    from layers.records.documents_at_rest import versions_at_rest  # noqa: PLC0415

    try:
        return versions_at_rest(settings.records_url, versions)
    except DatabaseDownError:
        return {}


def _county_faults(
    at_hand: OpenCounty, plan: Mapping[str, Any], problem: SitingProblem, solution: Solution, sides: Sides
) -> Iterator[Fault]:
    """Yield a fault for each part of problem and plan that differs from what the county gives."""
    asked = asked_in(plan, at_hand.tables.services)
    built = built_at(at_hand, asked, places=_places_of(at_hand, plan))
    ours, theirs = (
        claim_of(one, solution, **beside) for one, beside in ((built.problem, built.sides), (problem, sides))
    )
    if ours["sides"] != theirs["sides"]:
        yield Fault("problem-differs", field="claim.sides")
    ours, theirs = ours["problem"], theirs["problem"]
    for name, value in ours.items():
        same = np.array_equal(built.problem.values, problem.values) if name == "values" else value == theirs[name]
        if not same:
            yield Fault("problem-differs", field=f"claim.problem.{name}")
    told = {"capacity_unit": at_hand.tables.services[asked.service].capacity_unit, **_of_any_age(plan, asked)}
    yield from _differences(told, view_plan(at_hand, built, solution, measured(at_hand, built, solution)))


def _of_any_age(plan: Mapping[str, Any], asked: PlanQuestion) -> dict[str, Any]:
    """Return a plan with what older files do not say: no table edited, nothing of the county, no size assumed."""
    told = {"tables": {}, "tables_sha": {}, "edits": [], **plan}
    if isinstance(told.get("conditions"), dict):
        told["conditions"] = {"unlimited": asked.conditions.unlimited, **told["conditions"]}
    return told


def _places_of(at_hand: OpenCounty, plan: Mapping[str, Any]) -> Places:
    """Return the places of the county; files from before what stands was a candidate leave it out."""
    candidates, places = plan.get("candidates"), places_of(at_hand)
    of_places_alone = isinstance(candidates, dict) and candidates.get("rule") == ALL_POINTS
    return dataclasses.replace(places, facilities=()) if of_places_alone else places


@functools.cache
def _question_form() -> TypeAdapter[PlanQuestion]:
    """Return the form of a question, made once: making it takes longer than reading a plan."""
    return TypeAdapter(PlanQuestion)


def asked_in(plan: Mapping[str, Any], services: Mapping[str, Service]) -> PlanQuestion:
    """Return what was asked, from the plan that was made of it.

    Raises
    ------
    FaultsError
        ``plan-differs`` with the fields that are not a question, and all that is wrong with its edits.
    """
    names = (question_told(PlanQuestion("")).keys() | {"sites"}) - {"edits"}  # sites are told where there are some
    edits = edits_from(plan.get("edits", []))  # files from before there were edits have none
    told = {name: plan[name] for name in names & plan.keys()}
    if isinstance(conditions := told.get("conditions"), dict):  # files from before a size was assumed say nothing of it
        told["conditions"] = {"unlimited": conditions.get("capacity") is None, **conditions}
    try:
        question = _question_form().validate_python(told)
    except ValidationError as error:
        fields = {str(fault["loc"][0]) if fault["loc"] else "" for fault in error.errors()}
        raise FaultsError([Fault("plan-differs", field=field) for field in sorted(fields)]) from None
    for field, known in (("service", services), ("mode", MODES)):
        if getattr(question, field) not in known:
            raise FaultsError([Fault("plan-differs", field=field, value=str(plan.get(field))[:80])])
    return with_defaults(dataclasses.replace(question, edits=edits), services)

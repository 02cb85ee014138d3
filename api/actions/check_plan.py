"""Check a plan file as a stranger would: from its own matrix up, and against the county where it is at hand."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import TypeAdapter, ValidationError

from api.actions.open_county import OpenCounty
from api.actions.plan_figures import figures_of, measured, sites_of
from api.actions.plan_file import seal
from api.actions.plan_view import view_plan
from api.actions.posed import built_at
from api.actions.tables_at_rest import tables_of_plan
from api.settings import Settings
from gis.faults import Fault, FaultsError
from gis.travel_modes import MODES
from layers.county import open_county
from planning.scenario.defaults import with_defaults
from planning.scenario.identity import question_told
from planning.scenario.question import PlanQuestion
from planning.services import SERVICES
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
        faults = [*_figure_faults(plan, problem, solution, sides), *_claim_faults(problem, solution, sides)]
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
    """Yield a fault for each key that does not say what is expected, as JSON says it."""
    for name, value in json.loads(json.dumps(expected)).items():
        if name not in plan or plan[name] != value:
            yield Fault("plan-differs", field=name, value=str(plan.get(name))[:80])


def _claim_faults(problem: SitingProblem, solution: Solution, sides: Sides) -> list[Fault]:
    """Return what the checker finds; a claim too strange to be checked at all is false as well."""
    try:
        return _verify(problem, solution, **sides)
    except _WRONG_CLAIM as error:
        return [Fault("claim-uncheckable", field="claim", value=f"{type(error).__name__}: {error}"[:80])]


def _county_of(plan: Mapping[str, Any], settings: Settings) -> OpenCounty | None:
    """Return the county that the plan was made for, if this machine stores that version and the plan's tables."""
    version = str(plan.get("county_version"))
    if not re.fullmatch(r"[0-9a-f]{8,64}", version):
        return None
    tables = tables_of_plan(plan, partial(_stored_editions, settings))
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
    built = built_at(at_hand, asked_in(plan))
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
    of_any_age = {"tables": {}, "tables_sha": {}, **plan}  # files from before tables could be edited name none
    yield from _differences(of_any_age, view_plan(at_hand, built, solution, measured(built, solution)))


def asked_in(plan: Mapping[str, Any]) -> PlanQuestion:
    """Return what was asked, from the plan that was made of it.

    Raises
    ------
    FaultsError
        ``plan-differs`` with the fields that are not a question.
    """
    names = question_told(PlanQuestion("")).keys()
    try:
        question = TypeAdapter(PlanQuestion).validate_python({name: plan[name] for name in names & plan.keys()})
    except ValidationError as error:
        fields = {str(fault["loc"][0]) if fault["loc"] else "" for fault in error.errors()}
        raise FaultsError([Fault("plan-differs", field=field) for field in sorted(fields)]) from None
    for field, known in (("service", SERVICES), ("mode", MODES)):
        if getattr(question, field) not in known:
            raise FaultsError([Fault("plan-differs", field=field, value=str(plan.get(field))[:80])])
    return with_defaults(question)

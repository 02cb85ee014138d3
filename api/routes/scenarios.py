"""Scenarios that somebody keeps: make one, list them, look at one, save it, put it away."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import Field

from api.actions.scenarios import history, keep
from api.actions.scenarios.form import AskedForm, CountyForm, Key, ScenarioForm, Word, asked_of, county_told
from api.actions.scenarios.keep import Change
from api.answers import Answer
from api.auth import Allow, guarded_router
from api.deps import Visiting, WithRecords
from api.description import answers, may_refuse
from api.scenario_views import SavedScenario, ScenarioAnswer, ScenariosAnswer
from gis.faults import Fault, FaultsError
from planning.scenario.edit_form import edits_from

router = guarded_router()
MAY_READ = [Depends(Allow.to("read", "scenario"))]
MAY_WRITE = [Depends(Allow.to("write", "scenario"))]
OF_ONE = (
    "one_api_scenarios__name__get",
    "start_api_scenarios__name__runs_post",
    "rebase_api_scenarios__name__rebase_post",
    "export_api_scenarios__name__export_get",
    "clone_api_scenarios__name__clone_post",
    "comment_api_scenarios__name__comments_post",
    "revisions_api_scenarios__name__revisions_get",
)
"""Operations that take a scenario's id."""
_FIRST_YEAR, _LAST_YEAR = 2000, 9000  # both kinds of database know these
Note = Annotated[str, Field(max_length=200)]


class NewScenarioBody(ScenarioForm):
    """A scenario to be kept; ``content_id`` is not looked at."""

    note: Note = ""
    key: Key | None = None


class SaveBody(AskedForm):
    """Another content of a scenario, made from the revision that was seen last."""

    expected_revision: Annotated[int, Field(ge=1, lt=2**31)]
    name: Word | None = None
    county: CountyForm | Word | None = None
    content_id: Annotated[str, Field(max_length=64)] = ""
    note: Note = ""

    @property
    def version(self) -> str:
        """The build that the caller means, "" where it does not say."""
        return "" if self.county is None else county_told(self.county).version


def change_of(body: AskedForm, *, note: str = "", name: str | None = None) -> Change:
    """Return what a body asks for.

    Raises
    ------
    FaultsError
        Everything that is wrong with its edits.
    """
    question, edits = asked_of(body.question, edits_from(body.edits))
    return Change(question, edits, note, name)


@router.post(
    "/api/scenarios",
    status_code=201,
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(409) | answers(ScenarioAnswer, 201, leads_to=OF_ONE, id_at="/id"),
)
async def create(who: Visiting, beside: WithRecords, body: NewScenarioBody) -> Answer:
    """Keep a question and its edits, once everything that they name is known to be in the county."""

    def work() -> Answer:
        change = change_of(body, note=body.note)
        made = keep.create(who, body.name, change, county=body.told_county, key=body.key)
        return Answer(made, status_code=201, headers={"Location": f"/api/scenarios/{made['id']}"})

    return await beside(work)


@router.get("/api/scenarios", dependencies=MAY_READ, response_model=None, responses=answers(ScenariosAnswer))
async def listed(
    who: Visiting,
    beside: WithRecords,
    *,
    archived: bool = False,
    after: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = keep.PAGE,
) -> Answer:
    """Return the caller's scenarios and those shared with them, the one changed last first."""
    place = _place(after)
    return Answer(await beside(keep.listed, who, archived=archived, after=place, limit=limit))


@router.get(
    "/api/scenarios/{name}",
    dependencies=MAY_READ,
    response_model=None,
    responses=may_refuse(404, 409) | answers(ScenarioAnswer),
)
async def one(who: Visiting, beside: WithRecords, name: str) -> Answer:
    """Return a scenario with the revision that counts, and what was built anew in its county since."""
    return Answer(await beside(keep.shown, who, name))


@router.put(
    "/api/scenarios/{name}",
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(404, 409) | answers(SavedScenario),
)
async def save(who: Visiting, beside: WithRecords, name: str, body: SaveBody) -> Answer:
    """Save another content; 409 with the difference where another revision counts by now, and both are kept."""

    def work() -> dict[str, Any]:
        change = change_of(body, note=body.note, name=body.name)
        return keep.save(who, name, change, expected=body.expected_revision, version=body.version)

    return Answer(await beside(work))


@router.delete(
    "/api/scenarios/{name}",
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(404, 409) | answers(ScenarioAnswer),
)
async def put_away(who: Visiting, beside: WithRecords, name: str) -> Answer:
    """Put a scenario away: it is listed apart and changed no more, nothing of it is deleted."""
    return Answer(await beside(history.put_away, who, name))


@router.post(
    "/api/scenarios/{name}/restore",
    dependencies=MAY_WRITE,
    response_model=None,
    responses=may_refuse(404, 409) | answers(ScenarioAnswer),
)
async def take_out(who: Visiting, beside: WithRecords, name: str) -> Answer:
    """Take a scenario out again that was put away."""
    return Answer(await beside(history.put_away, who, name, archived=False))


def _place(after: str) -> tuple[datetime, str] | None:
    """Return from where a list goes on, as the page before told it."""
    if not after:
        return None
    at, _blank, scenario_id = after.partition(" ")
    moment = _moment(at)
    if moment is None or not _FIRST_YEAR <= moment.year < _LAST_YEAR or not scenario_id.isalnum():
        raise FaultsError([Fault("scenario-unknown-page", field="after", value=after)])
    return moment, scenario_id


def _moment(words: str) -> datetime | None:
    """Return an instant with its zone, ``None`` if it is none."""
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        return None
    return None if found.tzinfo is None else found

"""The file form of a scenario: read strictly, and with everything that is wrong with it told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.request_words import input_shown
from api.runs.plan_body import PlanBody, within
from gis.faults import Fault, FaultsError
from layers.current import VERSION
from planning.scenario.edit_form import edits_from
from planning.scenario.edits import Edit
from planning.scenario.question import FIELDS, PlanQuestion
from planning.scenario.scenario import Scenario

Word = Annotated[str, Field(max_length=120)]


class CountyForm(BaseModel):
    """The county that a scenario is about, so that another installation can tell."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Word = ""
    code: Word = ""
    version: Word = ""
    layers: Annotated[dict[Word, Word], Field(max_length=100)] = Field(default_factory=dict)


class AskedForm(BaseModel):
    """What a scenario asks."""

    model_config = ConfigDict(extra="forbid", strict=True)

    question: PlanBody
    edits: Annotated[list[dict[str, Any]], within(FIELDS["edits"])] = Field(default_factory=list)


class ScenarioForm(AskedForm):
    """A scenario as a file holds it; ``county`` may be a build's version, a code or a name alone, or left out."""

    name: Word
    county: CountyForm | Word = CountyForm()
    content_id: Annotated[str, Field(max_length=64)] = ""

    @property
    def told_county(self) -> CountyForm:
        """The county, as far as it is told."""
        return county_told(self.county)


def county_told(county: CountyForm | str) -> CountyForm:
    """Return a county as far as it is told: one word is the version of a build, a county's code, or its name."""
    if not isinstance(county, str):
        return county
    if VERSION.fullmatch(county):
        return CountyForm(version=county)
    return CountyForm(code=county) if county.isdecimal() else CountyForm(name=county)


Key = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
"""Id of a scenario, chosen at random by whoever makes it, so that making it may be asked for again."""


@dataclass(frozen=True)
class Contract:
    """A scenario file that has been read.

    Parameters
    ----------
    name
    county
        As far as the file tells.
    question
        As it was told, without edits.
    edits
    content_id
        As the file says, "" where it does not.
    """

    name: str
    county: CountyForm
    question: PlanQuestion
    edits: tuple[Edit, ...]
    content_id: str

    def on(self, county_version: str) -> Scenario:
        """Return the scenario on a build of a county."""
        return Scenario(self.name, county_version, self.question, self.edits)


def read_contract(given: object) -> Contract:
    """Read a scenario file.

    Parameters
    ----------
    given
        What its JSON says.

    Raises
    ------
    FaultsError
        With everything that is wrong with its form and its edits.
    """
    told = given.get("edits", []) if isinstance(given, Mapping) else []
    rest = {name: value for name, value in given.items() if name != "edits"} if isinstance(given, Mapping) else given
    form, faults = _form_of(rest)
    edits: tuple[Edit, ...] = ()
    try:
        edits = edits_from(told)
    except FaultsError as error:
        faults += error.faults
    if form is None or faults:
        raise FaultsError(faults)
    question, edits = asked_of(form.question, edits)
    return Contract(form.name, form.told_county, question, edits, form.content_id)


def asked_of(body: PlanBody, edits: tuple[Edit, ...]) -> tuple[PlanQuestion, tuple[Edit, ...]]:
    """Return a question as it was told, and its edits: those that stand in the question itself come first."""
    question = body.as_told()
    return question, (*question.edits, *edits)


def plan_body_from(given: Mapping[str, Any]) -> PlanBody:
    """Return the question that flat fields ask.

    Raises
    ------
    FaultsError
        With everything that is wrong with their form.
    """
    try:
        return PlanBody.model_validate(given)
    except ValidationError as error:
        raise FaultsError([_fault(one) for one in error.errors()]) from None


def body_of(scenario: Scenario) -> PlanBody:
    """Return a scenario as ``POST /api/plans`` takes it: its question with its edits."""
    body = scenario.body()
    return PlanBody.model_validate({**body["question"], "edits": body["edits"]})


def _form_of(given: object) -> tuple[ScenarioForm | None, list[Fault]]:
    try:
        return ScenarioForm.model_validate(given), []
    except ValidationError as error:
        return None, [_fault(one) for one in error.errors()]


def _fault(refused: Any) -> Fault:
    """Return what a parser refused as a fault; its kind and figures are told in words where it is explained."""
    field = ".".join(str(part) for part in refused["loc"] if part not in ("CountyForm", "constrained-str"))
    figures = {name: one for name, one in refused.get("ctx", {}).items() if isinstance(one, str | int | float)}
    return Fault(
        "form-refused", field=field[:200], value=input_shown(refused), params={**figures, "form": str(refused["type"])}
    )

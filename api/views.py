"""The forms of the answers, for the API's description; a test holds them and the answers together."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _OpenForm(BaseModel):
    """A form whose fields beyond those named depend on the question."""

    model_config = ConfigDict(extra="allow")


class PartAnswer(_OpenForm):
    """How a part of the service is: ``ok``, or the code of what is wrong."""

    state: str


class HealthAnswer(_Form):
    """How the service is."""

    status: Literal["ready", "degraded"]
    county: str
    version: str
    parts: dict[str, PartAnswer]
    down: list[str]


class CountyName(_Form):
    """A county."""

    name: str
    code: str
    area_km2: float | None
    crs: str


class CountyAnswer(_Form):
    """A county in figures."""

    county: CountyName
    layers: dict[str, dict[str, Any]]
    population: dict[str, int | str | None]
    network: dict[str, float | None]
    version: str
    warnings: list[dict[str, Any]]


class LayerAnswer(_OpenForm):
    """A layer as GeoJSON, with where it comes from."""

    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]
    source: str | None
    licence: str | None
    reconstructed: list[str]


class AccessAnswer(_Form):
    """Everyone's seconds to the nearest facility of a kind."""

    kind: str
    mode: str
    base: str
    facilities: list[str]
    seconds: dict[str, int | None]
    nearest: dict[str, str | None]
    measures: dict[str, float | None]


class ClosuresAnswer(_OpenForm):
    """Everyone's seconds with roads closed, beside those of today."""

    closed: list[dict[str, Any]]
    seconds: dict[str, int | None]
    before: dict[str, float | None]
    after: dict[str, float | None]
    slower: dict[str, int]
    worst: list[dict[str, Any]]


class ClosedRoadsAnswer(_OpenForm):
    """The roads that cases have closed, and what that means for people."""

    roads: list[dict[str, Any]]
    effect: dict[str, Any] | None


class PlanResult(_OpenForm):
    """A plan, or a study of one; README tells all of its fields."""


class AnsweredPlan(_Form):
    """What is known of the plan that a model chose for the same question."""

    status: str
    proof: str | None
    solver: str
    objective: int | None
    bound: int | None
    objective_unit: str
    gap: float | None
    claim_id: str


class EvaluationAnswer(_Form):
    """A plan of named sites, and the plan of the same question that opens just these, if one is known."""

    plan: PlanResult
    answered: AnsweredPlan | None


class RunError(_OpenForm):
    """What went wrong in a computation, in the form of a refusal."""

    error: str
    message: str
    faults: list[dict[str, Any]]


class RunScenario(_Form):
    """The revision of a scenario that asked for a computation."""

    id: str
    revision: int


class RunInList(_Form):
    """How far a computation is."""

    id: str
    kind: Literal["plan", "study", "futures", "counter-proposals"]
    service: str | None
    state: Literal["queued", "running", "done", "cancelled", "failed", "interrupted"]
    lane: Literal["short", "long"]
    place: int | None
    asked_at: str
    started_at: str | None
    ended_at: str | None
    elapsed_s: float
    attempts: int
    county_version: str
    scenario: RunScenario | None
    progress: dict[str, Any]
    error: RunError | None


class RunForm(RunInList):
    """How far a computation is, and its result once there is one."""

    result: PlanResult | None


class RunAnswer(_Form):
    """A computation that was asked for."""

    run: RunForm


class RunsAnswer(_Form):
    """The caller's computations, newest first."""

    runs: list[RunInList]


class PlanFileAnswer(_OpenForm):
    """A plan with everything that checking it needs."""

    claim: dict[str, Any]


class AreaAnswer(_Form):
    """Where a role holds."""

    kind: str
    code: str


class GrantAnswer(_Form):
    """A role that somebody has."""

    role: str
    area: AreaAnswer
    until: str | None


class MeAnswer(_Form):
    """Who calls; in solo mode nobody in particular."""

    id: str | None
    name: str
    solo: bool
    grants: list[GrantAnswer]


class TableVersion(_Form):
    """What is known of one version of a table."""

    version: int
    sha: str
    valid_from: str | None
    at: str | None
    by: str | None
    note: str


class TableListed(TableVersion):
    """A table with its version in force and its newest."""

    kind: str
    title: str
    in_force: int
    latest: int


class TableAnswer(TableListed):
    """One version of a table."""

    columns: list[dict[str, Any]]
    rows: list[dict[str, str | int | float]]


class ChangedCell(_Form):
    """One cell that differs."""

    column: str
    before: str | int | float | None
    after: str | int | float | None


class ChangedRow(_Form):
    """One row that differs."""

    change: Literal["added", "removed", "changed"]
    key: dict[str, str | int | float]
    cells: list[ChangedCell]


class SavedTable(_Form):
    """What came of a change."""

    kind: str
    version: int
    sha: str
    valid_from: str | None
    changed: bool
    difference: list[ChangedRow]

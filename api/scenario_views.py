"""The forms of answers about scenarios, for the API's description; a test holds them and the answers together."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ScenarioCounty(_Form):
    """The county that a scenario is about."""

    name: str
    code: str
    version: str


class ListedScenario(_Form):
    """A scenario as a list shows it."""

    id: str
    name: str
    owner: str | None
    owner_name: str
    level: Literal["owner", "edit", "comment", "read"]
    county: ScenarioCounty
    revision: int
    parent_id: str | None
    created_at: str
    changed_at: str
    archived: bool
    stale: bool


class ScenariosAnswer(_Form):
    """Scenarios of the caller's own and shared with them; ``following`` is the ``after`` of the next page."""

    scenarios: list[ListedScenario]
    following: str | None


class ChangedLayers(_Form):
    """Layers that differ between two builds."""

    added: list[str]
    removed: list[str]
    changed: list[str]


class Stale(_Form):
    """The county was built anew since."""

    current: str
    layers: ChangedLayers | None
    other_county: bool


class ScenarioAnswer(_Form):
    """A scenario with what it asks."""

    id: str
    name: str
    owner: str | None
    owner_name: str
    level: Literal["owner", "edit", "comment", "read"]
    county: ScenarioCounty
    revision: int
    parent_id: str | None
    created_at: str
    changed_at: str
    archived: bool
    content_id: str
    question: dict[str, Any]
    edits: list[dict[str, Any]]
    stale: Stale | None


class SavedScenario(ScenarioAnswer):
    """A scenario that somebody wanted to change."""

    changed: bool


class RevisionAnswer(_Form):
    """A revision of a scenario, as the history lists it."""

    revision: int
    parent: int | None
    aside: bool
    counts: bool
    content_id: str
    county_version: str
    at: str
    by: str | None
    by_name: str
    note: str


class ChangedField(_Form):
    """A field of the question that differs."""

    field: str
    before: Any
    after: Any


class ChangedEdit(_Form):
    """An edit that differs."""

    change: Literal["added", "removed", "changed"]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Versions(_Form):
    """Two builds of a county."""

    before: str
    after: str


class Difference(_Form):
    """What differs between two revisions."""

    question: list[ChangedField]
    edits: list[ChangedEdit]
    county_version: Versions | None


class RevisionShown(RevisionAnswer):
    """A revision with what it asks and what was changed in it."""

    question: dict[str, Any]
    edits: list[dict[str, Any]]
    difference: Difference | None


class Rebased(_Form):
    """What becomes of one edit, or of a condition that names a place or a township."""

    part: Literal["edit", "status", "townships", "sites"]
    number: int
    target: str
    outcome: Literal["kept", "moved", "void"]
    reason: str
    reason_words: str
    became: list[str]


class Asks(_Form):
    """What a scenario asks."""

    question: dict[str, Any]
    edits: list[dict[str, Any]]


class RebaseAnswer(_Form):
    """A scenario on the current build of its county; ``saved`` is empty where it was only looked at."""

    from_version: str
    to_version: str
    stale: Stale | None
    edits: list[Rebased]
    counts: dict[str, int]
    scenario: Asks
    content_id: str
    faults: list[dict[str, Any]]
    saved: SavedScenario | None


class ScenarioFile(_Form):
    """A scenario as another installation reads it."""

    name: str
    county: dict[str, Any]
    question: dict[str, Any]
    edits: list[dict[str, Any]]
    content_id: str


class SchemeZeroAnswer(BaseModel):
    """Today's facilities of a service, in the form of a plan; ``no-service`` where nothing stands."""

    model_config = ConfigDict(extra="allow")

    scheme: Literal[0]
    status: Literal["as-it-stands", "no-service"]
    service: str
    opened: list[str]
    measures: dict[str, Any]


class ShareAnswer(_Form):
    """With whom a scenario is shared, and for what."""

    model_config = ConfigDict(extra="allow")  # ``from`` is no name in Python

    id: str
    account: str | None
    account_name: str
    role: str | None
    level: Literal["read", "comment", "edit"]
    until: str | None


class CommentAnswer(_Form):
    """What somebody said; ``text`` is empty once it was erased."""

    id: str
    text: str | None
    by: str | None
    by_name: str
    at: str
    erased: bool


class AdoptionAnswer(_Form):
    """A scheme that was adopted; ``scenario`` is its name where the caller may see it."""

    id: str
    scenario_id: str
    scenario_n: int
    scenario: str
    content_id: str
    service: str
    sites: int
    from_date: str
    decision: str
    from_version: str
    to_version: str
    at: str
    by_name: str
    withdrawn_at: str | None
    withdrawn_by_name: str
    reason: str | None
    withdrawn_from: str | None
    withdrawn_to: str | None


class AdoptionsAnswer(_Form):
    """The register of a county."""

    adoptions: list[AdoptionAnswer]

"""The form of a plan's question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from gis.travel_modes import Mode
from planning.groups import Base
from planning.hub_rooms import Room
from planning.scenario.defaults import with_defaults
from planning.scenario.edit_form import edits_from
from planning.scenario.edits import MOST_OF_AN_ID, Status
from planning.scenario.field import Asked
from planning.scenario.question import (
    DEFAULTS,
    FIELDS,
    TOWNSHIP_FIELDS,
    PlanQuestion,
    TownshipLimit,
    question_from,
)
from planning.services import Service


def within(asked: Asked) -> Any:
    """Return the bounds of a field as pydantic checks them."""
    if asked.kind in ("whole", "number"):
        return Field(ge=asked.least, gt=asked.above, le=asked.most)
    return Field(min_length=None if asked.least is None else int(asked.least), max_length=int(asked.most or 0))


Place = Annotated[str, within(TOWNSHIP_FIELDS["township"])]
Site = Annotated[str, Field(min_length=1, max_length=MOST_OF_AN_ID)]


class RoomRow(BaseModel):
    """One row of the room table, as edited."""

    model_config = ConfigDict(extra="forbid", strict=True)

    room: str = Field(min_length=1, max_length=40)
    base_m2: float = Field(default=0, ge=0, le=100_000)
    per_1000_people_m2: float = Field(default=0, ge=0, le=10_000)
    per_child_m2: float = Field(default=0, ge=0, le=100)
    minimum_m2: float = Field(default=0, ge=0, le=100_000)
    basis: str = Field(default="edited", max_length=60)

    def as_room(self) -> Room:
        """Return the row as the planning floor knows it."""
        figures = self.model_dump(exclude={"room", "basis"})
        return Room(self.room, **figures)


class Township(BaseModel):
    """Sites in one township."""

    model_config = ConfigDict(extra="forbid", strict=True)

    township: Place
    least: Annotated[int, within(TOWNSHIP_FIELDS["least"])] = 0
    most: Annotated[int, within(TOWNSHIP_FIELDS["most"])] | None = None


class PlanBody(BaseModel):
    """What is asked of a plan; what is left out takes the service's default, or is no condition."""

    model_config = ConfigDict(extra="forbid", strict=True)

    service: Annotated[str, within(FIELDS["service"])]
    model: Annotated[str, within(FIELDS["model"])] | None = None
    p: Annotated[int, within(FIELDS["p"])] | None = None
    upper_p: Annotated[int, within(FIELDS["upper_p"])] | None = None
    limit_minutes: Annotated[float, within(FIELDS["limit_minutes"])] | None = None
    mode: Mode | None = None
    base: Base = DEFAULTS["base"]
    rooms: Annotated[list[RoomRow], within(FIELDS["rooms"])] | None = None
    sites: Annotated[list[Site], within(FIELDS["sites"])] = Field(default_factory=list)
    status: Annotated[dict[Place, Status], within(FIELDS["status"])] = Field(default_factory=dict)
    townships: Annotated[list[Township], within(FIELDS["townships"])] = Field(default_factory=list)
    every_township: Annotated[int, within(FIELDS["every_township"])] | None = None
    separation_km: Annotated[float, within(FIELDS["separation_km"])] | None = None
    max_minutes: Annotated[float, within(FIELDS["max_minutes"])] | None = None
    capacity: Annotated[int, within(FIELDS["capacity"])] | None = None
    unlimited: bool = DEFAULTS["unlimited"]
    split: bool = DEFAULTS["split"]
    budget_yuan: Annotated[int, within(FIELDS["budget_yuan"])] | None = None
    hour_yuan: Annotated[int, within(FIELDS["hour_yuan"])] | None = None
    trips: Annotated[int, within(FIELDS["trips"])] | None = None
    opening_yuan: Annotated[int, within(FIELDS["opening_yuan"])] | None = None
    closing_yuan: Annotated[int, within(FIELDS["closing_yuan"])] | None = None
    included: Annotated[int, within(FIELDS["included"])] | None = None
    extension_yuan: Annotated[int, within(FIELDS["extension_yuan"])] | None = None
    edits: Annotated[list[dict[str, Any]], within(FIELDS["edits"])] = Field(default_factory=list)
    time_limit_s: Annotated[float, within(FIELDS["time_limit_s"])] = DEFAULTS["time_limit_s"]
    memory_limit_mb: Annotated[int, within(FIELDS["memory_limit_mb"])] = DEFAULTS["memory_limit_mb"]

    def as_question(self, services: Mapping[str, Service]) -> PlanQuestion:
        """Return the question with its defaults, of the services in force; else as ``as_told``."""
        return with_defaults(self.as_told(), services)

    def as_told(self) -> PlanQuestion:
        """Return the question as it was told: what is left out is left to the service.

        Raises
        ------
        FaultsError
            Everything that is wrong with the edits.
        """
        fields = set(PlanBody.model_fields) - {"edits"}  # a body that asks for more than a plan has further ones
        given = self.model_dump(include=fields) | {"edits": edits_from(self.edits)}
        given["rooms"] = None if self.rooms is None else tuple(row.as_room() for row in self.rooms)
        given["status"] = tuple(sorted(self.status.items()))
        given["townships"] = tuple(TownshipLimit(**row.model_dump()) for row in self.townships)
        return question_from(given)

"""The form of a plan's question."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from planning.groups import Base
from planning.hub_rooms import Room
from planning.scenario.defaults import with_defaults
from planning.scenario.question import (
    DEFAULTS,
    FIELDS,
    TOWNSHIP_FIELDS,
    Asked,
    Mode,
    PlanQuestion,
    ServiceName,
    Status,
    TownshipLimit,
    question_from,
)


def within(asked: Asked) -> Any:
    """Return the bounds of a field as pydantic checks them."""
    if asked.kind in ("whole", "number"):
        return Field(ge=asked.least, gt=asked.above, le=asked.most)
    return Field(min_length=None if asked.least is None else int(asked.least), max_length=int(asked.most or 0))


Place = Annotated[str, within(TOWNSHIP_FIELDS["township"])]


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

    service: ServiceName
    model: Annotated[str, within(FIELDS["model"])] | None = None
    p: Annotated[int, within(FIELDS["p"])] | None = None
    upper_p: Annotated[int, within(FIELDS["upper_p"])] | None = None
    limit_minutes: Annotated[float, within(FIELDS["limit_minutes"])] | None = None
    mode: Mode | None = None
    base: Base = DEFAULTS["base"]
    rooms: Annotated[list[RoomRow], within(FIELDS["rooms"])] | None = None
    status: Annotated[dict[Place, Status], within(FIELDS["status"])] = Field(default_factory=dict)
    townships: Annotated[list[Township], within(FIELDS["townships"])] = Field(default_factory=list)
    every_township: Annotated[int, within(FIELDS["every_township"])] | None = None
    separation_km: Annotated[float, within(FIELDS["separation_km"])] | None = None
    max_minutes: Annotated[float, within(FIELDS["max_minutes"])] | None = None
    capacity: Annotated[int, within(FIELDS["capacity"])] | None = None
    split: bool = DEFAULTS["split"]
    budget_yuan: Annotated[int, within(FIELDS["budget_yuan"])] | None = None
    opening_yuan: Annotated[int, within(FIELDS["opening_yuan"])] | None = None
    closing_yuan: Annotated[int, within(FIELDS["closing_yuan"])] | None = None
    included: Annotated[int, within(FIELDS["included"])] | None = None
    extension_yuan: Annotated[int, within(FIELDS["extension_yuan"])] | None = None
    time_limit_s: Annotated[float, within(FIELDS["time_limit_s"])] = DEFAULTS["time_limit_s"]
    memory_limit_mb: Annotated[int, within(FIELDS["memory_limit_mb"])] = DEFAULTS["memory_limit_mb"]

    def as_question(self) -> PlanQuestion:
        """Return the question with its defaults."""
        given = self.model_dump()
        given["rooms"] = None if self.rooms is None else tuple(row.as_room() for row in self.rooms)
        given["status"] = tuple(sorted(self.status.items()))
        given["townships"] = tuple(TownshipLimit(**row.model_dump()) for row in self.townships)
        return with_defaults(question_from(given))

"""The form of a plan's question."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.actions.plan_conditions import Conditions, TownshipLimit
from api.actions.plan_question import PlanRequest
from planning.hub_rooms import Room
from planning.population import Base

_QUESTION = {"service", "model", "p", "upper_p", "limit_minutes", "mode", "base", "time_limit_s", "memory_limit_mb"}
Mode = Literal["walk", "elder-walk", "e-bike", "car"]
Place = Annotated[str, Field(min_length=1, max_length=60)]
Status = Literal["existing", "closable", "required", "excluded"]


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

    township: str = Field(min_length=1, max_length=60)
    least: int = Field(default=0, ge=0, le=5000)
    most: Annotated[int, Field(ge=0, le=5000)] | None = None


class PlanBody(BaseModel):
    """What is asked of a plan; what is left out takes the service's default, or is no condition."""

    model_config = ConfigDict(extra="forbid", strict=True)

    service: Literal["elder-centre", "hub", "service-room"]
    model: Annotated[str, Field(max_length=40)] | None = None
    p: Annotated[int, Field(ge=1, le=5000)] | None = None
    upper_p: Annotated[int, Field(ge=1, le=5000)] | None = None
    limit_minutes: Annotated[float, Field(gt=0, le=600)] | None = None
    mode: Mode | None = None
    base: Base = "resident"
    rooms: Annotated[list[RoomRow], Field(max_length=20)] | None = None
    status: Annotated[dict[Place, Status], Field(max_length=2000)] = Field(default_factory=dict)
    townships: Annotated[list[Township], Field(max_length=200)] = Field(default_factory=list)
    every_township: Annotated[int, Field(ge=0, le=500)] | None = None
    separation_km: Annotated[float, Field(ge=0, le=200)] | None = None
    max_minutes: Annotated[float, Field(gt=0, le=6000)] | None = None
    capacity: Annotated[int, Field(ge=1, le=10**9)] | None = None
    split: bool = False
    budget_yuan: Annotated[int, Field(ge=0, le=10**12)] | None = None
    opening_yuan: Annotated[int, Field(ge=0, le=10**11)] | None = None
    closing_yuan: Annotated[int, Field(ge=0, le=10**11)] | None = None
    included: Annotated[int, Field(ge=0, le=10**9)] | None = None
    extension_yuan: Annotated[int, Field(ge=0, le=10**11)] | None = None
    time_limit_s: Annotated[float, Field(gt=0, le=3600)] = 60.0
    memory_limit_mb: Annotated[int, Field(ge=1, le=10**6)] = 4096

    def as_request(self) -> PlanRequest:
        """Return the question as the actions know it, with its defaults."""
        given = self.model_dump(include=_QUESTION)
        conditions = self.model_dump(exclude=_QUESTION | {"rooms"})
        conditions["status"] = tuple(sorted(self.status.items()))
        conditions["townships"] = tuple(TownshipLimit(**row.model_dump()) for row in self.townships)
        rooms = None if self.rooms is None else tuple(row.as_room() for row in self.rooms)
        asked = PlanRequest(**given, rooms=rooms, conditions=Conditions(**conditions))
        return asked.with_defaults()

"""What is answered about matters of residents."""

from __future__ import annotations

from pydantic import BaseModel


class MatterAnswer(BaseModel):
    """A matter, how long it took to be granted, and the days saved where it is known how long it took before."""

    id: str
    matter: str
    name: str
    state: str
    proxy: str
    township: str | None
    declared_at: str
    granted_at: str | None
    minutes: int | None
    usual_days: int | None
    days_saved: float | None


class MattersAnswer(BaseModel):
    """Matters, how many of them could be measured, and the days saved by those."""

    matters: list[MatterAnswer]
    measured: int
    days_saved: float


class SampleAnswer(BaseModel):
    """A sample: its seed, the share, how many matters could be drawn, and which were."""

    seed: str
    percent: float
    granted: int
    drawn: list[str]

"""What is answered about cells."""

from __future__ import annotations

from pydantic import BaseModel


class CellAnswer(BaseModel):
    """A cell; households are an estimate unless the county's villages say how many there are."""

    code: str
    name: str
    households: int | None
    village: str
    village_name: str
    township: str


class CellChange(BaseModel):
    """What became of a change: version 0 if it changed nothing; of each new code the codes its ground had before."""

    version: int
    county_version: str
    parents: dict[str, list[str]]
    retired: list[str]


class CellVersionAnswer(CellChange):
    """Cells that count from a moment on; ``by`` is empty where the county was built anew."""

    valid_from: str
    by: str | None

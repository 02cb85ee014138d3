"""The rooms of a community hub and how large each is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.hub_rooms import DEFAULT_ROOMS, ROOM_BASES, Room
from planning.tables.definition import Column, Row, RowFault, TableKind, Value

_MOST_ROOMS = 20
_FIGURES = ("base_m2", "per_1000_people_m2", "per_child_m2", "minimum_m2")


def _default(room: Room) -> Row:
    figures: dict[str, Value] = {name: getattr(room, name) for name in _FIGURES}
    return {"room": room.name, **figures, "basis": ROOM_BASES[room.name]}


def _check(rows: Sequence[Row]) -> Iterator[RowFault]:
    """Refuse the name of what every hub has on top of its rooms."""
    for number, row in enumerate(rows):
        if row["room"] == "circulation":
            yield RowFault("table-room-taken", number, "room")


TABLE = TableKind(
    "rooms",
    columns=(
        Column("room", "text", characters=40, words="page.room"),
        Column("base_m2", "number", unit="m2", maximum=100_000, decimals=2),
        Column("per_1000_people_m2", "number", unit="m2", maximum=10_000, decimals=3),
        Column("per_child_m2", "number", unit="m2", maximum=100, decimals=3),
        Column("minimum_m2", "number", unit="m2", maximum=100_000, decimals=2),
        Column("basis", "text", words="planning.basis", is_optional=True),
    ),
    key=("room",),
    defaults=tuple(_default(room) for room in DEFAULT_ROOMS),
    noun="planning-table",
    may_grow=True,
    most_rows=_MOST_ROOMS,
    check=_check,
)


def rooms_of(rows: Sequence[Row]) -> tuple[Room, ...]:
    """Return the rooms."""
    return tuple(Room(str(row["room"]), *(float(row[name]) for name in _FIGURES)) for row in rows)

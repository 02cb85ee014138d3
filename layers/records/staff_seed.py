"""The first staff of a county: taken over from its layer once, and from then on the records' own."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from layers.records.audit import Act, record
from layers.records.database import Database
from layers.records.secret_values import keep_many
from layers.records.staff_rows import NAME, PERSON, PHONE, count_change
from layers.records.tables import leave as leave_table
from layers.records.tables import person as person_table
from layers.records.tables import post as post_table
from layers.records.tables import ticker
from layers.records.tables import unit as unit_table
from planning.incidents.clocks import CHINA_TIME
from planning.incidents.staff import AreaKind, Origin, PostKind, Unit, china_day

_SEEDED = "roster "
"""Under this and the version of the roster the ticker keeps when it was taken over, and how many people it brought."""


@dataclass(frozen=True)
class SeedPerson:
    """Somebody of a layer or a reconstruction.

    Parameters
    ----------
    id, name, phone, origin
    post, area_kind, area_code
    is_away
        Whether the layer says that they are not on duty: on leave until told otherwise.
    """

    id: str
    name: str
    post: PostKind
    area_kind: AreaKind
    area_code: str
    origin: Origin
    phone: str = ""
    is_away: bool = False


@dataclass(frozen=True)
class Seed:
    """What a county brings.

    Parameters
    ----------
    version
        Of its roster: the same one is taken over once.
    people, units
    """

    version: str
    people: Sequence[SeedPerson] = ()
    units: Sequence[Unit] = ()


@dataclass(frozen=True)
class Seeded:
    """When a county's roster was taken over, and how many people were new."""

    version: str
    at: datetime
    added: int


def latest_seeded(database: Database) -> Seeded | None:
    """Return what was taken over last, ``None`` before the first time."""
    asked = (
        select(ticker.c.name, ticker.c.last_at, ticker.c.last_pos)
        .where(ticker.c.name.startswith(_SEEDED))
        .order_by(ticker.c.last_at.desc())
        .limit(1)
    )
    with database.reading() as connection:
        found = connection.execute(asked).first()
    return Seeded(found.name.removeprefix(_SEEDED), found.last_at, found.last_pos) if found else None


def is_seeded(database: Database, version: str) -> bool:
    """Tell whether a roster has been taken over."""
    with database.reading() as connection:
        return connection.scalar(select(ticker.c.name).where(ticker.c.name == _name_of(version))) is not None


def seed_staff(database: Database, seed: Seed, *, act: Act, now: datetime) -> int:
    """Take over a county's staff, unless that was done; nothing that the records have is changed.

    Of a later build only those come who stand where the records have nobody: workers of new villages.

    Parameters
    ----------
    database
    seed
    act
        Recorded with the number of people, if there are any.
    now

    Returns
    -------
    int
        How many people were added.
    """
    try:
        with database.writing() as connection:
            return _seed(connection, seed, act, now)
    except IntegrityError:  # on PostgreSQL another server was faster
        return 0


def _seed(connection: Connection, seed: Seed, act: Act, now: datetime) -> int:
    name = _name_of(seed.version)
    if connection.scalar(select(ticker.c.name).where(ticker.c.name == name)) is not None:
        return 0
    connection.execute(insert(ticker).values(name=name, last_at=now, last_pos=0))
    count_change(connection, "posts", now)
    new = _new_people(connection, seed)
    _insert_people(connection, new, now)
    known = set(connection.scalars(select(unit_table.c.id)))
    units = [_unit_row(unit) for unit in seed.units if unit.id not in known]
    if units:
        connection.execute(insert(unit_table), units)
    connection.execute(ticker.update().where(ticker.c.name == name).values(last_pos=len(new)))
    if new or units:
        detail = {"people": len(new), "units": len(units), "roster": seed.version}
        record(connection, dataclasses.replace(act, detail={**detail, **act.detail}), at=now)
    return len(new)


def _new_people(connection: Connection, seed: Seed) -> list[SeedPerson]:
    people = set(connection.scalars(select(person_table.c.id)))
    held = select(post_table.c.post, post_table.c.area_kind, post_table.c.area_code).distinct()
    places = {(row.post, row.area_kind, row.area_code) for row in connection.execute(held)}
    return [
        one for one in seed.people if one.id not in people and (one.post, one.area_kind, one.area_code) not in places
    ]


def _insert_people(connection: Connection, people: Sequence[SeedPerson], now: datetime) -> None:
    if not people:
        return
    rows: list[Mapping[str, object]] = [
        {"id": one.id, "origin": one.origin, "updated_at": now, "version": 1} for one in people
    ]
    connection.execute(insert(person_table), rows)
    posts = [
        {
            "id": uuid.uuid4().hex,
            "person_id": one.id,
            "post": one.post,
            "area_kind": one.area_kind,
            "area_code": one.area_code,
            "from_on": date(2000, 1, 1),
            "at": now,
        }
        for one in people
    ]
    connection.execute(insert(post_table), posts)
    keep_many(connection, PERSON, {one.id: {NAME: one.name, PHONE: one.phone} for one in people})
    today = datetime.combine(china_day(now), time(), CHINA_TIME)  # a report that led here is older than this moment
    away = [
        {
            "id": uuid.uuid4().hex,
            "person_id": one.id,
            "from_at": today,
            "reason": "roster",
            "state": "approved",
            "asked_at": now,
            "decided_at": now,
            "version": 1,
        }
        for one in people
        if one.is_away
    ]
    if away:
        connection.execute(insert(leave_table), away)


def _unit_row(unit: Unit) -> Mapping[str, object]:
    return {
        "id": unit.id,
        "kind": unit.kind,
        "name": unit.name,
        "lon": unit.lon,
        "lat": unit.lat,
        "areas": list(unit.areas),
        "origin": unit.origin,
        "version": 1,
    }


def _name_of(version: str) -> str:
    return f"{_SEEDED}{version}"[:40]

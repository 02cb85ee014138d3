"""Roles that accounts have, where and when."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Connection, insert, select, update

from layers.records.tables import role_grant as grant_table

AreaKind = Literal["county", "township", "cell", "unit"]
AREA_KINDS: tuple[AreaKind, ...] = get_args(AreaKind)
ANY_COUNTY = "*"
"""Area code of a county grant that holds for every county of this installation."""


@dataclass(frozen=True)
class Grant:
    """A role somewhere, for some time.

    Parameters
    ----------
    role
    area_kind, area_code
        Where: a county by its 6-digit code, a township or a cell by its id, a unit by its name.
    from_at, until_at
        Aware; without an end it holds until it is taken back.
    """

    role: str
    area_kind: AreaKind
    area_code: str
    from_at: datetime
    until_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Tell whether it holds at an instant."""
        return self.from_at <= now and (self.until_at is None or now < self.until_at)


def insert_grants(connection: Connection, account_id: str, grants: Iterable[Grant], *, by: str | None) -> None:
    """Give an account roles."""
    rows = [
        {
            "id": uuid.uuid4().hex,
            "account_id": account_id,
            "role": grant.role,
            "area_kind": grant.area_kind,
            "area_code": grant.area_code,
            "from_at": grant.from_at,
            "until_at": grant.until_at,
            "by_id": by,
        }
        for grant in grants
    ]
    if rows:
        connection.execute(insert(grant_table), rows)


def end_grant(connection: Connection, account_id: str, grant: Grant, *, now: datetime) -> None:
    """Take back a role of an account; its row stays."""
    until = grant_table.c.until_at
    row = (
        (grant_table.c.account_id == account_id)
        & (grant_table.c.role == grant.role)
        & (grant_table.c.area_kind == grant.area_kind)
        & (grant_table.c.area_code == grant.area_code)
        & (grant_table.c.from_at == grant.from_at)
        & (until.is_(None) if grant.until_at is None else until == grant.until_at)
    )
    connection.execute(update(grant_table).where(row).values(until_at=now))


def grants_of(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Grant, ...]]:
    """Return all grants that accounts were ever given, by account."""
    found: dict[str, tuple[Grant, ...]] = {}
    for row in connection.execute(
        select(grant_table).where(grant_table.c.account_id.in_(ids)).order_by(grant_table.c.from_at)
    ):
        grant = Grant(row.role, row.area_kind, row.area_code, row.from_at, row.until_at)
        found[row.account_id] = (*found.get(row.account_id, ()), grant)
    return found

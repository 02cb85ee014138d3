"""The first administrator, with whom solo mode ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from api.access.door import Door
from api.access.passwords import hash_password, refuse_weak
from api.access.roles import Role
from api.explain import ApiError
from gis.faults import Fault, FaultsError, refuse_together
from layers.records.account_names import tidy_display, tidy_name
from layers.records.accounts import Account, AccountStore, NewAccount
from layers.records.audit import Act, Actor
from layers.records.database import Database
from layers.records.grants import ANY_COUNTY, Grant
from layers.records.sessions import SessionStore

_LASTING = timedelta(days=7)
FIRST_ROLES = (Role.ADMINISTRATOR, Role.PLANNER)
"""The first administrator goes on with what was made in solo mode, so a planner as well."""


def new_code(database: Database, *, now: datetime) -> str | None:
    """Return a one-time code for whoever starts the service, ``None`` once there is an account."""
    if AccountStore(database).is_any():
        return None
    key, _session = SessionStore(database).open(None, "setup", label="", lasting=_LASTING, now=now, act=None)
    return key


def set_up(
    database: Database, door: Door, *, code: str, name: str, display: str, password: str, again: str, from_addr: str
) -> Account:
    """Make the first administrator, who receives everything made in solo mode; from now on nobody enters without a key.

    Parameters
    ----------
    database, door
    code
        As printed when the service was started.
    name, display, password, again
    from_addr
        Address of the caller.

    Raises
    ------
    ApiError
        404 once there is an account, 403 ``wrong-code``.
    FaultsError
        With everything that is wrong with the fields.
    """
    now = datetime.now(UTC)
    store = AccountStore(database)
    if store.is_any():
        raise ApiError(404, "http-404")
    if SessionStore(database).one_time(code, "setup", now=now) is None:
        raise ApiError(403, "wrong-code")
    refuse_together(
        lambda: tidy_name(name),
        lambda: tidy_display(display or name),
        lambda: refuse_weak(password, name=name),
        lambda: refuse_unlike(password, again),
    )
    new = NewAccount(name, display, first_grants(now), hash_password(password))
    try:
        made = store.add_first(new, act=Act(Actor(None, None, from_addr), "account.first", "account"), now=now)
    except FaultsError as error:
        if any(fault.code == "accounts-exist" for fault in error.faults):
            raise ApiError(404, "http-404") from None
        raise
    door.shut()
    return made


def first_grants(now: datetime) -> tuple[Grant, ...]:
    """Return what the first administrator may do."""
    return tuple(Grant(role, "county", ANY_COUNTY, now) for role in FIRST_ROLES)


def refuse_unlike(password: str, again: str) -> None:
    """Refuse a new password that was not typed the same twice.

    Raises
    ------
    FaultsError
        ``password-unlike``.
    """
    if password != again:
        raise FaultsError([Fault("password-unlike", layer="accounts", field="again")])

"""One-time links: whoever holds one chooses the password of its account."""

from __future__ import annotations

from datetime import datetime

from api.access.passwords import hash_password, refuse_weak
from api.actions.accounts.set_up import refuse_unlike
from api.explain import ApiError
from gis.faults import refuse_together
from layers.records.accounts import Account, AccountStore
from layers.records.audit import Act, Actor
from layers.records.database import Database
from layers.records.grounds import Grounds, GroundsGoneError
from layers.records.sessions import SessionStore


def invited(database: Database, key: str, *, now: datetime) -> Account:
    """Return whose link it is.

    Raises
    ------
    ApiError
        404 ``link-used`` for a link that is used, too old or made up.
    """
    link = SessionStore(database).one_time(key, "invite", now=now)
    account = AccountStore(database).get(str(link.account_id)) if link is not None else None
    if account is None or account.disabled_at is not None:
        raise ApiError(404, "link-used")
    return account


def accept(database: Database, key: str, password: str, again: str, *, from_addr: str, now: datetime) -> Grounds:
    """Give the account its password, and return that it has it; the link ends, as do all its sessions.

    Raises
    ------
    ApiError
        As ``invited``.
    FaultsError
        If the password is guessed first, or was not typed the same twice.
    """
    account = invited(database, key, now=now)
    refuse_together(lambda: refuse_weak(password, name=account.name), lambda: refuse_unlike(password, again))
    act = Act(Actor(account.id, None, from_addr), "password.chosen", "account", account.id)
    stored = hash_password(password)
    try:
        AccountStore(database).set_password(account.id, stored, act=act, now=now, grounds=Grounds(link=key))
    except GroundsGoneError:  # somebody was faster with the same link
        raise ApiError(404, "link-used") from None
    return Grounds(password_hash=stored)

"""Signing in: the name, the password, how often it may be wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.access.passwords import WRONG_PER_ADDRESS, WRONG_PER_NAME, is_password
from api.explain import ApiError
from gis.faults import FaultsError
from layers.records.account_names import tidy_name
from layers.records.accounts import Account, AccountStore
from layers.records.audit import Act, Actor
from layers.records.database import Database
from layers.records.grounds import Grounds, GroundsGoneError
from layers.records.sessions import SessionStore
from layers.records.throttle import Throttle

LASTING = timedelta(days=7)
"""After this, even a browser in daily use has to sign in again."""


@dataclass(frozen=True)
class SignedIn:
    """Who has signed in, and the key that the browser keeps."""

    account: Account
    key: str


def sign_in(database: Database, name: str, password: str, *, from_addr: str, label: str, now: datetime) -> SignedIn:
    """Check a name and its password, and make a session.

    Parameters
    ----------
    database
    name, password
        As typed.
    from_addr
        Address of the caller.
    label
        What the browser calls itself.
    now

    Raises
    ------
    ApiError
        401 ``wrong-password`` (the same for a name that does not exist, or may not sign in), 429
        ``sign-in-held`` after too many of them, 429 ``busy-hashing``.
    """
    throttle = Throttle(database)
    by_name, by_address = f"sign-in name {_plain(name)}", f"sign-in from {from_addr}"
    wait = throttle.wait_for({by_name: WRONG_PER_NAME, by_address: WRONG_PER_ADDRESS}, now=now)
    if wait:
        raise held(wait)
    try:
        found = _checked(database, name, password)
    except ApiError:  # too many wait for the same: nothing was guessed
        throttle.forgive((), counts=(by_name, by_address))
        raise
    if found is None:
        raise ApiError(401, "wrong-password")
    account, stored = found
    throttle.forgive((by_name,), counts=(by_address,))
    act = Act(Actor(account.id, None, from_addr), "session.opened", "session")
    grounds = Grounds(password_hash=stored)
    return SignedIn(account, open_browser(database, account, grounds, label=label, now=now, act=act))


def open_browser(
    database: Database, account: Account, grounds: Grounds, *, label: str, now: datetime, act: Act | None
) -> str:
    """Return a new key for a browser.

    Parameters
    ----------
    database, account
    grounds
        On what they are let in.
    label, now
    act
        ``None`` where what led here is recorded already.

    Raises
    ------
    ApiError
        401 ``wrong-password`` if the account was disabled or its password ended meanwhile.
    """
    sessions = SessionStore(database)
    try:
        key, _ = sessions.open(account.id, "browser", label=label, lasting=LASTING, now=now, act=act, grounds=grounds)
    except GroundsGoneError:
        raise ApiError(401, "wrong-password") from None
    return key


def held(wait: timedelta) -> ApiError:
    """Return the refusal that says how long to wait."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    return ApiError(429, "sign-in-held", seconds=seconds, minutes=math.ceil(seconds / 60))


def _checked(database: Database, name: str, password: str) -> tuple[Account, str | None] | None:
    """Return the account with what is stored of its password, if that is the password and it may sign in."""
    found = AccountStore(database).by_name(name)
    is_right = is_password(password, found[1] if found is not None else None)
    return found if is_right and found is not None and found[0].disabled_at is None else None


def _plain(name: str) -> str:
    try:
        return tidy_name(name)
    except FaultsError:
        return ""

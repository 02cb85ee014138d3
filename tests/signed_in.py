"""Accounts of a service under test, made past the pages, and callers who hold their keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from callers import HERE
from slow_plans import until
from starlette.testclient import TestClient

from api.auth import COOKIE
from layers.records.accounts import AccountStore, NewAccount
from layers.records.audit import COMMAND_LINE, Act
from layers.records.grants import Grant
from layers.records.sessions import SessionStore

NOW = datetime(2026, 11, 29, tzinfo=UTC)
ADDED = Act(COMMAND_LINE, "account.added", "account")


def account(database, name, *grants, password_hash=None):
    """Add an account with grants as (role, area kind, area code)."""
    given = tuple(Grant(role, kind, code, NOW) for role, kind, code in grants)
    return AccountStore(database).add(NewAccount(name, name, given, password_hash), act=ADDED, now=NOW)


def key_for(database, made, *, kind="browser", scopes=("read", "write")):
    """Return a key of an account that is good now."""
    opened = SessionStore(database).open(
        made.id, kind, label="test", lasting=timedelta(days=1), now=datetime.now(UTC), act=None, scopes=scopes
    )
    return opened[0]


def caller(app, key, *, by="cookie", address="10.1.2.3"):
    """Return a caller elsewhere who brings a key in a cookie, or as a token."""
    if key:  # a busy machine may take a moment to see that there are accounts
        until(app.state.door.is_shut)
    client = TestClient(app, base_url=HERE, client=(address, 50000), follow_redirects=False)
    if by == "cookie":
        client.cookies.set(COOKIE, key)
    elif by == "token":
        client.headers["Authorization"] = f"Bearer {key}"
    return client


def leaves(routes):
    """Every route, those of included routers one by one."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from leaves(inner.routes) if inner is not None else (route,)

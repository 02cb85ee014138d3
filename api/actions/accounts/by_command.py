"""Accounts as the command line makes them, also before there is any and beside a running service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from api.access.passwords import hash_password, refuse_weak
from api.actions.accounts.areas import areas_of
from api.actions.accounts.grants import GrantAsked
from api.actions.accounts.people import Invited, grants_detail, is_administrator, named_person, new_account
from api.actions.workplace import Workplace
from gis.faults import Fault, FaultsError
from layers.records.accounts import Account, AccountStore
from layers.records.audit import COMMAND_LINE, Act
from layers.records.people import LINK_LASTING, People
from layers.records.session_rows import tidy_label
from layers.records.sessions import SessionStore


def asked_by_words(roles: Sequence[str], areas: Sequence[str]) -> list[GrantAsked]:
    """Return the roles that words ask for.

    Parameters
    ----------
    roles
        ``planner``, or with its own area ``township-desk@township:371424101``.
    areas
        ``county:371424``: of every role that does not bring its own; the whole county if there are none.
    """
    asked = []
    for word in roles:
        role, _, own = word.partition("@")
        for area in [own] if own else areas or [""]:
            kind, _, code = area.partition(":")
            asked.append(GrantAsked(role.strip(), kind.strip(), code.strip()))
    return asked


def add(
    at_work: Workplace,
    name: str,
    *,
    display: str,
    asked: Sequence[GrantAsked],
    password: str | None,
    now: datetime,
) -> Account | Invited:
    """Add an account; with the first one, solo mode ends and it receives everything made before.

    Parameters
    ----------
    at_work
    name, display, asked
    password
        Without one, there is a one-time link.
    now

    Raises
    ------
    FaultsError
        With everything that is wrong; ``first-not-administrator``.
    """
    database, areas = at_work.database.get(), areas_of(at_work)
    is_first = not AccountStore(database).is_any()
    new = new_account(name, display, asked, areas, now=now)
    if is_first and not is_administrator(new.grants, areas, now):
        raise FaultsError([Fault("first-not-administrator", layer="accounts", field="role")])
    action = "account.first" if is_first else "account.added" if password is not None else "account.invited"
    act = Act(COMMAND_LINE, action, "account", detail=grants_detail(new.grants))
    made: Account | Invited
    if password is None:
        account, key = People(database).invite(new, act=act, now=now, first=is_first)
        made = Invited(account, f"/welcome/{key}", now + LINK_LASTING)
    else:
        refuse_weak(password, name=name)
        store = AccountStore(database)
        add_it = store.add_first if is_first else store.add
        made = add_it(replace(new, password_hash=hash_password(password)), act=act, now=now)
    at_work.door.shut()
    return made


def make_token(at_work: Workplace, name: str, *, label: str, days: int, reads_only: bool, now: datetime) -> str:
    """Return a token for a program that does what its owner may do; it is stored nowhere.

    Raises
    ------
    FaultsError
        ``unknown-account``, ``account-is-disabled``, ``label-missing``.
    """
    account = named_person(at_work, name)
    if account.disabled_at is not None:
        raise FaultsError([Fault("account-is-disabled", layer="accounts")])
    if not tidy_label(label):
        raise FaultsError([Fault("label-missing", layer="accounts", field="label")])
    key, _session = SessionStore(at_work.database.get()).open(
        account.id,
        "token",
        label=label,
        lasting=timedelta(days=days),
        now=now,
        act=Act(COMMAND_LINE, "token.made", "session", detail={"for": account.id}),
        scopes=("read",) if reads_only else ("read", "write"),
    )
    return key

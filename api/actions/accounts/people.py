"""People: invited, given roles, reset, disabled, whoever asks: the page, a program, the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.access.roles import Role
from api.actions.accounts.areas import Areas, areas_of
from api.actions.accounts.grants import GrantAsked, checked_grants, in_force
from api.actions.workplace import Workplace
from api.explain import ApiError
from gis.faults import Fault, FaultsError
from layers.records.account_names import tidy_display, tidy_name
from layers.records.accounts import Account, AccountStore, NewAccount
from layers.records.audit import Act, Actor
from layers.records.grants import Grant
from layers.records.people import LINK_LASTING, People
from planning.incidents.deadlines import CHINA_TIME


@dataclass(frozen=True)
class Invited:
    """An account with the one-time link that its owner begins with.

    Parameters
    ----------
    account
    path
        Of the link; it is shown once and stored nowhere.
    expires_at
    """

    account: Account
    path: str
    expires_at: datetime


def list_people(at_work: Workplace, *, now: datetime) -> list[dict[str, Any]]:
    """Return everybody, as programs and pages show them."""
    database = at_work.database.get()
    seen = People(database).last_seen()
    return [account_view(one, now=now, seen=seen.get(one.id)) for one in AccountStore(database).everyone()]


def one_person(at_work: Workplace, account_id: str) -> Account:
    """Return an account.

    Raises
    ------
    ApiError
        404 ``unknown-account``.
    """
    account = AccountStore(at_work.database.get()).get(account_id) if account_id.isalnum() else None
    if account is None:
        raise ApiError(404, "unknown-account")
    return account


def named_person(at_work: Workplace, name: str) -> Account:
    """Return the account of a name, as the command line calls it.

    Raises
    ------
    FaultsError
        ``unknown-account``.
    """
    found = AccountStore(at_work.database.get()).by_name(name)
    if found is None:
        raise FaultsError([Fault("unknown-account", layer="accounts", field="name", value=name[:80])])
    return found[0]


def invite(
    at_work: Workplace, *, name: str, display: str, asked: Sequence[GrantAsked], actor: Actor, now: datetime
) -> Invited:
    """Add an account, with a one-time link for its owner.

    Raises
    ------
    ApiError
        409 ``set-up-first`` in solo mode: its end is not to be come by in passing.
    FaultsError
        With everything that is wrong; then nothing was saved.
    """
    refuse_solo(at_work)
    new = new_account(name, display, asked, areas_of(at_work), now=now)
    act = Act(actor, "account.invited", "account", detail=grants_detail(new.grants))
    account, key = _people(at_work).invite(new, act=act, now=now)
    return _link(account, key, now)


def refuse_solo(at_work: Workplace) -> None:
    """Refuse to add anybody while there is no account.

    Raises
    ------
    ApiError
        409 ``set-up-first``.
    """
    if not at_work.door.is_shut():
        raise ApiError(409, "set-up-first")


def new_account(
    name: str,
    display: str,
    asked: Sequence[GrantAsked],
    areas: Areas,
    *,
    now: datetime,
    password_hash: str | None = None,
) -> NewAccount:
    """Return an account to be added.

    Raises
    ------
    FaultsError
        With everything that is wrong.
    """
    faults: list[Fault] = []
    for tidy, word in ((tidy_name, name), (tidy_display, display.strip() or name)):
        try:
            tidy(word)
        except FaultsError as error:
            faults += error.faults if tidy is tidy_name or display.strip() else ()
    grants: tuple[Grant, ...] = ()
    try:
        grants = checked_grants(asked, areas, now=now)
        faults += [] if grants else [Fault("grants-none", layer="accounts", row=1, field="role")]
    except FaultsError as error:
        faults += error.faults
    if faults:
        raise FaultsError(faults)
    return NewAccount(name, display.strip(), grants, password_hash)


def change_roles(
    at_work: Workplace,
    account_id: str,
    asked: Sequence[GrantAsked],
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> None:
    """Give somebody these roles and no others.

    Raises
    ------
    ApiError
        404 ``unknown-account``.
    FaultsError
        With everything that is wrong with them; ``last-administrator``, ``account-moved-on``.
    """
    account = one_person(at_work, account_id)
    grants = checked_grants(asked, areas_of(at_work), now=now, held=in_force(account.grants, now))
    act = Act(actor, "account.roles-changed", "account", account_id, grants_detail(grants))
    _people(at_work).set_grants(account_id, grants, act=act, now=now, version=version)


def rename(at_work: Workplace, account_id: str, display: str, *, actor: Actor, now: datetime) -> None:
    """Change what others see of somebody.

    Raises
    ------
    FaultsError
        ``account-bad-display``.
    """
    one_person(at_work, account_id)
    _people(at_work).rename(account_id, display, act=Act(actor, "account.renamed", "account", account_id), now=now)


def reset(at_work: Workplace, account_id: str, *, actor: Actor, now: datetime) -> Invited:
    """Void a password at once and return a one-time link for another.

    Raises
    ------
    FaultsError
        ``account-own-reset``, ``account-is-disabled``, ``last-administrator``.
    """
    account = one_person(at_work, account_id)
    if actor.account_id == account_id:
        raise FaultsError([Fault("account-own-reset", layer="accounts")])
    key = _people(at_work).reset(account_id, act=Act(actor, "account.reset", "account", account_id), now=now)
    return _link(account, key, now)


def disable(at_work: Workplace, account_id: str, *, heir: str | None, actor: Actor, now: datetime) -> int:
    """Keep somebody from signing in, and hand over what is theirs; return how many runs went.

    Raises
    ------
    FaultsError
        ``account-is-disabled``, ``account-no-heir``, ``last-administrator``.
    """
    one_person(at_work, account_id)
    detail = {"heir": heir} if heir else {}
    act = Act(actor, "account.disabled", "account", account_id, detail)
    return _people(at_work).disable(account_id, act=act, now=now, heir=heir or None)


def enable(at_work: Workplace, account_id: str, *, actor: Actor, now: datetime) -> None:
    """Let somebody sign in again.

    Raises
    ------
    FaultsError
        ``account-is-enabled``.
    """
    one_person(at_work, account_id)
    _people(at_work).enable(account_id, act=Act(actor, "account.enabled", "account", account_id), now=now)


def end_sessions(at_work: Workplace, account_id: str, *, actor: Actor, now: datetime) -> int:
    """End everything that signs in to an account; return how many there were."""
    one_person(at_work, account_id)
    act = Act(actor, "account.sessions-ended", "account", account_id)
    return _people(at_work).end_sessions(account_id, act=act, now=now)


def account_view(account: Account, *, now: datetime, seen: datetime | None = None) -> dict[str, Any]:
    """Return an account as JSON.

    Parameters
    ----------
    account
    now
    seen
        When it was last at work.
    """
    return {
        "id": account.id,
        "name": account.name,
        "display": account.display,
        "state": state_of(account),
        "grants": [grant_view(one) for one in in_force(account.grants, now)],
        "last_seen": _moment(seen),
        "created_at": _moment(account.created_at),
        "disabled_at": _moment(account.disabled_at),
        "version": account.version,
    }


def state_of(account: Account) -> str:
    """Return ``disabled``, ``invited`` (no password yet, or none any more) or ``active``."""
    return "disabled" if account.disabled_at else "active" if account.has_password else "invited"


def grant_view(grant: Grant) -> dict[str, Any]:
    """Return a grant as JSON."""
    return {
        "role": grant.role,
        "area": {"kind": grant.area_kind, "code": grant.area_code},
        "from": _moment(grant.from_at),
        "until": _moment(grant.until_at),
    }


def grants_detail(grants: Sequence[Grant]) -> Mapping[str, Any]:
    """Return what the audit keeps of roles: what and where."""
    return {"roles": [f"{one.role}@{one.area_kind}:{one.area_code}" for one in grants]}


def is_administrator(grants: Sequence[Grant], areas: Areas, now: datetime) -> bool:
    """Tell whether these grants make an administrator of this county, now and without an end."""
    return any(
        one.role == Role.ADMINISTRATOR and one.area_code in areas.counties and one.until_at is None and one.holds(now)
        for one in grants
    )


def _people(at_work: Workplace) -> People:
    return People(at_work.database.get(), counties=at_work_counties(at_work))


def at_work_counties(at_work: Workplace) -> tuple[str, ...]:
    """Return the area codes of county grants that hold in this county."""
    return Areas(at_work.territory(needs_parts=False).county).counties


def _link(account: Account, key: str, now: datetime) -> Invited:
    return Invited(account, f"/welcome/{key}", now + LINK_LASTING)


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(CHINA_TIME).isoformat() if at else None

"""What everyone may do with their own account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from api.access.passwords import WRONG_PER_NAME, hash_password, is_password, refuse_weak
from api.actions.accounts.set_up import refuse_unlike
from api.actions.accounts.sign_in import held
from api.auth import User
from api.explain import ApiError
from gis.faults import Fault, FaultsError, refuse_together
from layers.records.accounts import Account, AccountStore
from layers.records.audit import Act
from layers.records.database import Database
from layers.records.grounds import Grounds, GroundsGoneError
from layers.records.session_rows import tidy_label
from layers.records.sessions import Session, SessionStore
from layers.records.throttle import Throttle
from planning.incidents.deadlines import CHINA_TIME

LONGEST_TOKEN_DAYS = 365


def me(user: User) -> dict[str, Any]:
    """Return who calls, as JSON."""
    return {
        "id": user.account_id,
        "name": user.name,
        "solo": user.account_id is None,
        "grants": [
            {
                "role": grant.role,
                "area": {"kind": grant.area_kind, "code": grant.area_code},
                "until": grant.until_at.isoformat() if grant.until_at else None,
            }
            for grant in user.grants
        ],
    }


def view(database: Database, user: User) -> dict[str, Any]:
    """Return what the page of an account shows."""
    sessions = SessionStore(database).of_account(str(user.account_id), now=datetime.now(UTC))
    return {
        "account": _own(database, user),
        "sessions": [_session(one, user) for one in sessions],
    }


def change_password(database: Database, user: User, form: Mapping[str, str]) -> None:
    """Change one's own password; all other sessions and tokens end.

    Raises
    ------
    FaultsError
        If the new password will not do.
    ApiError
        403 ``wrong-password``, 429 ``sign-in-held`` after too many of them, 401 ``sign-in-needed`` if the session or
        the old password ended meanwhile.
    """
    now = datetime.now(UTC)
    account = _own(database, user)
    refuse_together(
        lambda: refuse_weak(form.get("password", ""), name=account.name),
        lambda: refuse_unlike(form.get("password", ""), form.get("again", "")),
    )
    key = f"sign-in name {account.name}"
    wait = Throttle(database).wait_for({key: WRONG_PER_NAME}, now=now)
    if wait:
        raise held(wait)
    found = AccountStore(database).by_name(account.name)
    if found is None or not is_password(form.get("old", ""), found[1]):
        raise ApiError(403, "wrong-password")
    Throttle(database).forgive((key,))
    act = Act(user.actor, "password.changed", "account", account.id)
    stored = hash_password(form["password"])
    grounds = Grounds(password_hash=found[1], session_id=user.session_id)
    with _while_signed_in():
        AccountStore(database).set_password(
            account.id, stored, act=act, now=now, keep_session=user.session_id, grounds=grounds
        )


def keep_lang(database: Database, user: User, lang: str) -> None:
    """Keep the language that somebody reads."""
    account = _own(database, user)
    act = Act(user.actor, "account.preferred", "account", account.id, {"lang": lang})
    AccountStore(database).set_prefs(account.id, {**account.prefs, "lang": lang}, act=act)


def make_token(database: Database, user: User, form: Mapping[str, str]) -> str:
    """Make a token for a program that does what its owner may do.

    Returns
    -------
    str
        The token; it is stored nowhere.

    Raises
    ------
    FaultsError
        ``label-missing``.
    ApiError
        403 ``role-missing`` for a token: it would make another before it ends, and never end; 401 ``sign-in-needed``
        if the session ended meanwhile.
    """
    if user.is_program:
        raise ApiError(403, "role-missing")
    label = tidy_label(form.get("label", ""))
    if not label:
        raise FaultsError([Fault("label-missing", layer="accounts", field="label")])
    days = int(form.get("days", "90")) if form.get("days", "90").isdecimal() else 90
    with _while_signed_in():
        key, _session = SessionStore(database).open(
            str(user.account_id),
            "token",
            label=label,
            lasting=timedelta(days=min(max(days, 1), LONGEST_TOKEN_DAYS)),
            scopes=("read",) if form.get("reads_only") else ("read", "write"),
            now=datetime.now(UTC),
            act=Act(user.actor, "token.made", "session"),
            grounds=Grounds(session_id=user.session_id),
        )
    return key


def end_session(database: Database, user: User, session_id: str) -> None:
    """End one of one's own sessions.

    Raises
    ------
    ApiError
        404 if there is none of this id.
    """
    act = Act(user.actor, "session.ended", "session", session_id)
    sessions = SessionStore(database)
    if not sessions.revoke(session_id, account_id=str(user.account_id), act=act, now=datetime.now(UTC)):
        raise ApiError(404, "http-404")


def moment(at: datetime) -> str:
    """Return day and minute as an office writes them."""
    return f"{at.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"


@contextmanager
def _while_signed_in() -> Iterator[None]:
    """Refuse, as anybody without a key, whoever was signed out while this was under way."""
    try:
        yield
    except GroundsGoneError:
        raise ApiError(401, "sign-in-needed") from None


def _own(database: Database, user: User) -> Account:
    account = AccountStore(database).get(str(user.account_id))
    if account is None:
        raise ApiError(404, "http-404")
    return account


def _session(session: Session, user: User) -> dict[str, Any]:
    return {
        "id": session.id,
        "kind": session.kind,
        "label": session.label,
        "seen": moment(session.seen_at),
        "expires": moment(session.expires_at),
        "reads_only": "write" not in session.scopes,
        "is_this": session.id == user.session_id,
    }

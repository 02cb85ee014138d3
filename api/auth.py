"""Who calls, and who may call which route. A route that does not say so is not served."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_address
from typing import Annotated, Any, Literal, cast

from anyio import to_thread
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from api.access.areas import Territory
from api.access.door import Door
from api.access.rights import NOUNS
from api.access.roles import Role
from api.client import canonical_address
from layers.records.audit import Actor
from layers.records.database_faults import DatabaseDownError
from layers.records.grants import ANY_COUNTY, Grant
from layers.records.sessions import Holder

COOKIE = "countygrid_session"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class User:
    """Who calls.

    Parameters
    ----------
    name
        As shown.
    grants
        That hold now.
    grants_here
        Those of them by which the route that is called lets somebody in.
    account_id, session_id
        ``None`` in solo mode.
    from_addr
        Address of the caller.
    may_write
        Whether the key is good for more than reading.
    must_change
        Whether the password has to be changed before anything else.
    is_program
        Whether the key is a program's token.
    """

    name: str
    grants: tuple[Grant, ...]
    account_id: str | None = None
    session_id: str | None = None
    from_addr: str = ""
    may_write: bool = True
    must_change: bool = False
    is_program: bool = False
    grants_here: tuple[Grant, ...] = ()

    @property
    def actor(self) -> Actor:
        """Who acts, for the audit."""
        return Actor(self.account_id, self.session_id, self.from_addr)

    def may_change(self, noun: str) -> bool:
        """Whether a page shows them what changes things of a kind; the route asks again."""
        return self.may_write and any(grant.role in NOUNS[noun].write for grant in self.grants)


_SINCE = datetime(2000, 1, 1, tzinfo=UTC)
LOCAL_USER = User("local", tuple(Grant(role, "county", ANY_COUNTY, _SINCE) for role in Role if role != Role.PUBLIC))
"""Until there is an account, whoever sits at the machine itself, in every role."""


async def current_user(request: Request) -> User:
    """Return the caller: by the key that the call brings; in solo mode, the local user for calls from this machine.

    A dependency of every guarded route, so that tests can call as somebody else.

    Raises
    ------
    HTTPException
        401 for a call without a key that is good, or in solo mode from another machine.
    """
    return await user_of(request, key_of(request))


async def user_of(request: Request, key: str | None) -> User:
    """Return the caller who brings a key, wherever it stands in the request; as ``current_user``."""
    door: Door = request.app.state.door
    address = canonical_address(request.client.host) if request.client else ""
    shut, holder = False, None
    if not door.is_known_open():
        shut, holder = await to_thread.run_sync(partial(_ask, door, key), limiter=request.app.state.door_threads)
    if not shut:
        if address and ip_address(address).is_loopback:
            return User(LOCAL_USER.name, LOCAL_USER.grants, from_addr=address)
        raise HTTPException(401, "only-local")
    if holder is None:
        raise HTTPException(401, "sign-in-needed")
    return _user(holder, address)


def key_of(request: Request) -> str | None:
    """Return the key that a request brings: a program's in ``Authorization``, else a browser's in its cookie."""
    given = request.headers.get("authorization")
    if given is None:
        return request.cookies.get(COOKIE)
    kind, _space, key = given.partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""


def _ask(door: Door, key: str | None) -> tuple[bool, Holder | None]:
    if not door.is_shut():
        return False, None
    return True, door.holder_of(key) if key else None


def _user(holder: Holder, address: str) -> User:
    now = datetime.now(UTC)
    return User(
        holder.display,
        tuple(grant for grant in holder.grants if grant.holds(now)),
        holder.session.account_id,
        holder.session.id,
        address,
        may_write="write" in holder.session.scopes,
        must_change=holder.must_change,
        is_program=holder.session.kind == "token",
    )


class Allow:
    """Dependency of a route: the roles that may call it, in the area of their grant.

    Parameters
    ----------
    *roles
        Any of these suffices; at least one.
    """

    def __init__(self, *roles: Role) -> None:
        if not roles:
            raise ValueError("a route needs at least one role")
        self.roles = frozenset(roles)

    @classmethod
    def to(cls, verb: Literal["read", "write"], noun: str) -> Allow:
        """Return the guard of a noun's reading or writing, as the table of rights says."""
        return cls(*getattr(NOUNS[noun], verb))

    async def __call__(self, request: Request, user: Annotated[User, Depends(current_user)]) -> User:
        """Return the user with the grants that count here, or refuse, always in the same words."""
        refuse_if_limited(request, user)
        of_role = tuple(grant for grant in user.grants if grant.role in self.roles)
        territory = await territory_of(request, of_role) if of_role else Territory(None)
        counting = tuple(grant for grant in of_role if territory.holds(grant))
        if not counting:
            raise HTTPException(403, "role-missing")
        return dataclasses.replace(user, grants_here=counting)


async def territory_of(request: Request, grants: tuple[Grant, ...]) -> Territory:
    """Return what areas the county has, as far as these grants ask for it."""
    if all(grant.area_code == ANY_COUNTY for grant in grants):
        return Territory(None)
    workplace = request.app.state.workplace
    needs_parts = any(grant.area_kind in ("township", "cell") for grant in grants)
    found = await to_thread.run_sync(partial(workplace.territory, needs_parts=needs_parts))
    return cast("Territory", found)


def refuse_if_limited(request: Request, user: User) -> None:
    """Refuse a key that is good for reading only, or a password that has to be changed first."""
    if user.must_change:
        raise HTTPException(403, "password-to-change")
    if not user.may_write and request.method not in _READING:
        raise HTTPException(403, "role-missing")


async def may_still(request: Request, guard: Allow) -> bool:
    """Tell whether whoever made a request that is being answered would be let in now; unknown counts as yes."""
    with contextlib.suppress(DatabaseDownError):
        try:
            await guard(request, await current_user(request))
        except HTTPException:
            return False
    return True


class SignedIn:
    """Dependency of the routes about one's own account: anyone with a key, whatever the role.

    Parameters
    ----------
    or_solo
        Whether the local user of solo mode may call as well, who has no account.
    """

    def __init__(self, *, or_solo: bool = False) -> None:
        self.or_solo = or_solo

    async def __call__(self, request: Request, user: Annotated[User, Depends(current_user)]) -> User:
        """Return the user, or refuse."""
        if user.account_id is None and not self.or_solo:
            raise HTTPException(404)
        if not user.may_write and request.method not in _READING:
            raise HTTPException(403, "role-missing")
        return user


class Public:
    """Dependency of the few routes that anyone may call: they tell nothing about people."""

    async def __call__(self) -> None:
        """Let everyone pass."""


class GuardedRoute(APIRoute):
    """A route that exists only if it says who may call it; pages are for people, the description is for programs.

    Raises
    ------
    RuntimeError
        When a route without ``Allow``, ``SignedIn`` or ``Public`` is declared.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if options.get("response_class") is HTMLResponse:
            options["include_in_schema"] = False
        super().__init__(path, endpoint, **options)
        guards = [d.call for d in self.dependant.dependencies if isinstance(d.call, Allow | SignedIn | Public)]
        if not guards:
            raise RuntimeError(f"route {path} does not say who may call it")
        roles = sorted({role for guard in guards if isinstance(guard, Allow) for role in guard.roles})
        signed_in = [*Role] if any(isinstance(guard, SignedIn) for guard in guards) else []
        self.openapi_extra = {**(self.openapi_extra or {}), "x-roles": roles or signed_in}


def guarded_router() -> APIRouter:
    """Return a router whose routes must state their roles."""
    return APIRouter(route_class=GuardedRoute)

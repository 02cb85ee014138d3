"""Who may call which route. A route that does not say so is not served."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.routing import APIRoute

from api.client import canonical_address


class Role(StrEnum):
    """The people of a county."""

    PLANNER = "planner"
    OFFICIAL = "official"
    GRID_WORKER = "grid-worker"
    DESK = "desk"


@dataclass(frozen=True)
class User:
    """Who calls, and in which roles."""

    name: str
    roles: frozenset[Role]
    account_id: str | None = None
    session_id: str | None = None


LOCAL_USER = User("local", frozenset(Role))
"""Until accounts exist, whoever sits at the machine itself, in every role."""

PLANNING = (Role.PLANNER, Role.OFFICIAL)
EVERYONE = tuple(Role)


async def current_user(request: Request) -> User:
    """Return the caller: the local user for calls from this machine, nobody else.

    A dependency of every guarded route, so that tests can call as somebody else.

    Raises
    ------
    HTTPException
        401 for a call from another machine.
    """
    address = canonical_address(request.client.host) if request.client else ""
    if address and ip_address(address).is_loopback:
        return LOCAL_USER
    raise HTTPException(401, "only-local")


class Allow:
    """Dependency of a route: the roles that may call it.

    Parameters
    ----------
    *roles
        Any of these suffices; at least one.
    """

    def __init__(self, *roles: Role) -> None:
        if not roles:
            raise ValueError("a route needs at least one role")
        self.roles = frozenset(roles)

    async def __call__(self, user: Annotated[User, Depends(current_user)]) -> User:
        """Return the user, or refuse."""
        if not user.roles & self.roles:
            raise HTTPException(403, "role-missing")
        return user


class Public:
    """Dependency of the few routes that anyone may call: they tell nothing about people."""

    async def __call__(self) -> None:
        """Let everyone pass."""


class GuardedRoute(APIRoute):
    """A route that exists only if it says who may call it.

    Raises
    ------
    RuntimeError
        When a route without ``Allow`` or ``Public`` is declared.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        guards = [d.call for d in self.dependant.dependencies if isinstance(d.call, Allow | Public)]
        if not guards:
            raise RuntimeError(f"route {path} does not say who may call it")
        roles = sorted({role for guard in guards if isinstance(guard, Allow) for role in guard.roles})
        self.openapi_extra = {**(self.openapi_extra or {}), "x-roles": roles}


def guarded_router() -> APIRouter:
    """Return a router whose routes must state their roles."""
    return APIRouter(route_class=GuardedRoute)

"""Who may call which route. A route that does not say so is not served."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.routing import APIRoute


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


LOCAL_USER = User("local", frozenset(Role))
"""Until accounts exist, whoever sits at the machine itself, in every role."""

PLANNING = (Role.PLANNER, Role.OFFICIAL)
EVERYONE = tuple(Role)


def current_user(request: Request) -> User:
    """Return the caller: the local user for calls from this machine, nobody else.

    Raises
    ------
    HTTPException
        401 for a call from another machine.
    """
    host = request.client.host if request.client else ""
    if host == "testclient" or (host and _is_loopback(host)):
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

    def __call__(self, request: Request) -> User:
        """Return the user, or refuse."""
        user = current_user(request)
        if not user.roles & self.roles:
            raise HTTPException(403, "role-missing")
        return user


class Public:
    """Dependency of the few routes that anyone may call: they tell nothing about people."""

    def __call__(self) -> None:
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
        if not any(isinstance(d.call, Allow | Public) for d in self.dependant.dependencies):
            raise RuntimeError(f"route {path} does not say who may call it")


def guarded_router() -> APIRouter:
    """Return a router whose routes must state their roles."""
    return APIRouter(route_class=GuardedRoute)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

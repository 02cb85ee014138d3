"""Passwords: hashed slowly, two at a time, and guessed at only so often."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import ParamSpec, TypeVar

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from api.explain import ApiError
from gis.faults import Fault, FaultsError
from layers.records.throttle import Limit

P = ParamSpec("P")
R = TypeVar("R")
WRONG_PER_NAME = Limit(5, timedelta(minutes=5))
WRONG_PER_ADDRESS = Limit(50, timedelta(minutes=5))
"""An office behind one address mistypes less often; whoever guesses is held long before a password is found."""
SHORTEST, LONGEST = 10, 200
_LEAST_BESIDE_NAME = 6
"""Characters of a password that are not the name: a short name stands in many a good password by chance."""
_AT_ONCE = 2
_MOST_WAITING = 20
_HASHER = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1),))
"""As OWASP has it for two cores that have other work too: 19 MiB, two passes."""
_WAITING = threading.BoundedSemaphore(_AT_ONCE + _MOST_WAITING)
_NICENESS = 10  # so that requests go first


def hash_password(password: str) -> str:
    """Return what is stored of a password.

    Raises
    ------
    ApiError
        429 ``busy-hashing`` if too many wait.
    """
    return _in_turn(_HASHER.hash, password)


def is_password(password: str, stored: str | None) -> bool:
    """Tell whether a password is the stored one; it takes as long where nothing is stored.

    Raises
    ------
    ApiError
        429 ``busy-hashing`` if too many wait.
    """
    try:
        return _in_turn(_is_of, password, stored) and stored is not None
    except UnknownHashError:
        return False


def refuse_weak(password: str, *, name: str) -> None:
    """Refuse a password that is guessed first.

    Raises
    ------
    FaultsError
        ``password-short``, ``password-long``, ``password-plain``.
    """
    if len(password) < SHORTEST:
        raise FaultsError([Fault("password-short", layer="accounts", field="password", params={"least": SHORTEST})])
    if len(password) > LONGEST:
        raise FaultsError([Fault("password-long", layer="accounts", field="password", params={"most": LONGEST})])
    plain = password.casefold()
    of_name = bool(name) and len(plain.replace(name.casefold(), "")) < _LEAST_BESIDE_NAME
    if len(set(plain)) < 4 or of_name or plain in _COMMON:
        raise FaultsError([Fault("password-plain", layer="accounts", field="password")])


_COMMON = frozenset(
    {"1234567890", "0123456789", "1q2w3e4r5t", "qwertyuiop", "password123", "admin123456", "abc1234567", "woaini1314"}
)
_nobody: list[str] = []


def _is_of(password: str, stored: str | None) -> bool:
    return _HASHER.verify(password, stored or _nobodys())


def _nobodys() -> str:
    """Return what stands for the password of nobody: made in turn too, by the first who needs it."""
    if not _nobody:
        _nobody.append(_HASHER.hash(os.urandom(16).hex()))
    return _nobody[0]


def _in_turn(work: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
    """Do something slow in one of two threads; whoever comes while too many wait is refused politely."""
    if not _WAITING.acquire(blocking=False):
        raise ApiError(429, "busy-hashing")
    asked = _POOL.submit(work, *args, **options)
    asked.add_done_callback(lambda _done: _WAITING.release())
    return asked.result()


def _step_back() -> None:
    """Let requests go first, where threads have a priority of their own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


_POOL = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="password", initializer=_step_back)

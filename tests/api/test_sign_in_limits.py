"""Guessing passwords: so often a name, so often an address, two at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from signed_in import account

from api.access import passwords
from api.access.passwords import WRONG_PER_ADDRESS, WRONG_PER_NAME
from api.actions.accounts.sign_in import sign_in
from api.explain import ApiError

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """What is tried here is how often, not how slowly."""
    monkeypatch.setattr(passwords._HASHER, "verify", lambda password, stored: password == stored)
    monkeypatch.setattr(passwords._HASHER, "hash", lambda password: password)


def outcome(database, name, password, *, address="10.0.0.9", now=NOW):
    try:
        sign_in(database, name, password, from_addr=address, label="", now=now)
    except ApiError as error:
        return error.code
    return "in"


def test_a_name_is_held_after_five_wrong_passwords_and_let_go_when_it_was_said(database):
    account(database, "wang", password_hash="right")
    told = [outcome(database, "Wang", "wrong", address=f"10.0.0.{n}") for n in range(8)]
    assert told == ["wrong-password"] * WRONG_PER_NAME.most + ["sign-in-held"] * 3
    assert outcome(database, "wang", "right") == "sign-in-held"
    assert outcome(database, "wang", "right", now=NOW + WRONG_PER_NAME.window) == "in"


def test_a_right_password_forgives_the_wrong_ones_before(database):
    account(database, "wang", password_hash="right")
    for _ in range(6):
        for _ in range(WRONG_PER_NAME.most - 1):
            assert outcome(database, "wang", "wrong") == "wrong-password"
        assert outcome(database, "wang", "right") == "in"


def test_an_address_is_held_after_fifty_over_whatever_names(database):
    account(database, "wang", password_hash="right")
    told = [outcome(database, f"name{n}", "wrong") for n in range(WRONG_PER_ADDRESS.most + 10)]
    assert told.count("wrong-password") == WRONG_PER_ADDRESS.most
    assert outcome(database, "wang", "right") == "sign-in-held"
    assert outcome(database, "wang", "right", address="10.0.0.10") == "in"
    assert outcome(database, "wang", "right", now=NOW + WRONG_PER_ADDRESS.window) == "in"


def test_right_passwords_of_an_office_behind_one_address_are_not_counted(database):
    account(database, "wang", password_hash="right")
    assert {outcome(database, "wang", "right") for _ in range(WRONG_PER_ADDRESS.most + 10)} == {"in"}


def test_at_most_two_are_hashed_at_once_and_the_rest_wait_or_are_refused_politely(monkeypatch):
    at_once, most, lock, go = 0, 0, threading.Lock(), threading.Event()

    def slow(_password, _stored):
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        go.wait(5)
        with lock:
            at_once -= 1
        return True

    monkeypatch.setattr(passwords._HASHER, "verify", slow)

    def check(_number):
        try:
            return passwords.is_password("x", "y")
        except ApiError as error:
            return error.code

    with ThreadPoolExecutor(40) as pool:
        asked = [pool.submit(check, n) for n in range(40)]
        while sum(one.done() for one in asked) < 40 - 22:
            pass
        go.set()
        told = [one.result() for one in asked]
    assert most == 2
    assert (told.count(True), told.count("busy-hashing")) == (22, 18)


def test_whoever_is_turned_away_for_the_crowd_has_not_guessed(database, monkeypatch):
    account(database, "wang", password_hash="right")

    def crowded(_password, _stored):
        raise ApiError(429, "busy-hashing")

    monkeypatch.setattr("api.actions.accounts.sign_in.is_password", crowded)
    for _ in range(WRONG_PER_NAME.most + 1):
        assert outcome(database, "wang", "wrong") == "busy-hashing"
    monkeypatch.undo()
    later = NOW + timedelta(seconds=1)
    assert passwords.WRONG_PER_NAME.most == 5
    monkeypatch.setattr(passwords._HASHER, "verify", lambda password, stored: password == stored)
    assert outcome(database, "wang", "wrong", now=later) == "wrong-password"


def test_two_hash_at_once_also_when_nobody_had_to_be_made_up_yet(database, monkeypatch):
    lock, now, most = threading.Lock(), [0], [0]

    def slow(_password, *_stored):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        threading.Event().wait(0.05)
        with lock:
            now[0] -= 1
        return ""

    monkeypatch.setattr(passwords, "_nobody", [])
    monkeypatch.setattr(passwords._HASHER, "hash", slow)
    monkeypatch.setattr(passwords._HASHER, "verify", slow)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: outcome(database, f"made-up-{n}", "wrong"), range(8)))
    assert most[0] <= 2

"""What a server does with the outbox: told within seconds, under one key, to nobody whom it does not concern."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest
from acts import REPORTED
from case_lives import DATA, REPORT
from gateways import answers, drips, gateway
from sqlalchemy import select, update

from api.actions.workplace import Workplace
from api.messages.addressed import addressed
from api.messages.sender import Sender
from api.messages.state import channel_states, messages_part
from api.messages.words import error_words
from api.settings import Settings
from layers.records.message_tables import outbox
from layers.records.outbox import Message
from layers.records.secret_values import erase_secrets, keep_secrets
from layers.records.staff_tables import person
from planning.incidents.events import IncidentEvent
from planning.incidents.states import TRANSITIONS

PHONE = "13800001111"
SMS = {"sms_body": '{"to": "{phone}", "text": "{text}"}'}


@pytest.fixture
def site(tmp_path, database_url):
    """A workplace without a county; its settings are given."""
    opened = []

    def open_with(**settings: str) -> Workplace:
        opened.append(Workplace(Settings(data=tmp_path, database_url=database_url, **settings)))
        return opened[-1]

    yield open_with
    for one in opened:
        one.close()


def report(at_work: Workplace, name: str = "c-1", *, severity: str = "normal") -> None:
    now = datetime.now(UTC)
    first = {**REPORT, "id": name, "severity": severity, "township": "371424001", "post": "service"}
    to_worker = {**DATA["assign"], "level": "grid", "role": "A", "rule": "r", "reason": "x", "post": "service"}
    events = [IncidentEvent(1, "reported", now, first), IncidentEvent(2, "assigned", now, to_worker)]
    texts = {"text-1": "张三家门口", "name": "张三", "phone": PHONE}
    at_work.incidents.report(events, idempotency_key=name, act=REPORTED, texts=texts)


def moved(at_work: Workplace, move: str, *, name: str = "c-1", **who: str) -> None:
    case = at_work.incidents.get(name)
    about = {"actor": "a-1", "post": "county-desk", **who}
    event = IncidentEvent(case.version + 1, TRANSITIONS[move].kind, datetime.now(UTC), {**about, **DATA.get(move, {})})
    at_work.incidents.append(name, [event], expected_seq=case.version, act=REPORTED)


def rows(at_work: Workplace) -> list:
    with at_work.database.get().reading() as connection:
        return list(connection.execute(select(outbox).order_by(outbox.c.at, outbox.c.dedup)))


def wait_for(found, *, seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not found() and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(found())


def put_person(at_work: Workplace, name: str, **columns: str) -> None:
    """A worker with a name and a number."""
    values = {"id": name, "origin": "office", "updated_at": datetime.now(UTC), "version": 1, **columns}
    with at_work.database.get().writing() as connection:
        connection.execute(person.insert().values(values))
        keep_secrets(connection, "person", name, {"name": "李四", "phone": "13900002222"})


def test_the_assignee_hears_within_ten_seconds_although_two_servers_send(site):
    with gateway(answers()) as server:
        at_work = site(webhook=f"json://{server.at}")
        put_person(at_work, "w-1")
        senders = [Sender(at_work), Sender(at_work)]
        for n in range(5):
            report(at_work, f"c-{n}")
        begun = time.monotonic()
        assert wait_for(lambda: all(row.state == "sent" for row in rows(at_work)))
        took = time.monotonic() - begun
        for sender in senders:
            sender.close()
    assert took < 10
    assert len(server.requests) == len(set(server.keys())) == 5
    told = [json.loads(body)["message"] for _path, _headers, body in server.requests]
    assert any("承办人李四:案件 c-0(道路交通,371424001)交由您办理" in words for words in told)
    assert not any(word in "".join(told) for word in ("张三", PHONE, "13900002222"))


def test_a_gateway_that_refuses_gets_the_same_key_again_and_is_visible_meanwhile(site):
    with gateway(answers(500)) as server:
        at_work = site(webhook=f"json://{server.at}")
        report(at_work)
        sender = Sender(at_work)
        assert wait_for(lambda: rows(at_work)[0].error)
        told = channel_states(at_work.database.get(), at_work.settings, lang="en")
        assert [(one["waiting"], one["error"], one["error_words"]) for one in told] == [
            (1, "status-500", "answered with error 500")
        ]
        assert messages_part(at_work.database.get(), at_work.settings, now=datetime.now(UTC))["state"] == "ok"
        server.behaviour = answers()
        with at_work.database.get().writing() as connection:  # its rest is over
            connection.execute(update(outbox).values(next_at=datetime.now(UTC)))
        assert wait_for(lambda: rows(at_work)[0].state == "sent")
        sender.close()
    assert len(server.keys()) == 2
    assert len(set(server.keys())) == 1


def test_ending_waits_for_nobody_outside(site):
    with gateway(drips) as server:
        at_work = site(webhook=f"json://{server.at}")
        report(at_work)
        sender = Sender(at_work)
        assert wait_for(lambda: server.requests)
        begun = time.monotonic()
        sender.close()
        assert time.monotonic() - begun < 2
    assert (rows(at_work)[0].state, rows(at_work)[0].error) == ("waiting", None)


def test_the_applicant_hears_at_taking_on_and_closing_with_the_number_of_the_case_alone(site):
    at_work = site(sms_url="http://127.0.0.1:9/", **SMS)
    report(at_work)
    for move in ("accept", "handle", "feed-back"):
        moved(at_work, move, post="grid-worker")
    for move in ("check-good", "close"):
        moved(at_work, move, actor="a-2")
    found = [row for row in rows(at_work) if row.to_ref == "applicant:c-1"]
    assert [row.template for row in found] == ["applicant-opened", "applicant-closed"]
    one = Message(found[0].dedup, "sms", found[0].to_ref, found[0].template, found[0].data)
    leaves = addressed(at_work, one)
    assert leaves.phone == PHONE
    assert leaves.body == "【县域网格】您反映的问题已受理,编号c-1。办结后会再通知您。"
    assert not any(word in json.dumps([dict(row.data) for row in rows(at_work)]) for word in ("张三", PHONE))
    with at_work.database.get().writing() as connection:
        erase_secrets(connection, "incident", "c-1", now=datetime.now(UTC))
    assert addressed(at_work, one) is None
    sender = Sender(at_work)
    assert wait_for(lambda: {row.state for row in rows(at_work)} == {"dropped"})
    sender.close()


def test_without_a_channel_no_message_is_made_and_the_applicants_go_by_no_other(site):
    report(site(), "c-1")
    at_work = site(webhook="json://127.0.0.1:9")
    report(at_work, "c-2")
    assert [(row.to_ref, row.channel) for row in rows(at_work)] == [("person:w-1", "webhook")]


def test_a_number_that_was_reconstructed_is_some_strangers_and_gets_nothing(site):
    at_work = site(sms_url="http://127.0.0.1:9/", **SMS)
    put_person(at_work, "w-1", origin="reconstructed")
    report(at_work)
    assert [row.to_ref for row in rows(at_work)] == ["applicant:c-1"]


def test_quiet_hours_hold_what_can_wait_and_let_emergencies_through(site):
    with gateway(answers()) as server:
        at_work = site(sms_url=f"http://{server.at}/", quiet_hours="22:00-07:00", **SMS)
        put_person(at_work, "w-1")
        report(at_work, "c-1")
        report(at_work, "c-2", severity="emergency")
        night = datetime(2026, 11, 30, 15, tzinfo=UTC)
        sender = Sender(at_work, clock=lambda: night)
        assert wait_for(lambda: sum(row.state == "sent" for row in rows(at_work)) >= 2)
        sender.close()
        bodies = [json.loads(body)["text"] for _path, _headers, body in server.requests]
        assert all("c-2" in body for body in bodies)
        assert {row.data["case"]: row.state for row in rows(at_work)} == {"c-1": "waiting", "c-2": "sent"}


def test_every_error_has_words():
    for code in ("slow", "certificate", "status-503", "refused-93000", "no-connection", "setting", "other-thing"):
        for lang in ("zh", "en"):
            assert len(error_words(code, lang)) > 2

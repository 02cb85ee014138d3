"""The service erases what is due at its start, and the command line whenever it is asked; both say so."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from callers import call
from published_site import SLUG, publish_by_hand
from sqlalchemy import select, update

from api.cli.commands import main
from layers.records.database import open_database
from layers.records.message_tables import outbox
from layers.records.outbox import KEPT, Message, put
from layers.records.tables import audit, secret


def remarked(client, *, is_due):
    publish_by_hand(client.app)
    body = {"text": "远", "name": "王秀英", "phone": "13800000000"}
    assert client.post(f"/api/publications/{SLUG}/comments", json=body).status_code == 201
    if is_due:
        with client.app.state.workplace.database.get().writing() as connection:
            past = datetime.now(UTC) - timedelta(days=1)
            connection.execute(update(secret).where(secret.c.erase_after.is_not(None)).values(erase_after=past))


def names(client):
    with client.app.state.workplace.database.get().reading() as connection:
        return [row.value for row in connection.execute(select(secret).where(secret.c.field == "name"))]


def test_what_came_due_is_erased_when_the_service_starts_again(client, settings):
    remarked(client, is_due=True)
    client.__exit__(None, None, None)
    with call(settings) as again:
        deadline = time.monotonic() + 30
        while names(again) != [""]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with again.app.state.workplace.database.get().reading() as connection:
            rows = connection.execute(select(audit).where(audit.c.action == "secret.erased")).all()
        assert [(row.from_addr, row.detail) for row in rows] == [("service", {"erased_values": 2})]
        assert "服务自动" in again.get("/audit", headers={"Accept": "text/html"}).text
    client.__enter__()


def test_old_messages_are_forgotten_at_the_start_even_where_erasing_fails(client, settings, monkeypatch):
    client.__exit__(None, None, None)
    database = open_database(settings.database_url)
    now = datetime.now(UTC)
    with database.writing() as connection:
        put(connection, [Message(f"c{n}/closed", "webhook", "person:p1", "closed", {}) for n in range(2)], now=now)
        is_old = outbox.c.dedup == "c0/closed"
        connection.execute(update(outbox).values(state="sent", sent_at=now))
        connection.execute(update(outbox).where(is_old).values(sent_at=now - KEPT - timedelta(days=1)))

    def fails(_at_work, *, actor):
        raise RuntimeError(actor)

    monkeypatch.setattr("api.actions.daily.erase_what_is_due", fails)
    with call(settings):
        deadline = time.monotonic() + 30
        left = ["", ""]
        while len(left) > 1:
            assert time.monotonic() < deadline
            time.sleep(0.05)
            with database.reading() as connection:
                left = list(connection.scalars(select(outbox.c.dedup)))
    assert left == ["c1/closed"]
    database.close()
    client.__enter__()


@pytest.mark.parametrize(("is_due", "count"), [(True, 2), (False, 0)])
def test_the_command_erases_and_says_when_the_next_is_due(client, settings, monkeypatch, capsys, is_due, count):
    remarked(client, is_due=is_due)
    monkeypatch.setenv("COUNTYGRID_DATA", str(settings.data))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", settings.database_url)
    monkeypatch.setattr("sys.argv", ["countygrid", "expire", "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (0, None)
    told = json.loads(capsys.readouterr().out)
    assert told["erased"] == count
    assert (told["next_at"] is None) == is_due


def test_pages_say_until_when_names_are_kept(client):
    made = publish_by_hand(client.app)
    until = f"{(made.closes_at + timedelta(days=365)).astimezone().year}-"
    for path in (f"/p/{SLUG}", f"/hearings/{SLUG}"):
        page = client.get(path, headers={"Accept": "text/html"}).text
        assert f"保留到 {until}" in page

"""Messages taken outside: by each channel under one key, and whatever the other side does there."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from gateways import answers, answers_twice, answers_without_end, drips, gateway, mail_server
from mute_server import free_port

from api.authority import make_certificate
from api.messages import errand as errands
from api.messages.channels import channels_of, errand_for, is_quiet
from api.messages.courier import Courier
from api.messages.errand import is_taken
from api.settings import Settings

KEY = "k" * 32
SMS = {
    "sms_url": "http://{at}/send?to={{phone}}",
    "sms_headers": '{"Authorization": "Bearer s3cret"}',
    "sms_body": '{"mobile": "{phone}", "content": "{text}", "id": "{key}", "n": 1}',
    "sms_taken": "result.code=0",
}


@pytest.fixture(scope="module")
def courier():
    one = Courier(deadline_s=8.0)
    yield one
    one.close()


def errand(settings: Settings, channel: str, **given: str) -> dict:
    told = {"key": KEY, "title": "县域网格", "body": "案件 {phone} “一”", "phone": "13800000000"}
    return errand_for(settings, channel, **{**told, **given}, is_urgent=False)


def webhook(at: str, scheme: str = "json") -> dict:
    return errand(Settings(webhook=f"{scheme}://user:s3cret@{at}/hook"), "webhook")


def sms(at: str, **changed: str) -> dict:
    given = {**SMS, **changed}
    return errand(Settings(**{**given, "sms_url": given["sms_url"].format(at=at)}), "sms")


def test_a_webhook_gets_the_text_as_json_and_the_same_key_at_every_try(courier):
    with gateway(answers()) as server:
        for _ in range(2):
            assert courier.deliver(webhook(server.at)).is_taken
    path, _headers, body = server.requests[0]
    assert path.startswith("/hook")
    assert json.loads(body)["message"] == "案件 {phone} “一”"
    assert server.keys() == [KEY, KEY]


def test_mail_has_the_key_in_its_message_id(courier):
    with mail_server() as server:
        host, port = server.server_address
        settings = Settings(
            mail=f"mailto://{host}:{port}?from=grid@county.example&to=desk@county.example&mode=insecure"
        )
        for _ in range(2):
            assert courier.deliver(errand(settings, "mail")).is_taken
    first, second = (message_from_bytes(mail) for mail in server.mails)
    assert first.get_all("Message-ID") == second.get_all("Message-ID")
    assert len(first.get_all("Message-ID")) == 1
    assert KEY in first["Message-ID"]
    assert str(make_header(decode_header(first["Subject"]))) == "县域网格"


def test_a_gateway_for_text_messages_is_what_the_settings_say(courier):
    with gateway(answers(body=b'{"result": {"code": 0}}')) as server:
        assert courier.deliver(sms(server.at)).is_taken
    path, headers, body = server.requests[0]
    assert path == "/send?to=13800000000"
    assert json.loads(body) == {"mobile": "13800000000", "content": "案件 {phone} “一”", "id": KEY, "n": 1}
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer s3cret", KEY)
    assert headers["Content-Type"].startswith("application/json")
    form = {"sms_body": "mobile={phone}&content={text}", "sms_taken": "OK", "sms_method": "PUT"}
    with gateway(answers(body=b"OK 1")) as server:
        assert courier.deliver(sms(server.at, **form)).is_taken
    assert server.requests[0][2].startswith(b"mobile=13800000000&content=%E6%A1%88")


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (answers(500), "status-500"),
        (answers(302), "status-302"),
        (answers(body=b'{"result": {"code": 17}}'), "refused"),
        (answers(body=b"<html>" * 9), "refused"),
        (answers_without_end, "refused"),
        (lambda handler: handler.wfile.write(b"\x00\xff" * 500), "no-connection"),
    ],
)
def test_an_answer_that_is_none_leaves_the_message_where_it_is(courier, behaviour, error):
    with gateway(behaviour) as server:
        assert courier.deliver(sms(server.at)).error == error


def test_thirty_megabytes_of_answer_are_not_read(courier):
    with gateway(answers_without_end) as server:
        began = time.monotonic()
        assert courier.deliver(webhook(server.at)).is_taken
        assert time.monotonic() - began < 3


def test_an_answer_that_comes_twice_is_one_answer(courier):
    with gateway(answers_twice) as server:
        assert courier.deliver(webhook(server.at)).is_taken
        assert courier.deliver(webhook(server.at)).is_taken
    assert server.keys() == [KEY, KEY]


def test_a_certificate_of_nobody_we_trust_and_a_port_where_nobody_is(courier, tmp_path):
    make_certificate(tmp_path, ["127.0.0.1"], now=datetime.now(UTC))
    with gateway(answers(), cert=(tmp_path / "server.crt", tmp_path / "server.key")) as server:
        assert courier.deliver(webhook(server.at, "jsons")).error == "certificate"
        assert courier.deliver(sms(server.at, sms_url="https://{at}/")).error == "certificate"
    assert server.requests == []
    assert courier.deliver(webhook(f"127.0.0.1:{free_port()}")).error == "no-connection"


def test_who_drips_is_left_at_the_deadline_and_the_next_message_goes_out():
    hasty = Courier(deadline_s=2.0)
    try:
        with gateway(drips) as slow, gateway(answers()) as quick:
            began = time.monotonic()
            assert hasty.deliver(webhook(slow.at)).error == "slow"
            assert time.monotonic() - began < 3
            assert hasty.deliver(webhook(quick.at)).is_taken
    finally:
        hasty.close()


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise looks for PGP
@pytest.mark.parametrize(
    ("channel", "url", "body"),
    [
        ("wecom", "wecombot://bot-key", b'{"errcode": 93000, "errmsg": "invalid"}'),
        ("dingtalk", "dingtalk://abcdef0123", b'{"errcode": 310000, "errmsg": "keywords not in content"}'),
        ("feishu", "feishu://abcdef", b'{"code": 19024, "msg": "Key Words Not Found"}'),
    ],
)
def test_a_robot_that_refuses_with_status_200_has_taken_nothing(monkeypatch, channel, url, body):
    """apprise believes the status of two of the three."""
    monkeypatch.setattr("requests.sessions.HTTPAdapter", errands._Watched)
    went: list[str] = []

    def to_us(self, request, *args, **options):
        went.append(request.url)
        request.url = f"http://{server.at}/robot"
        return sending(self, request, *args, **options)

    sending = errands._Watched.send
    monkeypatch.setattr(errands._Watched, "send", to_us)
    given = errand(Settings(**{channel: url}), channel)
    with gateway(answers(body=body)) as server:
        assert errands.run_errand(given).startswith("refused-")
        server.behaviour = answers(body=b'{"errcode": 0, "code": 0}')
        assert errands.run_errand(given) == ""
    assert went[0].startswith("https://")
    assert "Idempotency-Key" not in server.requests[0][1]


def test_what_counts_as_taken():
    assert is_taken(b"anything", "")
    assert is_taken(b'{"a": [{"b": "0"}]}', "a.0.b=0")
    assert is_taken(b'{"success": true}', "success=true")
    assert not is_taken(b'{"success": false}', "success=true")
    assert not is_taken(b'{"a": 1}', "a.b=1")
    assert not is_taken(b"fail", "ok")


def test_quiet_hours_over_midnight_hold_people_not_programs():
    settings = Settings(quiet_hours="22:00—7:30", webhook="json://localhost", mail="mailto://a:b@c.example")
    assert settings.quiet_hours == "22:00-07:30"
    assert channels_of(settings) == ("webhook", "mail")
    told = [is_quiet(settings, "mail", now=datetime(2026, 11, 30, hour, 45, tzinfo=UTC)) for hour in (13, 14, 22, 23)]
    assert told == [False, True, True, False], "by the clock in China"
    assert not is_quiet(settings, "webhook", now=datetime(2026, 11, 30, 15, tzinfo=UTC))
    assert not is_quiet(Settings(), "mail", now=datetime(2026, 11, 30, 15, tzinfo=UTC))

"""How much may be sent."""

import anyio
import pytest
from callers import call

from api.body import BodyLimitMiddleware


@pytest.mark.parametrize(("size", "is_refused"), [(60_000, False), (65_000, False), (66_000, True), (10**6, True)])
def test_a_body_above_64_kib_is_refused(settings, size, is_refused):
    with call(settings) as client:
        body = '{"category":"party","lon":1,"lat":2,"idempotency_key":"k","text":"%s"}'
        answer = client.post("/api/incidents", content=body % ("x" * (size - len(body) + 2)))
    assert answer.status_code == (413 if is_refused else 422)
    assert answer.json()["faults"] or is_refused


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(("size", "status"), [(64 * 1024, 422), (64 * 1024 + 1, 413)])
def test_the_limit_itself_may_be_sent(settings, size, status, whole):
    body = b'{"service":' + b" " * (size - 13) + b"0}"
    with call(settings) as client:
        sent = body if whole else iter((body[:40_000], body[40_000:]))
        answer = client.post("/api/studies", content=sent, headers={"Content-Type": "application/json"})
    assert (len(body), answer.status_code) == (size, status)
    assert [fault["field"] for fault in answer.json()["faults"]] == (["kind", "service"] if status == 422 else [])


def test_a_report_that_comes_in_pieces_is_put_together_and_half_of_one_is_not_taken(settings):
    report = b'{"category":"party","lon":1,"lat":2,"idempotency_key":"pieces"}'
    with call(settings) as client:
        headers = {"Content-Type": "application/json"}
        taken = client.post("/api/incidents", content=iter((report[:20], report[20:])), headers=headers)
        assert taken.status_code == 201

    passed = []

    async def behind(*_told):
        passed.append(True)

    async def broken_off():
        return parts.pop(0)

    parts = [{"type": "http.request", "body": report, "more_body": True}, {"type": "http.disconnect"}]
    scope = {"type": "http", "headers": []}
    anyio.run(BodyLimitMiddleware(behind, limit=1000), scope, broken_off, behind)
    assert passed == []

    async def reads(_scope, receive, _send):
        passed.append((await receive())["body"])

    parts += [{"type": "http.request", "body": report[:20], "more_body": True}]
    parts += [{"type": "http.request", "body": report[20:]}]
    anyio.run(BodyLimitMiddleware(reads, limit=1000), scope, broken_off, behind)
    assert passed == [report]


def test_a_body_that_does_not_say_how_long_it_is_is_counted(settings):
    def drops(count):
        yield from (b" " * 1000 for _ in range(count))
        yield b"{}"

    with call(settings) as client:
        for count, status in ((60, 422), (66, 413), (2000, 413)):
            answer = client.post("/api/studies", content=drops(count), headers={"Content-Type": "application/json"})
            assert answer.status_code == status
    assert answer.json()["error"] == "http-413"


@pytest.mark.parametrize("noun", ["plans", "evaluations", "matrices", "ways", "left-behind", "names"])
def test_a_question_with_thousands_of_sites_or_corners_may_be_larger(settings, noun):
    with call(settings) as client:
        for size, status in ((500_000, 422), (1_100_000, 413)):
            headers = {"Content-Type": "application/json"}
            answer = client.post(f"/api/{noun}", content=b" " * size + b"{}", headers=headers)
            assert answer.status_code == status

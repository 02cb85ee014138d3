"""Half characters, deep and huge bodies, names by the thousand: refused in words, quickly, never a 500."""

from __future__ import annotations

import json
import time

import pytest
from callers import call

from api.answers import Answer
from planning.closest import Closest

HALF = "\ud800"
BODIES = {
    "/api/plans": {
        "service": "hub",
        "model": "lscp",
        "status": {"东庄": "required"},
        "mode": "walk",
        "base": "resident",
    },
    "/api/studies": {"kind": "why-here", "plan_id": "none", "candidate": "00001"},
    "/api/closures": {"closed": ["w1"], "facilities": ["F1"], "kind": "township-office", "mode": "walk"},
    "/api/incidents": {
        "category": "party",
        "lon": 117.0,
        "lat": 37.2,
        "text": "路灯",
        "datum": "WGS84",
        "idempotency_key": "k",
    },
}


def with_half(value):
    """Yield copies of a JSON value, each with half a character in another text or name."""
    if isinstance(value, str):
        yield value + HALF
        yield HALF
    elif isinstance(value, list):
        for one in value:
            yield from ([changed] for changed in with_half(one))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from ({**value, key: changed} for changed in with_half(one))
            yield {key + HALF if k == key else k: v for k, v in value.items()}
        yield {**value, HALF: 1}


@pytest.mark.parametrize(
    ("path", "body"),
    [(path, changed) for path, body in BODIES.items() for changed in with_half(body)],
    ids=lambda value: value if isinstance(value, str) and value.startswith("/") else "half",
)
def test_half_a_character_anywhere_in_a_body_is_refused(client, path, body):
    answer = client.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["message"]


@pytest.mark.parametrize("half", ["%ED%A0%80", "%FF", "%00", "%C3%28", "%F0%9F", "\\ud800", "%22%0A"])
@pytest.mark.parametrize(
    "path",
    [
        "/api/runs/{}",
        "/api/runs/{}/events",
        "/api/runs/{}/plan-file",
        "/api/runs?limit={}",
        "/api/incidents/{}",
        "/api/layers/{}",
        "/scripts/{}",
        "/static/{}",
        "/{}",
        "/api/search?q={}",
        "/api/access?kind={}",
        "/api/access?mode={}",
        "/api/incidents?limit={}",
        "/?lang={}",
        "/api/county?lang={}",
        "/api/county?{}=1",
    ],
)
def test_odd_bytes_in_an_address_are_no_failure(client, path, half):
    answer = client.get(path.format(half))
    assert answer.status_code in (200, 404, 422)


@pytest.mark.parametrize(
    "value", [b"\xff\xfe", b"\xed\xa0\x80", b'lang="\xff"', b"lang=en; a=\xed\xa0\x80", b"=;=;", b"x" * 5000]
)
@pytest.mark.parametrize(
    "name", [b"Cookie", b"Origin", b"Accept-Encoding", b"If-None-Match", b"X-Forwarded-For", b"User-Agent", b"Referer"]
)
def test_odd_bytes_in_a_header_are_no_failure(client, name, value):
    for method, path in (("GET", "/api/layers/villages"), ("DELETE", "/api/runs/none"), ("GET", "/nowhere")):
        assert client.request(method, path, headers=[(name, value)]).status_code in (200, 304, 400, 403, 404)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "1",
        '"x"',
        "{",
        "[" * 30_000,
        '{"a":' * 10_000,
        '{"service":"hub","p":' + "9" * 5000 + "}",
        '{"service":"hub","p":1e400}',
        '{"service":"hub","p":NaN}',
        '{"service":"hub","limit_minutes":NaN}',
        '{"service":"hub","limit_minutes":Infinity}',
        '{"service":"hub","limit_minutes":-Infinity,"separation_km":NaN,"max_minutes":NaN}',
        '{"service":"hub","time_limit_s":NaN}',
        '{"kind":"why-here","plan_id":"x","apart_km":NaN}',
        '{"category":"party","lon":NaN,"lat":Infinity,"idempotency_key":"k"}',
        '{"within_m":NaN,"limit_minutes":1e999}',
        b"\xff\xfe{}",
        b"\x00",
        "\ufeff{",
    ],
    ids=lambda body: repr(body)[:30],
)
@pytest.mark.parametrize("path", BODIES)
def test_odd_bodies_are_refused_in_words(client, path, body):
    answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data", "", "application/json; charset=latin-1"]
)
def test_other_kinds_of_body_are_refused(client, kind):
    answer = client.post("/api/plans", content="x=1", headers={"Content-Type": kind})
    assert answer.status_code in (400, 422)


def test_two_thousand_unknown_names_are_told_at_once(client):
    status = {f"没有的村{number}": "required" for number in range(2000)}
    begun = time.process_time()
    answer = client.post("/api/plans", json={"service": "hub", "status": status})
    assert time.process_time() - begun < 2, "44 s when every name was compared with every other"
    assert answer.status_code == 422
    told = answer.json()
    assert len(told["faults"]) + told["faults_left_out"] == 2000
    assert told["faults"][0]["code"] == "unknown-place"


def test_a_mistyped_name_is_still_told_its_closest(client):
    answer = client.post("/api/plans", json={"service": "hub", "status": {"大王村": "required"}})
    assert "大王庄" in answer.json()["faults"][0]["mend"]


def test_suggestions_end_after_a_screenful():
    closest = Closest(["东庄", "西庄", "大王庄"])
    assert closest.to("东壮") == "东庄"
    assert closest.to("xyz") == ""
    assert [closest.to("西庄1") for _ in range(30)] == ["西庄"] * 8 + [""] * 22


@pytest.mark.parametrize("text", ["东庄", HALF, "a" + HALF + "b", "\ud83d\ude00", "💡", '"\\\n'])
def test_an_answer_is_json_whatever_it_says(text):
    body = Answer({"told": text}).body
    assert json.loads(body.decode("utf-8"))["told"].encode("utf-16", "surrogatepass") == text.encode(
        "utf-16", "surrogatepass"
    )


def test_reports_far_away_are_taken(settings):
    with call(settings) as client:
        for number, (lon, lat) in enumerate([(-180, -90), (180, 90), (0, 0), (-63, -37), (116.9, -37)]):
            body = {"category": "party", "lon": lon, "lat": lat, "idempotency_key": f"far{number}", "datum": "BD09"}
            answer = client.post("/api/incidents", json=body)
            assert (answer.status_code, answer.json()["rule"]) == (201, "county-desk")
            near = {"at": {"lon": lon, "lat": lat}}
            assert client.post("/api/closures", json=near).status_code == 422

"""Files of a case over HTTP: sent once, seen by whoever sees the case, without position, and erased by a desk."""

import attached_files as made
import pytest
from callers import call
from signed_in import account, caller, key_for
from toy_county import lon_lat

from layers.attached.kinds import LARGEST_BYTES


@pytest.fixture
def client(settings):
    with call(settings) as client:
        yield client


@pytest.fixture
def case(client):
    lon, lat = lon_lat(1.0, 1.5)
    body = {"category": "traffic", "lon": lon, "lat": lat, "idempotency_key": "a"}
    return client.post("/api/incidents", json=body).json()


def send(client, case, content, key="k", **options):
    return client.post(f"/api/incidents/{case['id']}/attachments?key={key}", content=content, **options)


def kept(settings):
    return sorted(path for path in (settings.data / "files").glob("??/*") if path.is_file())


def test_a_photo_is_sent_once_and_seen_without_its_position(client, case, settings):
    first, again = send(client, case, made.photo()), send(client, case, made.photo())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    told = first.json()
    whole = client.get(f"/api/incidents/{case['id']}").json()
    assert [one["id"] for one in whole["attachments"]] == [told["id"]]
    assert (whole["version"], whole["events"][-1]["data"]) == (told["version"], {"attachment": told["id"]})
    assert (told["kind"], told["media_type"], told["erased"]) == ("photo", "image/jpeg", False)
    answer = client.get(f"/api/incidents/{case['id']}/attachments/{told['id']}")
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert len(answer.content) == told["bytes"]
    assert answer.headers["content-disposition"].startswith("inline; filename=")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    stored = [path.read_bytes() for path in kept(settings)]
    assert answer.content in stored
    assert not any(made.PLACE in content for content in stored), "what came in is kept nowhere"
    other = send(client, case, made.photo("PNG"))
    assert (other.status_code, other.json()["faults"][0]["code"]) == (409, "attachment-key-used")


def test_a_form_may_carry_the_file_and_a_pdf_is_never_shown_in_place(client, case):
    mark = b"b0undary"
    head = b"--" + mark + b'\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    form = {
        "content": head + made.pdf() + b"\r\n--" + mark + b"--\r\n",
        "headers": {"Content-Type": "multipart/form-data; boundary=b0undary"},
    }
    sent = client.post(f"/api/incidents/{case['id']}/attachments?key=form", **form)
    assert sent.status_code == 201, sent.text
    answer = client.get(f"/api/incidents/{case['id']}/attachments/{sent.json()['id']}")
    assert answer.content == made.pdf()
    assert answer.headers["content-disposition"].startswith("attachment; filename=")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<script>alert(1)</script>", 422, "attachment-unknown-kind"),
        (made.bomb(), 422, "attachment-too-many-points"),
        (b"", 422, "attachment-empty"),
        (made.pdf() + bytes(LARGEST_BYTES), 422, "attachment-too-large"),
        (bytes(LARGEST_BYTES + 2**17), 413, None),
    ],
    ids=["markup", "bomb", "empty", "large", "far too large"],
)
def test_what_is_no_such_file_is_refused_with_what_is_wanted(client, case, content, status, code, settings):
    before = kept(settings)
    answer = send(client, case, content, headers={"Content-Type": "image/jpeg"})
    assert answer.status_code == status
    told = answer.json()
    assert [fault["code"] for fault in told["faults"]] == ([code] if code else [])
    assert all(fault["expected"] and fault["mend"] for fault in told["faults"])
    assert kept(settings) == before


def test_only_those_who_see_the_case_see_its_files_and_a_desk_erases_them(client, case):
    workplace = client.app.state.workplace
    here = workplace.county.cell_facts[case["cell"]][1]
    there = next(one for one in workplace.territory(needs_parts=True).townships if one != here)
    sent = send(client, case, made.photo()).json()["id"]
    database = workplace.database.get()
    grants = (
        ("township-desk", "township", here),
        ("township-desk", "township", there),
        ("grid-worker", "cell", case["cell"]),
    )
    people = [account(database, f"who{n}", grant) for n, grant in enumerate(grants)]
    mine, theirs, worker = (caller(client.app, key_for(database, one)) for one in people)
    path = f"/api/incidents/{case['id']}/attachments/{sent}"
    for one, status in ((mine, 200), (worker, 200), (theirs, 404)):
        assert one.get(path).status_code == status
    made_up = theirs.get("/api/incidents/made-up/attachments/x").text
    assert theirs.get(path).text.replace(case["id"], "made-up") == made_up
    assert send(theirs, case, made.photo(), key="2").status_code == 404
    assert send(worker, case, made.photo(), key="3").status_code == 201
    assert (worker.delete(path).status_code, theirs.delete(path).status_code) == (403, 404)
    assert mine.delete(path).status_code == 204
    assert mine.get(path).json()["error"] == "attachment-erased"
    assert mine.delete(path).status_code == 204


def test_who_clears_the_files_of_a_case_leaves_none(client, case, settings):
    before = kept(settings)
    sent = send(client, case, made.photo(size=(70, 50)))
    assert len(kept(settings)) == len(before) + 1
    body = {"move": "erase", "expected_version": sent.json()["version"], "key": "e", "data": {"what": ["files"]}}
    answer = client.post(f"/api/incidents/{case['id']}/events", json=body)
    assert answer.status_code == 200, answer.text
    assert [one["erased"] for one in answer.json()["attachments"]] == [True]
    assert kept(settings) == before

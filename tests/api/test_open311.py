"""The public door: what an Open311 client lists, posts and reads, in JSON and XML, and what the public never sees."""

import re
import threading
from xml.etree import ElementTree as ET

import httpx2
import pytest
import uvicorn
from callers import call
from georeport import GeoReport
from signed_in import account, caller, key_for

from api.main import create_app
from api.settings import Settings

REQUEST_FIELDS = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime",
    "address", "address_id", "zipcode", "lat", "long", "media_url",
}  # fmt: skip
SERVICE_FIELDS = {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
ATTRIBUTE_FIELDS = {"variable", "code", "datatype", "required", "datatype_description", "order", "description"}
"""As GeoReport v2 lists them."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def door(toy_data, tmp_path):
    """A service whose door shows what came by it, with one account that may report and one that may not."""
    with call(settings(toy_data, tmp_path, open311_shows="open311")) as client:
        yield Door(client)


def settings(data, folder, **options):
    return Settings(data=data, database_url=f"sqlite:///{folder / 'app.sqlite'}", **options)


class Door:
    def __init__(self, client):
        self.app = client.app
        self.database = client.app.state.workplace.database.get()
        worker = account(self.database, "hotline", ("county-desk", "county", "*"))
        self.key = key_for(self.database, worker, kind="token")
        self.admin = key_for(self.database, account(self.database, "a", ("administrator", "county", "*")), kind="token")
        self.public = caller(self.app, "", by="nothing")

    def post(self, form="json", **fields):
        told = {"service_code": "traffic-road-damage", "address_string": "00001", **fields}
        return self.public.post(f"/open311/v2/requests.{form}", data=told, headers=FORM)


def test_the_independent_client_lists_services_and_reads_what_was_posted(toy_data, tmp_path):
    app = create_app(settings(toy_data, tmp_path, open311_reports="anybody", open311_shows="open311"))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    try:
        address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/open311/v2"
        fields = {"service_code": "traffic-road-damage", "address_string": "00001", "description": "路面塌陷"}
        posted = httpx2.post(f"{address}/requests.json", data=fields).json()
        for form in ("json", "xml"):
            client = GeoReport(address, output_format=form)
            services = client.get_service_list()
            assert {one["service_code"] for one in services} >= {"traffic-road-damage", "environment"}
            definition = client.get_service_definition("traffic-road-damage")
            assert definition["service_code"] == "traffic-road-damage"
            name = posted[0]["service_request_id"]
            read = client.get_service_request(name)
            assert (read["service_request_id"], read["status"]) == (name, "open")
            listed = client.get_service_requests(service_code="traffic-road-damage", status="open")
            assert (listed if form == "json" else [listed])[0]["service_request_id"] == name
    finally:
        server.should_exit = True
        thread.join(10)


def test_every_answer_has_just_the_fields_of_the_standard(door):
    services = door.public.get("/open311/v2/services.json").json()
    assert {frozenset(one) for one in services} == {frozenset(SERVICE_FIELDS)}
    definition = door.public.get("/open311/v2/services/traffic-road-damage.json").json()
    assert set(definition["attributes"][0]) == ATTRIBUTE_FIELDS
    name = door.post(api_key=door.key).json()[0]["service_request_id"]
    found = door.public.get(f"/open311/v2/requests/{name}.json").json()
    assert {frozenset(one) for one in found} == {frozenset(REQUEST_FIELDS)}
    more = door.public.get(f"/open311/v2/requests/{name}.json?extensions=true").json()[0]["extended_attributes"]
    assert more == {"state": "assigned", "level": "grid", "is_invented": False}
    xml = ET.fromstring(door.public.get(f"/open311/v2/requests/{name}.xml").content)
    assert {field.tag for field in xml[0]} == REQUEST_FIELDS
    assert [xml.tag, xml[0].tag] == ["service_requests", "request"]
    token = door.public.get(f"/open311/v2/tokens/{name}.json").json()
    assert token == [{"service_request_id": name, "token": name}]


def test_the_public_learns_neither_words_nor_names_nor_the_very_place(door):
    told = {"description": "李某家门前", "first_name": "四", "last_name": "李", "phone": "13800001111"}
    name = door.post(api_key=door.key, lat="37.123456", long="116.987654", **told).json()[0]["service_request_id"]
    seen = door.public.get(f"/open311/v2/requests/{name}.json").text
    assert not re.search("李|13800001111|37.1234|hotline", seen)
    mine = door.public.get(f"/open311/v2/requests/{name}.json?api_key={door.key}").json()[0]
    assert (mine["description"], mine["lat"]) == ("李某家门前", 37.123456)
    case = caller(door.app, door.key, by="token").get(f"/api/incidents/{name}").json()
    assert (case["reporter"], case["channel"]) == ({"name": "李四", "phone": "13800001111"}, "open311")


def test_by_default_only_keys_report_and_everybody_sees_their_own_only(toy_data, tmp_path):
    with call(settings(toy_data, tmp_path)) as client:
        door = Door(client)
        for key in ("", "made-up", door.admin):
            assert door.post(api_key=key).status_code == 403
        name = door.post(api_key=door.key).json()[0]["service_request_id"]
        assert door.public.get("/open311/v2/requests.json").json() == []
        assert door.public.get(f"/open311/v2/requests/{name}.json").status_code == 404
        assert door.public.get(f"/open311/v2/requests.json?api_key={door.admin}").json() == []
        assert len(door.public.get(f"/open311/v2/requests.json?api_key={door.key}").json()) == 1


REFUSED = {
    "no service": ({"service_code": ""}, 400),
    "unknown service": ({"service_code": "none"}, 404),
    "no place": ({"address_string": ""}, 400),
    "unknown place": ({"address_string": "没有这个村"}, 400),
    "half a place": ({"lat": "37"}, 400),
    "no number": ({"lat": "north", "long": "1"}, 400),
    "not a finite number": ({"lat": "nan", "long": "1"}, 400),
    "off the earth": ({"lat": "37", "long": "999"}, 400),
    "too long": ({"description": "x" * 3000}, 400),
    "odd telephone": ({"phone": "call me"}, 400),
    "control character": ({"description": "a\x07b"}, 400),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_are_in_the_form_of_the_standard(door, name):
    fields, status = REFUSED[name]
    answer = door.post(api_key=door.key, **fields)
    assert (answer.status_code, answer.json()[0]["code"]) == (status, status)
    error = ET.fromstring(door.post("xml", api_key=door.key, **fields).content)
    assert [error.tag, error[0].tag, error[0][0].tag] == ["errors", "error", "code"]


@pytest.mark.parametrize(
    "query", ["status=lost", "start_date=soon", "page=0", "start_date=2020-01-01&end_date=2021-01-01"]
)
def test_a_query_that_cannot_be_read_is_refused(door, query):
    assert door.public.get(f"/open311/v2/requests.json?{query}").status_code == 400


def test_lists_are_filtered_and_come_page_by_page(door):
    names = [
        door.post(api_key=door.key, service_code=code).json()[0]["service_request_id"]
        for code in ("traffic-road-damage", "environment", "environment-rubbish")
    ]

    def listed(query):
        return {one["service_request_id"] for one in door.public.get(f"/open311/v2/requests.json?{query}").json()}

    assert listed("") == set(names)
    assert listed("service_code=environment,environment-rubbish") == set(names[1:])
    assert listed("status=closed") == set()
    assert listed(f"service_request_id={names[0]},{names[2]}") == {names[0], names[2]}
    pages = [listed(f"page_size=2&page={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 1, 0]
    assert pages[0] | pages[1] == set(names)
    assert listed("start_date=2020-01-01T00:00:00Z") == set()


def test_whoever_posts_without_a_key_is_counted(toy_data, tmp_path):
    with call(settings(toy_data, tmp_path, open311_reports="anybody")) as client:
        door = Door(client)
        answers = [door.post(idempotency_key=f"k{n}").status_code for n in range(31)]
        assert (set(answers[:30]), answers[30]) == ({201}, 429)
        assert door.post(api_key=door.key).status_code == 201

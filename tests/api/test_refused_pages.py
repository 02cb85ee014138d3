"""What is refused comes to a browser as a page in words, and to programs as before."""

import pytest
from callers import HERE, call
from starlette.testclient import TestClient

from api.explain import ApiError
from api.main import create_app
from gis.faults import Fault, FaultsError
from layers.records.database_faults import DatabaseDownError

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def failing(settings):
    """A caller of an application with one address for each way to fail."""
    app = create_app(settings)
    ways = {
        "broken": ValueError("nobody's business"),
        "busy": ApiError(429, "too-many-jobs"),
        "down": DatabaseDownError("full"),
        "wrong": FaultsError([Fault("missing", layer="roads", row=3, field="<b>", value="<i>")]),
    }
    for name, error in ways.items():
        app.add_api_route(f"/{name}", _raising(error), include_in_schema=False)
    with TestClient(app, base_url=HERE, client=("127.0.0.1", 50000), raise_server_exceptions=False) as client:
        yield client


def _raising(error):
    async def fail():
        raise error

    return fail


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "words"),
    [
        ("GET", "/nothing-here", {}, 404, ("没有找到", "没有这个地址。", "请检查网址")),
        ("GET", "/nothing-here?lang=en", {}, 404, ("Nothing found here", "There is nothing at this address.")),
        ("POST", "/", {}, 405, ("不能这样打开",)),
        ("GET", "/api/runs/none", {}, 404, ("没有编号为 none 的计算。",)),
        ("POST", "/api/studies", {"content": b"x" * 70_000}, 413, ("提交的内容太大",)),
        ("POST", "/api/plans", {"headers": {"Origin": "http://elsewhere"}}, 403, ("没有权限", "在本系统的页面上")),
        ("GET", "/incidents?lang=xx", {}, 422, ("填写有误", "要求")),
        ("GET", "/broken", {}, 500, ("服务出错", "服务内部出错")),
        ("GET", "/busy", {}, 429, ("请稍候", "请过 2 秒再试")),
        ("GET", "/down", {}, 503, ("暂时不能使用", "磁盘已满")),
        ("GET", "/wrong", {}, 422, ("填写有误", "roads · 第 3 行 · &lt;b&gt;")),
    ],
)
def test_a_browser_is_told_in_words_and_a_program_in_json(method, path, options, status, words, failing):
    headers = options.pop("headers", {})
    told = failing.request(method, path, headers=headers, **options)
    seen = failing.request(method, path, headers=headers | BROWSER, **options)
    assert seen.status_code == told.status_code == status
    assert told.json()["error"]
    assert seen.headers["content-type"] == "text/html; charset=utf-8"
    for word in words:
        assert word in seen.text
    assert 'href="/"' in seen.text
    assert "nobody" not in seen.text
    own = {"content-type", "content-length", "content-security-policy", "cache-control", "date", "vary"}
    own |= {"content-encoding"}
    assert {k: v for k, v in seen.headers.items() if k not in own} == {
        k: v for k, v in told.headers.items() if k not in own
    }


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/json, text/html", "text/css,*/*;q=0.1"])
def test_who_asks_for_data_gets_data(accept, client):
    assert client.get("/nothing-here", headers={"Accept": accept}).json()["error"] == "http-404"


def test_a_wrong_name_of_the_service_leads_nowhere_but_says_so(client):
    seen = client.get("/", headers=BROWSER | {"Host": "elsewhere.example"})
    assert seen.status_code == 400
    assert "127.0.0.1" in seen.text
    assert "请改正地址栏中的主机名" in seen.text
    assert 'class="button primary"' not in seen.text


def test_the_page_brings_its_style_and_allows_nothing_else(client):
    seen = client.get("/nothing-here", headers=BROWSER)
    assert seen.text.count("<style>") == 1
    assert "stylesheet" not in seen.text
    policy = seen.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'sha256-" in policy
    assert seen.headers["cache-control"] == "no-store"


def test_the_other_language_asks_the_same_again_where_asking_does_nothing(client):
    seen = client.get("/api/runs/none?x=%E6%9D%91&lang=zh&y=%22%3E", headers=BROWSER)
    assert 'href="?x=%E6%9D%91&amp;y=%22%3E&amp;lang=en"' in seen.text
    assert 'class="language"' not in client.post("/", headers=BROWSER).text


def test_health_stays_for_programs(settings, tmp_path):
    with call(settings.model_copy(update={"data": tmp_path / "none"})) as client:
        seen = client.get("/health", headers=BROWSER)
    assert seen.status_code == 503
    assert seen.json()["parts"]


def test_faults_beyond_what_anybody_reads_are_left_out(settings):
    app = create_app(settings)
    many = FaultsError([Fault("missing", layer="roads", row=row, field="name") for row in range(1, 90)])
    app.add_api_route("/many", _raising(many), include_in_schema=False)
    with TestClient(app, base_url=HERE, client=("127.0.0.1", 50000)) as client:
        assert client.get("/many", headers=BROWSER).text.count("<li>") == 20


def test_who_calls_from_elsewhere_before_there_are_accounts_is_led_to_set_up(settings):
    with call(settings, address="192.0.2.7") as client:
        seen = client.get("/", headers=BROWSER)
        assert client.get("/api/county").json()["error"] == "only-local"
    assert seen.status_code == 401
    assert 'href="/setup"' in seen.text

"""The pages of the tables: plain forms without a script, every fault in a table, history and difference in words."""

import re

import pytest
from callers import call
from edited_tables import as_csv, edited, workbook
from signed_in import account, caller, key_for

from api.explain import ApiError
from api.multipart import read_form
from api.settings import Settings
from planning.tables.registry import TABLES

KINDS = sorted(TABLES)


def send(client, kind, content, *, name="表.xlsx", version=0, **fields):
    return client.post(
        f"/tables/{kind}",
        files={"file": (name, content)},
        data={"expected_version": str(version), **fields},
        follow_redirects=False,
    )


def larger(area):
    return edited(workbook("rooms"), lambda book: book.worksheets[0].__setitem__("B2", area))


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_table_has_a_page_without_script_in_one_language(client, kind, lang):
    answer = client.get(f"/tables/{kind}?lang={lang}")
    assert answer.status_code == 200
    assert "script" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert f'href="/tables/{kind}.xlsx?version=0"' in answer.text
    shown = words(answer.text.replace("中文", "").replace("党建", ""))
    if lang == "en" and kind not in ("categories", "subcategories", "services", "matters"):
        assert not re.findall("[一-鿿]", shown.replace("建标", ""))
    assert "{" not in shown


def test_the_list_says_what_counts_and_what_will(client):
    assert words(client.get("/tables").text).count("现行:程序自带") == len(KINDS)
    send(client, "rooms", larger(130), valid_from="2100-01-01")
    shown = words(client.get("/tables").text)
    assert "第 1 版 2100-01-01 起生效" in shown
    assert shown.count("现行:程序自带") == len(KINDS)
    page = client.get("/tables/rooms").text
    assert "待生效" in page
    assert words(page).index("程序自带") < words(page).index("历次版本"), "what counts now is shown"
    assert '<a href="/tables/rooms?version=1">第 1 版 2100-01-01 起生效</a>' in page
    assert 'href="/tables/rooms.xlsx?version=1" download>导出最新一版' in page


def test_the_language_is_kept_for_the_form(client):
    client.get("/tables/rooms?lang=en")
    assert "Import changes" in client.get("/tables/rooms").text
    assert "Problems: 1" in send(client, "rooms", larger(-1)).text


def test_a_good_file_is_saved_and_shown_with_its_difference(client):
    answer = send(client, "rooms", larger(130), note="会议纪要")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tables/rooms?saved=1")
    shown = words(client.get("/tables/rooms?saved=1").text)
    for told in (
        "已保存为第 1 版",
        "会议纪要",
        "与上一版(程序自带)相比",
        "一站式大厅 修改 固定面积(平方米) 120 130",
        "历次版本",
    ):
        assert told in shown
    assert client.get("/api/tables/rooms").json()["rows"][0]["base_m2"] == 130


def test_every_fault_stands_in_a_table_and_what_was_typed_stays(client):
    wrong = edited(
        workbook("rooms"),
        lambda book: (book.worksheets[0].__setitem__("B2", "大"), book.worksheets[0].__setitem__("C3", -4)),
    )
    answer = send(client, "rooms", wrong, note='纪要"12"', valid_from="2100-01-01")
    assert answer.status_code == 422
    shown = words(answer.text)
    assert "共 2 处问题" in shown
    assert "第 2 行 · 固定面积(平方米) 表.xlsx 大 是数字 请只写数字,不带单位和文字" in shown
    assert "第 3 行 · 每千人面积(平方米) 表.xlsx -4" in shown
    assert 'value="纪要&#34;12&#34;"' in answer.text
    assert 'value="2100-01-01"' in answer.text
    assert client.get("/api/tables/rooms").json()["latest"] == 0


def test_whoever_was_second_sees_what_was_changed(client):
    send(client, "rooms", larger(130))
    answer = send(client, "rooms", larger(140), version=1)
    assert answer.status_code == 409
    shown = words(answer.text)
    assert "有人先改过这张表" in shown
    assert "其后别人改了什么 项目 列 原值 新值 一站式大厅 修改 固定面积(平方米) 120 130" in shown
    csv = send(client, "rooms", as_csv("rooms"), name="用房.csv", version=0)
    assert csv.status_code == 409


def test_the_same_content_is_said_to_be_that(client):
    answer = send(client, "rooms", workbook("rooms"))
    assert (answer.status_code, "没有另存" in answer.text) == (200, True)


def test_an_earlier_version_can_be_used_again(client):
    send(client, "rooms", larger(130))
    assert "恢复为这一版" not in client.get("/tables/rooms").text
    assert "恢复为这一版" in client.get("/tables/rooms?version=0").text
    back = client.post(
        "/tables/rooms", files={"none": b""}, data={"expected_version": "1", "again": "0"}, follow_redirects=False
    )
    assert back.headers["location"] == "/tables/rooms?saved=2"
    found = client.get("/api/tables/rooms").json()
    assert (found["rows"][0]["base_m2"], found["note"]) == (120, "恢复:程序自带")
    late = client.post("/tables/rooms", files={"none": b""}, data={"expected_version": "1", "again": "0"})
    assert late.status_code == 409
    nothing = client.post("/tables/rooms", files={"none": b""}, data={"expected_version": "2", "again": "9"})
    assert nothing.status_code == 422


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"valid_from": "soon"}, "2027-01-01"),
        ({"valid_from": "2020-01-01"}, "不早于现在"),
        ({"note": "x" * 201}, "200"),
    ],
)
def test_a_field_that_makes_no_sense_is_told(client, fields, said):
    answer = send(client, "rooms", larger(130), **fields)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_a_form_without_a_file_is_told_so(client):
    answer = client.post("/tables/rooms", files={"file": ("", b"")}, data={"expected_version": "0"})
    assert (answer.status_code, "请先选择文件" in answer.text) == (422, True)
    plain = client.post("/tables/rooms", data={"expected_version": "0", "note": "纪要"})
    assert (plain.status_code, "请先选择文件" in plain.text, 'value="纪要"' in plain.text) == (422, True, True)
    half = client.post("/tables/rooms", content=b"x", headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert (half.status_code, half.json()["error"]) == (400, "form-unreadable")


def test_what_people_write_is_shown_as_text(client):
    name = "<script>alert(1)</script>"
    send(
        client, "rooms", edited(workbook("rooms"), lambda book: book.worksheets[0].__setitem__("A2", name)), note="<b>"
    )
    page = client.get("/tables/rooms").text
    assert name not in page
    assert "&lt;script&gt;" in page
    refused = send(client, "rooms", b"x", name="<img>.xlsx")
    assert "<img>" not in refused.text


def test_who_may_only_read_sees_no_form_and_who_did_it_by_name(toy_data, tmp_path):
    with call(Settings(data=toy_data, database_url=f"sqlite:///{tmp_path / 'a.sqlite'}")) as client:
        workplace = client.app.state.workplace
        database, county = workplace.database.get(), workplace.territory(needs_parts=False).county
        planner = caller(client.app, key_for(database, account(database, "wang", ("planner", "county", county))))
        desk = caller(client.app, key_for(database, account(database, "desk", ("county-desk", "county", county))))
        assert "导入修改" in planner.get("/tables/rooms").text
        assert "不能修改" in planner.get("/tables/deadlines").text
        assert "不能修改" in desk.get("/tables/rooms").text
        assert "导入修改" in desk.get("/tables/deadlines").text
        assert send(planner, "deadlines", workbook("deadlines")).status_code == 403
        assert send(planner, "rooms", larger(130)).status_code == 303
        shown = words(desk.get("/tables/rooms").text)
        assert "wang" in shown


def test_what_was_typed_is_carried_over_a_sign_in_and_the_file_is_not(toy_data, tmp_path):
    with call(Settings(data=toy_data, database_url=f"sqlite:///{tmp_path / 'a.sqlite'}")) as client:
        account(client.app.state.workplace.database.get(), "wang")
        stranger = caller(client.app, "made-up")
        stranger.headers["Accept"] = "text/html"
        answer = send(stranger, "rooms", larger(130), note="会议纪要 12 号")
        assert answer.status_code == 401
        assert "会议纪要 12 号" in answer.text
        assert "PK" not in answer.text
        assert len(answer.text) < 10_000


BOUNDARY = "multipart/form-data; boundary=x-y"


def test_a_form_is_read_byte_by_byte():
    content = bytes(range(256)) + b"\r\n--x-z\r\n\n\r"
    body = (
        b'preamble\r\n--x-y\r\nContent-Disposition: form-data; name="note"\r\n\r\n\xe4\xb8\x80\r\n--x-y\r\n'
        b'Content-Disposition: form-data; name="file"; filename="\xe8\xa1\xa8.xlsx"\r\nContent-Type: a/b\r\n\r\n'
        + content
        + b"\r\n--x-y--\r\n"
    )
    form = read_form(BOUNDARY, body)
    assert form.fields == {"note": "一"}
    assert (form.files["file"].name, form.files["file"].content) == ("表.xlsx", content)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"--x-y--"),
        (BOUNDARY, b""),
        (BOUNDARY, b'--x-y\r\nContent-Disposition: form-data; name="a"\r\n\r\nb'),
        (BOUNDARY, b'--x-y\r\nContent-Disposition: form-data; name="a"\r\n--x-y--'),
        (BOUNDARY, b"--x-y\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x-y--"),
        (BOUNDARY, b"--x-y\r\n" + b'Content-Disposition: form-data; name="a"\r\n\r\nb\r\n--x-y\r\n' * 60),
        ("multipart/form-data; boundary=\u4e00", b"--x-y--"),
    ],
)
def test_half_a_form_is_no_form(kind, body):
    with pytest.raises(ApiError, match="form-unreadable"):
        read_form(kind, body)

"""Pages without an account and without a script: my village in plain words, a remark, a receipt; and those of staff."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from edited_tables import edited
from published_site import SLUG, call_from, frozen_body, publish_by_hand

PAGE = f"/p/{SLUG}"
STAFF = f"/hearings/{SLUG}"


@pytest.fixture
def reader(client):
    publish_by_hand(client.app)
    made = call_from(client, "10.9.8.7")
    made.headers["Accept"] = "text/html"
    return made


@pytest.fixture
def staff(client, reader):
    client.headers["Accept"] = "text/html"
    client.follow_redirects = False
    return client


def test_a_village_reads_what_changes_in_plain_words(reader):
    page = reader.get(PAGE, params={"q": "00003"})
    assert page.status_code == 200
    assert "从 7.9 分钟变为 3.3 分钟" in page.text
    assert "快 4.6 分钟" in page.text
    assert "现在到不了,以后 6.7 分钟" in reader.get(PAGE, params={"q": "李家"}).text
    assert "没有变化,仍为 3.3 分钟" in reader.get(PAGE, params={"q": "东庄"}).text
    assert "没有找到" in reader.get(PAGE, params={"q": "没有这个村"}).text
    assert "from 7.9 minutes to 3.3 minutes" in reader.get(PAGE, params={"q": "00003", "lang": "en"}).text
    assert "from 7.9 minutes" in reader.get(PAGE, params={"q": "00003"}).text, "the language is remembered"


def test_the_figures_say_whom_they_count_within_which_limit_and_how(reader):
    page = reader.get(PAGE).text
    assert "计入人口:60 岁及以上常住人口;时限 30 分钟,电动自行车" in page
    assert "limit 30 minutes, " in reader.get(PAGE, params={"lang": "en"}).text


def test_the_nearest_places_are_told_for_a_position(reader):
    page = reader.get(PAGE, params={"lon": 116.9, "lat": 37.2}).text
    assert "离您最近" in page
    assert "河西镇 东庄" in page
    assert reader.get(PAGE, params={"lon": "nan", "lat": 1}).status_code == 422


def test_the_page_allows_no_script_of_others_and_is_kept_by_name(reader):
    first = reader.get(PAGE)
    policy = first.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert not re.findall(r"<script(?![^>]*(?:src=|application/json))|style=|\son\w+=", first.text)
    assert reader.get(PAGE, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    script = re.search(r'type="module" src="([^"]+)"', first.text)[1]
    assert reader.get(script).status_code == 200, "the script of a public page is public"
    assert reader.get(PAGE, headers={"Cookie": "lang=en"}).headers["ETag"] != first.headers["ETag"]


def test_a_remark_by_a_plain_form_gets_its_receipt(reader):
    sent = reader.post(
        f"{PAGE}/comments",
        data={"about": "village:00005", "stance": "against", "text": "太远", "name": "王", "key": ""},
    )
    assert sent.status_code == 303
    receipt = reader.get(sent.headers["Location"])
    code = re.search(r"<code>([A-Z0-9-]{14})</code>", receipt.text)[1]
    assert "已收到,待处理" in receipt.text
    assert "意见已收到" in receipt.text
    assert "意见已收到" not in reader.get(f"{PAGE}/receipt", params={"code": code}).text
    assert reader.get(f"{PAGE}/receipt", params={"code": "nothing"}).status_code == 404


def test_what_is_wrong_is_told_beside_what_was_typed(reader):
    wrong = reader.post(f"{PAGE}/comments", data={"about": "site:none", "text": "留着这句话", "phone": "打我"})
    assert wrong.status_code == 422
    assert "留着这句话" in wrong.text
    assert "请改正电话" in wrong.text
    assert reader.post(f"{PAGE}/comments", data={}).status_code == 422
    hostile = reader.post(f"{PAGE}/comments", data={"text": "", "name": '"><script>alert(1)</script>'})
    assert "<script>alert" not in hostile.text


def test_texts_of_people_are_never_markup_and_hide_homes_and_numbers(reader, client):
    said = "<b>家住三队5号院</b>,电话13912345678"
    client.post(f"/api/publications/{SLUG}/comments", json={"text": said, "name": "王秀英", "phone": "13812345678"})
    queue = f"/api/publications/{SLUG}/comments"
    (one,) = client.get(queue).json()["comments"]
    client.put(f"{queue}/{one['id']}", json={"state": "accepted", "answer": "好<i>"})
    page = reader.get(PAGE).text
    assert "好&lt;i&gt;" in page
    for private in ("三队5号院", "13912345678", "13812345678", "王秀英", "<b>"):
        assert private not in page


def test_a_closed_and_a_withdrawn_publication_take_no_remarks(client):
    publish_by_hand(client.app, slug="guoqi-2025", days=-1)
    reader = call_from(client, "10.9.8.7")
    assert "征求意见已经结束" in reader.get("/p/guoqi-2025").text
    client.post("/api/publications/guoqi-2025/withdraw", json={"reason": "数据<有误>"})
    page = reader.get("/p/guoqi-2025").text
    assert "数据&lt;有误&gt;" in page
    assert "<textarea" not in page
    assert "数据&lt;有误&gt;" in reader.get("/p").text


def test_staff_see_the_register_and_the_queue(staff):
    staff.post(f"/api/publications/{SLUG}/comments", json={"text": "路太远", "name": "王秀英"})
    assert "养老中心选址公示" in staff.get("/hearings").text
    queue = staff.get(STAFF).text
    assert "路太远" in queue
    assert "王秀英" not in queue
    assert "没有这样的意见" in staff.get(STAFF, params={"state": "hidden"}).text
    remark = re.search(rf"{STAFF}/remarks/(\w+)", queue)[1]
    assert "王秀英" in staff.get(f"{STAFF}/remarks/{remark}").text
    done = staff.post(f"{STAFF}/remarks/{remark}", data={"state": "accepted", "answer": "已研究", "version": "1"})
    assert done.headers["Location"] == f"{STAFF}?said=1#queue"
    assert "1 条意见有变化" in staff.get(done.headers["Location"]).text
    late = staff.post(f"{STAFF}/remarks/{remark}", data={"state": "hidden", "answer": "", "version": "1"})
    assert (late.status_code, "有人已先处理" in late.text) == (422, True)
    assert staff.post(f"{STAFF}/remarks/{remark}/erase").status_code == 303
    assert "(内容已删除)" in staff.get(STAFF).text


def test_a_remark_that_staff_enter_shows_its_receipt_and_a_file_answers_all(staff):
    sent = staff.post(f"{STAFF}/entered", data={"channel": "visit", "about": "site:F4", "text": "夜访时说的"})
    assert re.search(r"回执编号 [A-Z0-9-]{14}", staff.get(sent.headers["Location"]).text)
    content = staff.get(f"/api/publications/{SLUG}/comments.xlsx").content

    def answer(book):
        book.worksheets[0].cell(2, 10).value = "已记下"

    done = staff.post(f"{STAFF}/answers", files={"file": ("答复.xlsx", edited(content, answer))})
    assert done.status_code == 303
    assert "已记下" in staff.get(STAFF).text
    again = staff.post(f"{STAFF}/answers", files={"file": ("答复.xlsx", edited(content, answer))})
    assert (again.status_code, "有人已先处理" in again.text) == (422, True)
    assert staff.post(f"{STAFF}/answers").status_code == 422
    assert staff.post(f"{STAFF}/entered", data={"text": " "}).status_code == 422


def test_nothing_is_published_by_a_form_that_says_too_little(staff):
    refused = staff.post("/hearings", data={"run": "none", "title": "题目", "closes": "31.12."})
    assert refused.status_code in (404, 422)
    assert staff.post(f"{STAFF}/withdraw", data={"reason": ""}).status_code == 422
    assert staff.post(f"{STAFF}/withdraw", data={"reason": "有误"}).status_code == 303
    assert frozen_body()["title"] in staff.get("/p").text


def test_a_filter_of_the_queue_is_kept_by_what_is_done_there(staff):
    staff.post(f"/api/publications/{SLUG}/comments", json={"text": "路太远"})
    form = {"state": "new", "channel": "", "stance": "", "answered": "", "receipt": ""}
    queue = staff.get(STAFF, params=form)
    assert "路太远" in queue.text, "as a browser sends the form, with what was left open"
    action = re.search(rf'action="({STAFF}/remarks/\w+\?state=new)"', queue.text)[1]
    assert staff.post(action, data={"state": "accepted"}).headers["Location"] == f"{STAFF}?state=new&said=1#queue"
    late = staff.post(action, data={"state": "hidden", "answer": "写了很久", "version": "1"})
    assert "写了很久" in late.text, "an answer that somebody was faster than is not lost"


def test_a_scenario_is_published_with_others_beside_it(staff):
    def scenario(name, *sites):
        body = {"name": name, "question": {"service": "elder-centre", "sites": list(sites)}}
        return staff.post("/api/scenarios", json=body).json()["id"]

    first, second = scenario("方案甲", "00003"), scenario("方案乙", "00006")
    form = staff.get("/hearings", params={"runs": f"today,{second},{first}"}).text
    assert [re.search(rf'value="{one}" selected>(\S+) ·', form)[1] for one in (second, first)] == ["方案乙", "方案甲"]
    until = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    sent = {"run": second, "beside-1": "", "beside-2": first, "title": "公示", "closes": until, "slug": "two-schemes"}
    assert staff.post("/hearings", data={**sent, "beside-1": second}).status_code == 422
    assert staff.post("/hearings", data=sent).headers["Location"] == "/hearings/two-schemes"
    schemes = staff.get("/api/p/two-schemes").json()["frozen"]["schemes"]
    assert [one["name"]["zh"] for one in schemes] == ["现状", "方案乙", "方案甲"]
    assert schemes[1]["reference"] == f"{second}@1", "of the revision that counted then"


def test_what_is_wrong_with_a_publication_is_told_in_words(staff):
    told = staff.post("/hearings", data={"run": "", "title": "题目", "closes": "2020-01-01"}).text
    assert "closes_at" not in told

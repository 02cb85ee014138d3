"""The queue for staff: filtered, decided, answered by Excel all or nothing, and nobody's name or home leaves it."""

from io import BytesIO

import openpyxl
import pytest
from edited_tables import edited
from published_site import SLUG, publish_by_hand
from signed_in import account, caller, key_for

from api import publication_views as views

QUEUE = f"/api/publications/{SLUG}/comments"
ENTER = f"/api/publications/{SLUG}/remarks"
PRIVATE = {"name": "王秀英", "phone": "13812345678"}
SAID = "我家住河口三队5号院,电话13912345678,路太远"


@pytest.fixture
def queue(client):
    publish_by_hand(client.app)
    return client


def say(client, text="路太远", **more):
    answer = client.post(QUEUE, json={"text": text, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def listed(client, **asked):
    answer = client.get(QUEUE, params=asked)
    views.QueueAnswer.model_validate(answer.json())
    return answer.json()


def test_staff_enter_what_was_said_elsewhere_and_who_entered_it_is_told(queue):
    for channel in ("meeting", "phone", "paper", "visit"):
        assert queue.post(ENTER, json={"text": channel, "channel": channel}).status_code == 201
    assert queue.post(ENTER, json={"text": "x", "channel": "web"}).json()["error"] == "remark-entered-as-web"
    say(queue)
    tally = listed(queue)["tally"]
    assert tally["channels"] == dict.fromkeys(("meeting", "paper", "phone", "visit", "web"), 1)


def test_the_queue_is_filtered_paged_and_counted(queue):
    for number in range(60):
        queue.post(ENTER, json={"text": f"{number}", "channel": "paper", "stance": "for" if number % 2 else "against"})
    code = say(queue, stance="other")["receipt"]
    first, second = listed(queue), listed(queue, page=2)
    assert (first["total"], first["pages"], len(first["comments"]), len(second["comments"])) == (61, 2, 50, 11)
    assert {one["id"] for one in first["comments"]}.isdisjoint(one["id"] for one in second["comments"])
    assert listed(queue, stance="for")["total"] == 30
    assert [one["stance"] for one in listed(queue, receipt=code.lower())["comments"]] == ["other"]
    assert listed(queue, answered=True)["total"] == listed(queue, state="\x00")["total"] == 0
    assert first["tally"]["stances"] == {"against": 30, "for": 30, "other": 1}
    assert first["tally"]["subjects"] == [{"kind": "scheme", "id": "", "name": "方案整体", "count": 61}]


def test_who_made_a_remark_is_seen_one_by_one_and_never_in_a_list(queue):
    say(queue, SAID, **PRIVATE)
    (one,) = listed(queue)["comments"]
    assert "王秀英" not in str(one)
    assert one["text"] == "我家住河口三队5号院,电话****5678,路太远", "staff read where, nobody reads the number"
    person = queue.get(f"{QUEUE}/{one['id']}").json()
    views.RemarkPerson.model_validate(person)
    assert (person["name"], person["phone"]) == ("王秀英", "13812345678")
    assert queue.get(f"{QUEUE}/{'f' * 32}").status_code == 404
    assert queue.get(f"{QUEUE}/%00").status_code == 404


def test_the_second_of_two_who_decide_is_told(queue):
    say(queue)
    (one,) = listed(queue)["comments"]
    address = f"{QUEUE}/{one['id']}"
    done = queue.put(address, json={"state": "accepted", "answer": "请打13912345678", "version": 1})
    views.RemarkAnswer.model_validate(done.json())
    assert (done.json()["answer"], done.json()["version"]) == ("请打****5678", 2)
    late = queue.put(address, json={"state": "hidden", "answer": "", "version": 1})
    assert (late.status_code, late.json()["faults"][0]["code"]) == (409, "remark-moved-on")
    assert listed(queue)["comments"][0]["state"] == "accepted"
    assert queue.put(f"{QUEUE}/{'f' * 32}", json={"state": "hidden"}).status_code == 404
    for body in ({"state": "gone"}, {"state": "new", "answer": "x" * 2001}, {}):
        assert queue.put(address, json=body).status_code == 422


def test_a_remark_is_erased_with_who_said_it_and_its_answer_stays(queue):
    code = say(queue, SAID, **PRIVATE)["receipt"]
    (one,) = listed(queue)["comments"]
    queue.put(f"{QUEUE}/{one['id']}", json={"state": "accepted", "answer": "已研究"})
    erased = queue.delete(f"{QUEUE}/{one['id']}").json()
    assert (erased["text"], erased["erased"], erased["answer"]) == (None, True, "已研究")
    assert queue.get(f"{QUEUE}/{one['id']}").json()["phone"] == ""
    assert queue.get(f"/api/p/{SLUG}/receipts/{code}").json()["answer"] == "已研究"
    assert queue.get(f"/api/p/{SLUG}/comments").json()["comments"] == []
    assert queue.delete(f"{QUEUE}/{'f' * 32}").status_code == 404


@pytest.fixture
def with_remarks(queue):
    """Five remarks, hostile texts among them."""
    for text in ("=cmd|'/c calc'!A1", "+86 路远", "@SUM(A1)", "两行\n意见", SAID):
        say(queue, text, village_id="00005", about_kind="village", about_id="00005", **PRIVATE)
    (newest, *_) = listed(queue)["comments"]
    queue.put(f"{QUEUE}/{newest['id']}", json={"state": "accepted", "answer": "第一行\n第二行"})
    return queue


def out(client, **asked):
    answer = client.get(f"{QUEUE}.xlsx", params=asked)
    assert answer.status_code == 200
    return answer.content


def into(client, content, *, name="答复.xlsx"):
    return client.post(f"{QUEUE}.xlsx", params={"file": name}, content=content)


def cells(content):
    return list(openpyxl.load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def test_out_and_in_again_changes_nothing(with_remarks):
    before = listed(with_remarks)
    for lang in ("zh", "en"):
        done = into(with_remarks, out(with_remarks, lang=lang))
        assert (done.status_code, done.json()) == (200, {"rows": 5, "changed": 0}), done.text
    assert listed(with_remarks) == before


def test_no_name_telephone_or_home_is_in_the_file(with_remarks):
    everything = str(cells(out(with_remarks)))
    for private in ("王秀英", "13812345678", "13912345678", "三队5号院"):
        assert private not in everything
    assert "路太远" in everything
    assert "=cmd|'/c calc'!A1" in everything


def test_answers_come_in_together(with_remarks):
    def answer(book):
        sheet = book.worksheets[0]
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, 9).value = "不公开"
            sheet.cell(row, 10).value = f"答复 {row}"

    done = into(with_remarks, edited(out(with_remarks), answer))
    assert done.json() == {"rows": 5, "changed": 5}
    assert {(one["state"], one["answer"]) for one in listed(with_remarks)["comments"]} == {
        ("hidden", f"答复 {row}") for row in range(2, 7)
    }


def test_every_fault_is_told_by_row_and_column_and_nothing_is_saved(with_remarks):
    content = out(with_remarks)
    (newest, *_) = listed(with_remarks)["comments"]
    with_remarks.put(f"{QUEUE}/{newest['id']}", json={"state": "hidden", "answer": "别人先处理"})
    before = listed(with_remarks)

    def spoil(book):
        sheet = book.worksheets[0]
        sheet.cell(3, 8).value = "改过的意见"
        sheet.cell(4, 1).value = "f" * 32
        sheet.cell(5, 10).value = "答复"

    refused = into(with_remarks, edited(content, spoil))
    told = {(fault["code"], fault["row"], fault["field"]) for fault in refused.json()["faults"]}
    assert told == {
        ("remark-moved-on", 2, "次数"),
        ("answers-read-only", 3, "意见"),
        ("unknown-remark", 4, "意见编号"),
    }
    assert listed(with_remarks) == before

    def unknown_word(book):
        book.worksheets[0].cell(3, 9).value = "也许"

    refused = into(with_remarks, edited(content, unknown_word))
    assert [(one["code"], one["row"], one["field"]) for one in refused.json()["faults"]] == [
        ("table-unknown-choice", 3, "处理")
    ]


def test_other_files_are_refused(with_remarks):
    rooms = with_remarks.get("/api/tables/rooms.xlsx").content
    assert into(with_remarks, rooms).json()["faults"][0]["code"] == "answers-wrong-file"
    for content, name in ((b"", "a.xlsx"), (b"PK", "a.xlsx"), (b"a,b\n1,2\n", "a.csv"), (b"x", "a.exe")):
        assert into(with_remarks, content, name=name).status_code == 422, name
    assert into(with_remarks, b"x" * (2 * 2**20 + 1)).status_code == 413


def test_one_town_cannot_answer_for_all(queue):
    """Planners and officials decide; whoever else works there does not see the queue."""
    database = queue.app.state.workplace.database.get()
    desk = account(database, "desk", ("county-desk", "county", "371499"))
    planner = account(database, "planner", ("planner", "county", "371499"))
    refused = caller(queue.app, key_for(database, desk))
    allowed = caller(queue.app, key_for(database, planner))
    assert (refused.get(QUEUE).status_code, allowed.get(QUEUE).status_code) == (403, 200)
    kept = allowed.post(ENTER, json={"text": "会上说的", "channel": "meeting"})
    assert kept.status_code == 201
    assert [one["entered_by"] for one in allowed.get(QUEUE).json()["comments"]] == ["planner"]

"""Posts and leave as Excel: out and in changes nothing; each fault by row and column, and then nothing is saved."""

import shutil
from datetime import date, datetime

import pytest
from callers import call
from edited_tables import edited
from signed_in import account, caller, key_for

from api.actions.staff.reading import read_moment
from api.settings import Settings
from layers.records.staff import StaffStore
from planning.incidents.clocks import CHINA_TIME

KIND, AREA_KIND, AREA, AREA_NAME, FROM, UNTIL, PHONE, ACCOUNT = range(3, 11)


@pytest.fixture(scope="module")
def app(toy_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    shutil.copytree(toy_data, folder / "data")
    with call(Settings(data=folder / "data", database_url=f"sqlite:///{folder / 'app.sqlite'}")) as client:
        yield client.app


@pytest.fixture(scope="module")
def by(app):
    database = app.state.workplace.database.get()
    grants = {"desk": ("county-desk", "county", "*"), "west": ("township-desk", "township", "T1")}
    found = {name: caller(app, key_for(database, account(database, name, grant))) for name, grant in grants.items()}
    person = found["desk"].get("/api/staff/00001B").json()
    found["desk"].post("/api/staff/00001B", json={"expected_version": person["version"], "account": "west"})
    found["desk"].post("/api/leave", json={"person": "00001B", "from": "2027-01-05", "until": "2027-01-08"})
    leave = {"person": "00002A", "from": "2027-02-01", "until": "2027-02-03", "reason": "annual", "stand_in": "00002B"}
    found["desk"].post("/api/leave", json=leave)
    return found


def out(client, kind):
    return client.get(f"/api/staff/{kind}.xlsx").content


def state(client):
    """Everything that a file may change."""
    return client.get("/api/staff?limit=500&ended=true").json(), client.get("/api/leave").json()


@pytest.fixture(scope="module")
def taken_along(by):
    """Both files as they were before any was sent."""
    return {kind: out(by["desk"], kind) for kind in ("posts", "leave")}


def send(client, kind, content, name="t.xlsx"):
    return client.post(f"/api/staff/{kind}.xlsx?file={name}", content=content)


def put(row, column, value):
    return lambda book: setattr(book.worksheets[0].cell(row=row, column=column), "value", value)


def add(*cells):
    return lambda book: book.worksheets[0].append(list(cells))


def both(*changes):
    return lambda book: [change(book) for change in changes]


def china(*moment):
    return datetime(*moment, tzinfo=CHINA_TIME)


@pytest.mark.parametrize(
    ("written", "is_end", "read"),
    [
        ("2026-12-01", False, china(2026, 12, 1)),
        ("2026-12-01", True, china(2026, 12, 2)),
        ("2026/2/28", True, china(2026, 3, 1)),
        ("2026年2月3日", False, china(2026, 2, 3)),
        ("2026-12-01 14:05", True, china(2026, 12, 1, 14, 5)),
        ("2026-12-01T14:05", False, china(2026, 12, 1, 14, 5)),
        ("2026-12-01 00:00", True, china(2026, 12, 1)),
        ("2026-12-01 00:00:00", False, china(2026, 12, 1)),
        *((odd, False, None) for odd in ("", "2026-02-30", "2026-12-01 25:00", "0001-01-01", "9999-12-31", "下周")),
    ],
)
def test_moments_are_read_as_people_write_them(written, is_end, read):
    assert read_moment(written, is_end=is_end) == read


@pytest.mark.parametrize("kind", ["posts", "leave"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_out_and_in_again_changes_nothing(by, kind, lang):
    before = state(by["desk"])
    content = by["desk"].get(f"/api/staff/{kind}.xlsx?lang={lang}").content
    assert b"13800" not in content
    answer = send(by["desk"], kind, content)
    assert answer.json() == {"people": 0, "posts": 0, "leave": 0}
    assert state(by["desk"]) == before


NEW = ("", "新人", "乡镇民生辅助员", "乡镇(街道)", "T1", "", "2026-01-01", "", "", "")


def new(**cells):
    row = list(NEW)
    for name, value in cells.items():
        row[{"person": 0, "name": 1, "post": 2, "area_kind": 3, "area": 4, "area_name": 5, "first": 6, "last": 7,
             "phone": 8, "account": 9}[name]] = value  # fmt: skip
    return add(*row)


POSTS = {
    "table-missing-column": (put(1, FROM, ""), None),
    "table-unknown-column": (put(1, 11, "备注"), None),
    "table-double-column": (put(1, 11, "Name"), None),
    "table-older-version": (lambda book: _set_version(book, "0"), None),
    "table-expected-version-missing": (lambda book: book.remove(book.worksheets[1]), None),
    "table-wrong-kind": (lambda book: _set_kind(book, "staff-leave"), None),
    "table-missing-value": (put(2, 2, ""), "姓名"),
    "table-unknown-choice": (put(3, KIND, "村长"), "岗位"),
    "table-text-too-long": (new(name="长" * 61), "姓名"),
    "table-double-key": (both(new(person="n1"), new(person="n1")), None),
    "person-two-names": (both(new(person="n1"), new(person="n1", name="别人", area="T2")), "姓名"),
    "person-two-accounts": (both(new(person="n1"), new(person="n1", area="T2", account="desk")), "账号"),
    "person-id-odd": (new(person="坏 号"), "人员编号"),
    "person-phone-odd": (new(phone="请打办公室"), "电话"),
    "person-account-unknown": (new(account="谁"), "账号"),
    "person-account-taken": (new(account="west"), "账号"),
    "post-area-kind": (new(area_kind="村(居)", area="00001"), "范围类别"),
    "post-area-unknown": (new(area="T9"), "范围代码"),
    "post-area-name": (new(area_name="河东乡"), "范围名称"),
    "post-day-unread": (new(first="去年"), "第一天"),
    "post-day-odd": (new(first="1026-01-01"), "第一天"),
    "post-ends-before": (new(last="2025-01-01"), "最后一天"),
    "post-twice": (both(new(person="n1"), new(person="n1", first="2026-02-01")), "第一天"),
    "post-taken": (new(post="A角网格员", area_kind="村(居)", area="00001"), "岗位"),
}
LEAVE = {
    "unknown-person": (add("nobody", "", "2027-03-01", "", "事假", "", "待批"), "人员编号"),
    "person-two-names": (add("00001A", "别人", "2027-03-01", "", "事假", "", "待批"), "姓名"),
    "leave-moment-unread": (add("00001A", "", "三月", "", "事假", "", "待批"), "开始"),
    "leave-ends-before": (add("00001A", "", "2027-03-02", "2027-03-01", "事假", "", "待批"), "结束"),
    "leave-over-already": (add("00001A", "", "2020-03-01", "2020-03-02", "事假", "", "待批"), "结束"),
    "leave-too-long": (add("00001A", "", "2027-03-01", "2029-03-02", "事假", "", "待批"), "结束"),
    "leave-without-post": (add("00001A", "", "1999-03-01", "1999-03-02", "事假", "", "待批"), "人员编号"),
    "leave-overlaps": (add("00001B", "", "2027-01-06", "2027-01-09", "事假", "", "待批"), "开始"),
    "leave-state-new": (add("00001A", "", "2027-03-01", "", "事假", "", "已撤回"), "状态"),
    "leave-file-differs": (lambda book: _of(book, "00002A", 5, "病假"), "事由"),
    "stand-in-oneself": (add("00001A", "", "2027-03-01", "", "事假", "00001A", "待批"), "顶岗人编号"),
    "stand-in-unknown": (add("00001A", "", "2027-03-01", "", "事假", "nobody", "待批"), "顶岗人编号"),
    "stand-in-away": (add("00001A", "", "2027-03-01", "2027-03-02", "事假", "00003A", "待批"), "顶岗人编号"),
}
SENT = [("posts", code) for code in POSTS] + [("leave", code) for code in LEAVE]


def _about(book, label, value):
    rows = {row[0].value: row[1] for row in book.worksheets[1].iter_rows()}
    rows[label].value = value


def _set_version(book, value):
    _about(book, "版本号", value)


def _set_kind(book, value):
    _about(book, "表格代码", value)


def _of(book, person, column, value):
    for row in book.worksheets[0].iter_rows(min_row=2):
        if row[0].value == person:
            row[column - 1].value = value


@pytest.mark.parametrize(("kind", "code"), SENT, ids=["-".join(one) for one in SENT])
def test_each_fault_is_told_by_row_and_column_and_nothing_is_saved(app, by, taken_along, kind, code):
    change, column = (POSTS if kind == "posts" else LEAVE)[code]
    store = StaffStore(app.state.workplace.database.get())
    before = store.counter()
    answer = send(by["desk"], kind, edited(taken_along[kind], change))
    assert answer.status_code in (409, 422)
    found = [one for one in answer.json()["faults"] if one["code"] == code]
    assert found, answer.json()
    assert all(one["expected"] and one["mend"] and one["file"] == "t.xlsx" for one in found)
    assert column is None or (found[0]["field"] == column and found[0]["row"] >= 2)
    assert store.counter() == before


def test_all_faults_of_a_file_are_told_together_and_what_is_right_is_not_saved(by):
    change = both(put(2, 2, "改名"), new(area="T9", last="2025-01-01", phone="x"), put(4, KIND, "村长"))
    before = state(by["desk"])
    answer = send(by["desk"], "posts", edited(out(by["desk"], "posts"), change))
    codes = {one["code"] for one in answer.json()["faults"]}
    assert codes == {"table-unknown-choice", "post-area-unknown", "post-ends-before", "person-phone-odd"}
    assert state(by["desk"]) == before


def test_a_township_desk_sends_its_own_and_nobody_elses(by):
    mine = out(by["west"], "posts")
    refused = send(by["west"], "posts", edited(mine, both(new(area="T2"), new(person="00005A", name="张三"))))
    assert {one["code"] for one in refused.json()["faults"]} == {"staff-not-your-area", "unknown-person"}
    sent = edited(out(by["west"], "leave"), lambda book: _of(book, "00001B", 7, "已批准"))
    (fault,) = send(by["west"], "leave", sent).json()["faults"]
    assert fault["code"] == "leave-not-by-oneself"


def test_a_file_changes_names_days_and_accounts_adds_people_and_decides_on_leave(by):
    def change(book):
        for row in book.worksheets[0].iter_rows(min_row=2):
            if row[0].value == "00004B":
                row[1].value, row[7].value, row[8].value = "李四", date(2026, 3, 1), "139 0000 2222"
        new(person="n7", account="desk")(book)

    done = send(by["desk"], "posts", edited(out(by["desk"], "posts"), change))
    assert (done.status_code, done.json()["people"], done.json()["posts"]) == (200, 2, 2)
    changed, added = (by["desk"].get(f"/api/staff/{one}").json() for one in ("00004B", "n7"))
    assert (changed["name"], changed["posts"][0]["until"], changed["has_phone"]) == ("李四", "2026-03-01", True)
    assert (added["name"], added["account"], added["posts"][0]["area_name"]) == ("新人", "desk", "河西镇")
    content = edited(out(by["desk"], "leave"), both(lambda book: _of(book, "00002A", 7, "已批准"),
                     add("00007A", "", datetime(2027, 4, 1, 14), date(2027, 4, 2), "培训", "", "已批准")))  # fmt: skip  # noqa: DTZ001 - as a spreadsheet has it
    assert send(by["desk"], "leave", content).json()["leave"] == 2
    leave = {one["person"]: one for one in by["desk"].get("/api/leave?state=approved").json()}
    assert leave["00002A"]["state"] == "approved"
    assert (leave["00007A"]["from"], leave["00007A"]["until"]) == ("2027-04-01 14:00", "2027-04-03 00:00")

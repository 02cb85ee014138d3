"""The report of a comparison: every figure of the answer in every kind of file, and ten questions answered by A3."""

import io
import re
from datetime import UTC, datetime
from html import unescape

import docx
import pytest
from callers import asked
from documents import pdf_text, squeezed, word_text
from pypdf import PdfReader

from api.actions.plan import make_plan
from api.actions.report.county_file import county_file
from api.actions.report.making import TEMPLATE, Making, office_template
from api.actions.report.tables import measures_table
from api.actions.tables_at_rest import tables_at_rest
from api.actions.workplace import Workplace
from api.figures import minutes_of
from maps.assets import FONTS, VENDOR
from maps.document.html import html_of
from planning.scenario.defaults import with_defaults
from planning.scenario.question import PlanQuestion

pytestmark = pytest.mark.skipif(not (VENDOR / FONTS).is_dir(), reason="fonts not fetched: python -m maps.assets")
ELDERS = {"service": "elder-centre", "limit_minutes": 10}


@pytest.fixture
def schemes(client):
    """Today, the best of two sites, and one site that somebody placed far from most."""
    best = asked(client, "/api/plans", {**ELDERS, "p": 2})["id"]
    question = {**ELDERS, "sites": ["00006"]}
    made = client.post("/api/scenarios", json={"name": "=河口{{独设}}<b>", "question": question, "edits": []})
    return f"today,{best},{made.json()['id']}"


def told_by(client, schemes):
    return client.get(f"/api/compare?runs={schemes}").json()


def file_of(client, schemes, ending, **more):
    asked_for = "".join(f"&{name}={value}" for name, value in more.items())
    answer = client.get(f"/api/compare?runs={schemes}&as={ending}{asked_for}")
    assert answer.status_code == 200, answer.text
    assert f'filename="compare.{ending}"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    return answer.content


def html_text(file):
    """What is read in the file, without its scripts and spaces."""
    page = re.sub(r"<(script|style).*?</\1>", " ", file.decode(), flags=re.DOTALL)
    return squeezed(unescape(re.sub(r"<[^>]+>", " ", page)))


READ = {"pdf": pdf_text, "docx": lambda file: squeezed("".join(word_text(file))), "html": html_text}


@pytest.mark.parametrize("ending", READ)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_of_the_comparison_stands_in_the_file(client, schemes, ending, lang):
    told = client.get(f"/api/compare?runs={schemes}&lang={lang}").json()
    words = READ[ending](file_of(client, schemes, ending, lang=lang))
    assert [row for row in rows_of(measures_table(told, lang)) if row not in words] == []
    for pair in told["differences"]:
        for one in pair["losers"]:
            assert squeezed(f"{one['name']}{one['township']}{one['people']:,}") in words
        for one in pair["townships"] if pair["from"] == "0" else ():
            assert squeezed(f"{one['township']}{one['people']:,}{minutes_of(one['before_mean_s'])}") in words
    for scheme in told["schemes"]:
        assert squeezed(scheme["name"]) in words
        assert squeezed(scheme["asked"]) in words
        for site in scheme["sites"]:
            assert site["name"] in words
    for actions in told["actions"].values():
        for one in actions:
            assert squeezed(f"{one['name']}{one['township']}{one['yuan']:,}") in words


def rows_of(table):
    """Rows as they stand in a file: the best of each with its mark."""
    return [
        squeezed("".join(f"{cell}★" if (r, c) in table.marked else cell for c, cell in enumerate(row)))
        for r, row in enumerate(table.rows)
    ]


@pytest.mark.parametrize("ending", READ)
def test_every_file_names_data_program_and_who_signs(client, schemes, ending):
    words = READ[ending](file_of(client, schemes, ending))
    version = client.get("/api/county").json()["version"]
    assert version in words
    assert f"数据版本{version[:12]}" in words
    for told in ("拟制", "审核", "签发", "=河口{{独设}}<b>", "假设与说明", "数据说明"):
        assert squeezed(told) in words


def test_ten_questions_about_three_schemes_are_answered_by_the_sheet_alone(client, schemes):
    told = told_by(client, schemes)
    file = file_of(client, schemes, "pdf", paper="A3")
    pages = PdfReader(io.BytesIO(file)).pages
    assert len(pages) == 1
    words = pdf_text(file)
    measures = {one["code"]: one for one in told["measures"]}
    pair = next(one for one in told["differences"] if (one["from"], one["to"]) == ("0", "B"))
    actions = told["actions"]["A"]
    worst = max(pair["losers"], key=lambda one: (one["more_s"] is None, one["more_s"]))
    version = client.get("/api/county").json()["version"]
    means, best = measures["mean_s"]["values"], measures["mean_s"]["best"]
    mean = "".join(minutes_of(means[key]) + ("★" if key in best else "") for key in "0AB")
    within = measures["people_within_limit"]["values"]
    lost = pair["losers_sum"]
    answers = {
        "1 how long people take on average in each scheme, and where least": f"人均用时分钟{mean}",
        "2 how many get there within the limit by scheme B": f"{within['B']:,}",
        "3 which is best at the mean": f"人均用时({minutes_of(means[best[0]])}分钟",
        "4 is A proven": "方案A:已证明最优",
        "5 is B proven": f"方案B:{told['schemes'][2]['verdict']['words']}",
        "6 what A costs": f"方案A:费用{told['schemes'][1]['spent_yuan']:,}元",
        "7 which sites A opens": "新建:" + "、".join(one["name"] for one in actions if one["act"] == "new"),
        "8 how many people lose more than five minutes by B": f"{lost['places']}{lost['people']:,}",
        "9 who loses most by B, and how much": f"{worst['name']}{worst['township']}{worst['people']:,}",
        "10 of which data and day it is": f"数据版本{version[:12]}",
    }
    assert {question: answer for question, answer in answers.items() if squeezed(answer) not in words} == {}


def test_a_report_is_made_once_for_the_same_content(client, schemes):
    assert file_of(client, schemes, "pdf") == file_of(client, schemes, "pdf")
    assert file_of(client, schemes, "pdf") != file_of(client, schemes, "pdf", lang="en")


def test_a_template_in_the_data_folder_is_filled_and_a_wrong_field_is_named(client, schemes, tmp_path, monkeypatch):
    path = tmp_path / TEMPLATE
    path.parent.mkdir()
    monkeypatch.setattr("api.routes.compare.office_template", lambda _data: office_template(tmp_path))
    office = docx.Document()
    office.add_paragraph("某某县民政局")
    office.add_paragraph("{{ 标题 }}")
    office.add_paragraph("{{p 指标比较 }}")
    office.save(path)
    lines = word_text(file_of(client, schemes, "docx"))
    assert lines[:2] == ["某某县民政局", "示范县养老服务中心布局方案比较报告"]
    assert "人均用时" in lines
    office.add_paragraph("{{ 指标 }}")
    office.save(path)
    refused = client.get(f"/api/compare?runs={schemes}&as=docx")
    assert refused.status_code == 422
    assert [(one["code"], one["value"]) for one in refused.json()["faults"]] == [("template-field", "指标")]
    assert "指标比较" in refused.json()["faults"][0]["mend"]


def test_the_html_asks_for_nothing_outside_of_it(client, schemes):
    page = file_of(client, schemes, "html").decode()
    assert re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=\"(?!data:)[^\"]*\"", page) == []
    assert re.findall(r"url\((?!data:|#)[^)]*\)", page.split("</style>")[0]) == []
    assert "sourceMappingURL" not in page
    assert "default-src 'none'" in unescape(page)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert not any(re.search(r"^import ", script, re.MULTILINE) for script in scripts)
    assert len(page.encode()) <= 3_000_000


def test_the_file_of_a_county_has_its_default_plans_and_no_person(settings, tmp_path):
    county = Workplace(settings).county_as_built.with_tables(tables_at_rest(settings))
    plans = [make_plan(county, with_defaults(PlanQuestion("elder-centre", p=2), county.tables.services))]
    document, live = county_file(county, plans, Making(datetime.now(UTC)), lang="zh")
    page = html_of(document, live)
    assert [(view.name, view.title, len(view.sites)) for view in live.views] == [("plan-1", "养老服务中心", 2)]
    assert list(live.views[0].seconds) == [one["seconds"] for one in plans[0]["allocation"]]
    assert len(live.places.ids) == 7
    assert document.signatures == ()
    assert "已证明最优" in page
    assert "王" not in page.replace("大王庄", "")  # no worker of the roster

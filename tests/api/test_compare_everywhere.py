"""One comparison through every door: API, command line, workbook and a second count say the same, to the person."""

import json
import random
import sys
from pathlib import Path

import openpyxl
import pytest
from callers import asked, call
from compared_by_hand import compared_by_hand, told_by_json, told_by_workbook
from scattered_county import build_scattered_county

from api.cli.commands import main
from api.settings import Settings

SEEDS = range(3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return build_scattered_county(tmp_path_factory.mktemp("scattered"))


@pytest.fixture
def settings(folder, tmp_path):
    return Settings(data=folder, database_url=f"sqlite:///{tmp_path / 'app.sqlite'}")


@pytest.fixture
def run(monkeypatch, capsys, settings):
    monkeypatch.setenv("COUNTYGRID_DATA", str(settings.data))
    monkeypatch.setenv("COUNTYGRID_DATABASE_URL", settings.database_url)

    def called(*words):
        monkeypatch.setattr(sys, "argv", ["countygrid", "compare", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return ended.value.code or 0, told.out, told.err

    return called


def schemes_of(client, rng, count):
    """Runs of random questions of one service, some of scenarios with a road closed."""
    ids = []
    for number in range(count):
        question = {
            "service": "elder-centre",
            "model": rng.choice(["p-median", "p-center", "mclp"]),
            "p": rng.randint(1, 5),
            "mode": rng.choice(["walk", "e-bike", "car"]),
            "limit_minutes": rng.choice([5, 10, 20]),
        }
        if rng.random() < 0.5:
            edits = [{"op": "road-closed", "target": rng.choice(["横1路", "纵2路"])}]
            body = {"name": f"={number}+1", "question": question, "edits": edits}
            made = client.post("/api/scenarios", json=body).json()["id"]
            ids.append(asked(client, f"/api/scenarios/{made}/runs", {})["id"])
        else:
            ids.append(asked(client, "/api/plans", question)["id"])
    return ids


@pytest.mark.parametrize("seed", SEEDS)
def test_every_door_says_the_same_to_the_person(settings, run, tmp_path, seed):
    with call(settings) as client:
        ids = list(dict.fromkeys(schemes_of(client, random.Random(seed), 4)))
        answer = client.get(f"/api/compare?runs={','.join(ids)}").json()
        book = client.get(f"/api/compare?runs={','.join(ids)}&as=xlsx")
        files = [client.get(f"/api/runs/{id_}/plan-file").json() for id_ in ids]
    assert book.headers["content-disposition"] == 'attachment; filename="compare.xlsx"'
    out = tmp_path / "比较.xlsx"
    code, told, _ = run(*ids, "--json", "--out", out)
    assert code == 0
    assert json.loads(told) == answer
    assert out.read_bytes() == book.content, "the same content is the same file"
    truth = compared_by_hand(dict(zip("ABCDEF", files, strict=False)))
    for found in (told_by_json(answer), told_by_workbook(book.content)):
        assert found["pairs"] == truth["pairs"]
        assert found["means"] == pytest.approx(truth["means"], rel=1e-12)


def test_the_command_line_tells_it_in_words_by_name_in_both_languages(settings, run):
    with call(settings) as client:
        for name, sites in (("甲", ["00001"]), ("乙", ["00004", "00006"])):
            body = {"name": name, "question": {"service": "elder-centre", "mode": "walk", "sites": sites}}
            assert client.post("/api/scenarios", json=body).status_code == 201
        listed = {one["name"]: one["id"] for one in client.get("/api/scenarios").json()["scenarios"]}
        told = client.get(f"/api/compare?runs=today,{listed['甲']},{listed['乙']}").json()
    code, zh, _ = run("today", "甲", f"{listed['乙']}@1")
    assert code == 0
    assert "从 0 现状 到 B 乙" in zh
    pair = told["differences"][1]
    assert f"受益 {pair['people']['gain']:,} 人" in zh
    assert f"{pair['losers_sum']['places']} 个村(居)" in zh
    assert all(one["name"] in zh for one in pair["losers"][:10])
    code, en, _ = run("today", "甲", "乙", "--lang", "en")
    assert "Mean time" in en
    assert f"{pair['people']['gain']:,} people gain" in en
    marked = next(line for line in en.splitlines() if line.startswith("Mean time"))
    assert marked.count("*") == 1
    code, good, _ = run("甲", "乙", "--made-good", "--minutes", "1")
    assert code == 0
    assert "最少再加" in good
    assert "已证明不能再少" in good


def test_what_the_command_line_cannot_compare_is_told_in_words(settings, run, tmp_path):
    with call(settings):
        pass  # the records are made
    code, _, err = run("today", "nobody")
    assert code == 1
    assert "nobody" in err
    code, _, err = run("today")
    assert (code, "2 到 6 个方案" in err) == (1, True)
    code, _, err = run("a", "b", "--out", tmp_path / "x.csv")
    assert code == 1
    assert ".xlsx" in err
    assert not (tmp_path / "x.csv").exists()


def test_text_of_the_workbook_stays_text_and_its_sums_are_formulas(settings, tmp_path):
    names = ["=cmd|' /C calc'!A0", "+86 138", "@SUM(A1)"]
    with call(settings) as client:
        ids = [
            client.post(
                "/api/scenarios",
                json={"name": name, "question": {"service": "elder-centre", "mode": "walk", "sites": [site]}},
            ).json()["id"]
            for name, site in zip(names, ["00001", "00003", "00006"], strict=True)
        ]
        content = client.get(f"/api/compare?runs={','.join(ids)}&as=xlsx").content
    path = Path(tmp_path / "c.xlsx")
    path.write_bytes(content)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["指标", "差别", "受损的村(居)", "各乡镇", "设施清单", "各村(居)用时", "说明"]
    formulas = [
        (sheet.title, cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert formulas
    assert all(value.startswith(("=SUM(", "=SUMPRODUCT(")) for _, value in formulas)
    assert {title for title, _ in formulas} == {"差别", "受损的村(居)", "设施清单", "各村(居)用时"}
    heads = [cell.value for cell in book.worksheets[0][1]]
    assert [f"{key} {name}" for key, name in zip("ABC", names, strict=True)] == heads[2:5]
    codes = list(book["各村(居)用时"]["A"])[1:-1]
    assert all(cell.data_type == "s" for cell in codes)

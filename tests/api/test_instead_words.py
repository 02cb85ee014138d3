"""Another site instead, in words: nothing is called proven that is not, and every figure is that of the file."""

import pytest

from api.actions.publications.instead_words import instead_words

HERE = {"id": "1", "name": "东庄", "township": "河西镇", "lon": 116.9, "lat": 37.2}
GONE = {**HERE, "id": "2", "name": "西庄"}
MORE = {**HERE, "id": "3", "name": "北庄"}


def told(**changed):
    people = {"same": 100, "gain": 20, "lose": 30, "newly_served": 0, "no_longer_served": 0, "unserved": 0}
    return {
        "candidate": HERE,
        "state": "proven",
        "is_in_scheme": False,
        "objective_unit": "person-seconds",
        "reasons": [],
        "opens": [HERE],
        "closes": [GONE],
        "own": {"before_s": 900, "after_s": 0},
        "losers": [],
        "yuan": 5_000_000,
        "objective": 400_000,
        "bound": 400_000,
        "proof": "certificate",
        "worse_by": 7200,
        "least_worse_by": 7200,
        "people": people,
        "person_seconds": {"gained": 2400, "lost": 9600, "net": -7200},
        "losing": {"places": 1, "people": 12, "elders": 3},
        "extra_yuan": -200_000,
        **changed,
    }


def test_all_of_it_is_told_in_plain_words():
    assert instead_words(told(), "zh") == [
        "已证明没有更好的方案:在这里设点的所有方案中,下面这个最好。",
        "在河西镇 东庄设点,代替河西镇 西庄。",
        "河西镇 东庄到最近设施:从 15.0 分钟变为 0.0 分钟。",
        "20 人变近,平均每人少 2.0 分钟。",
        "30 人变远,平均每人多 5.3 分钟。",
        "慢五分钟以上的有 1 个村(居),12 人。",
        "100 人没有变化。",
        "按公示方案的选址标准,不如公示方案,相差总用时 2.0 人·小时。",
        "费用 4,800,000 元,比公示方案的 5,000,000 元少 200,000 元。",
    ]
    english = instead_words(told(), "en")
    assert english[0] == "Proven: of all plans with a site here, none is better than this one."
    assert english[-1] == "It costs 4,800,000 yuan, 200,000 less than the scheme's 5,000,000."


@pytest.mark.parametrize("state", ["found", "impossible", "excluded", "unanswered"])
def test_only_what_is_proven_is_called_so(state):
    given = told(state=state)
    if state != "found":
        given = {name: given[name] for name in ("candidate", "state", "is_in_scheme", "objective_unit", "reasons")}
    words = {lang: " ".join(instead_words(given, lang)) for lang in ("zh", "en")}
    assert "已证明" not in words["zh"]
    assert "Proven" not in words["en"]
    assert "不" in words["zh"] or "没有" in words["zh"]


def test_a_site_of_the_scheme_says_just_that():
    assert instead_words(told(is_in_scheme=True, opens=[], closes=[]), "zh") == ["公示方案本来就在这里设点。"]


def test_several_sites_that_move_are_all_named():
    words = instead_words(told(opens=[HERE, MORE], closes=[GONE, {**GONE, "name": "南庄"}]), "zh")
    assert words[1] == "在河西镇 东庄设点,同时增设河西镇 北庄,不再设河西镇 西庄、河西镇 南庄。"
    assert instead_words(told(closes=[]), "zh")[1] == "在河西镇 东庄设点,公示的设点都保留。"
    assert instead_words(told(opens=[MORE], is_in_scheme=True, state="found"), "en")[1] == (
        "A site at 河西镇 东庄, and others at 河西镇 北庄, none any longer at 河西镇 西庄."
    )


def test_what_is_not_known_is_not_told():
    words = " ".join(instead_words(told(yuan=None, worse_by=None, own=None), "zh"))
    assert "没有按费用计算" in words
    assert "标准" not in words
    assert "到最近设施" not in words


def test_a_plan_that_is_better_than_the_scheme_is_told_as_such():
    assert "优于公示方案,相差总用时 1.0 人·小时" in " ".join(instead_words(told(worse_by=-3600, state="found"), "zh"))


def test_reasons_why_there_is_no_plan_are_told():
    given = told(state="impossible", reasons=[{"code": "too-few-sites", "params": {"p": 1, "needed": 2}}])
    del given["opens"]
    assert len(instead_words(given, "zh")) == 2

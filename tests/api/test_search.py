"""The search: by name, part of it, code, pinyin and initials, the best first, each with where it is."""

import time

import pytest
from toy_county import TOWNSHIPS, VILLAGES

from api.actions.open_county import OpenCounty
from api.actions.search.entries import KINDS
from api.actions.search.find import search_places
from layers.cache import Cache
from layers.county import open_county


@pytest.fixture(scope="module")
def at_hand(toy_data, tmp_path_factory):
    return OpenCounty(open_county(toy_data), cache=Cache(tmp_path_factory.mktemp("search"), limit_mb=64))


def found(at_hand, words):
    return [(hit["kind"], hit["name"], hit["township"]) for hit in search_places(at_hand, words)]


# What is typed, and what has to come first.
LOOK_UPS = {
    "东庄": ("village", "东庄"),
    "dz": ("village", "东庄"),
    "dongz": ("village", "东庄"),
    "西庄": ("village", "西庄"),
    "xizhuang": ("village", "西庄"),
    "xi zhuang": ("village", "西庄"),
    "xi'zhuang": ("village", "西庄"),
    "XZ": ("village", "西庄"),
    "ｘｚ": ("village", "西庄"),
    "西z": ("village", "西庄"),
    "xi庄": ("village", "西庄"),
    "xzh": ("village", "西庄"),
    "大王": ("village", "大王庄"),
    "王庄": ("village", "大王庄"),
    "dwz": ("village", "大王庄"),
    "daiwangzhuang": ("village", "大王庄"),
    "李家": ("village", "李家"),
    "lijia": ("village", "李家"),
    "ljia": ("village", "李家"),
    "河口": ("village", "河口"),
    "hk": ("village", "河口"),
    "府前": ("neighbourhood", "府前社区"),
    "fqsq": ("neighbourhood", "府前社区"),
    "河西镇": ("township", "河西镇"),
    "hxz": ("township", "河西镇"),
    "hexizhen": ("township", "河西镇"),
    "河东": ("township", "河东乡"),
    "hdx": ("township", "河东乡"),
    "徒骇河": ("river", "徒骇河"),
    "thh": ("river", "徒骇河"),
    "tuhai": ("river", "徒骇河"),
    "横1路": ("road", "横1路"),
    "h1l": ("road", "横1路"),
    "heng1lu": ("road", "横1路"),
    "纵0路": ("road", "纵0路"),
    "zonglu": None,
    "纵１路": ("road", "纵1路"),
    "敬老院": ("facility", "河西镇敬老院"),
    "hxzjly": ("facility", "河西镇敬老院"),
    "民政": ("facility", "县民政服务中心"),
    "00003": ("village", "大王庄"),
    "0000": ("neighbourhood", "府前社区"),
    "F4": ("facility", "河西镇敬老院"),
    "T2": ("township", "河东乡"),
}


@pytest.mark.parametrize(("words", "first"), LOOK_UPS.items())
def test_what_is_meant_comes_first(at_hand, words, first):
    hits = found(at_hand, words)
    assert (hits[0][:2] if hits else None) == first


def test_every_village_is_found_by_name_and_code_with_its_township(at_hand):
    for id_, (name, township, *_) in VILLAGES.items():
        assert ("village", name, TOWNSHIPS[township][0]) in found(at_hand, name)
        assert search_places(at_hand, id_)[0]["id"] == id_


def test_a_name_with_its_township_is_the_one_there(at_hand):
    assert found(at_hand, "河东乡 大王庄") == [("village", "大王庄", "河东乡")]
    assert found(at_hand, "dwz hdx") == [("village", "大王庄", "河东乡")]
    assert found(at_hand, "大王庄 没有这里") == []


def test_what_lies_in_a_township_comes_after_what_is_called_so(at_hand):
    hits = found(at_hand, "河东乡")
    assert hits[0] == ("township", "河东乡", None)
    assert {("village", "李家", "河东乡"), ("village", "河口", "河东乡")} <= set(hits)


def test_the_exact_name_goes_before_the_beginning_before_a_part_before_the_sound(at_hand):
    kinds = [name for _, name, _ in found(at_hand, "河西镇")]
    assert kinds[:2] == ["河西镇", "河西镇为民服务中心"]
    assert [name for _, name, _ in found(at_hand, "庄")][:2] == ["东庄", "大王庄"]


def test_bridges_are_found_by_their_road_and_by_their_river(at_hand):
    hits = [hit for hit in search_places(at_hand, "桥") if hit["kind"] == "bridge"]
    assert hits
    for hit in hits:
        named = search_places(at_hand, f"{hit['name']}桥")
        assert hit["id"] in {one["id"] for one in named}


def test_a_hit_says_where_it_is(at_hand):
    road = search_places(at_hand, "横1路")[0]
    west, south, east, north = road["bounds"]
    assert west <= road["lon"] <= east
    assert south <= road["lat"] <= north
    assert len(road["line"][0]) >= 2
    village = search_places(at_hand, "东庄")[0]
    assert (village["bounds"], village["line"], village["resident"]) == (None, None, 500)
    township = search_places(at_hand, "河东乡")[0]
    assert township["bounds"]
    assert township["line"] is None


def test_a_cell_is_found_by_its_code_and_every_kind_has_its_words(at_hand, client):
    cell = client.get("/api/layers/cells").json()["features"][0]
    hit = next(one for one in search_places(at_hand, cell["id"]) if one["kind"] == "cell")
    assert hit["id"] == cell["id"]
    page = client.get("/?lang=en").text
    texts = client.get(page.split('src="/scripts/')[1].join(["/scripts/", ""]).split('"')[0]).text
    assert all(f'"page.search.kind.{kind}"' in texts for kind in KINDS)


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "(",
        "%",
        "_",
        "\\",
        "\x00",
        "\ud800",
        ".*",
        "'; drop table",
        "💧",
        "—",
        "a" * 50,
        "重" * 50,
        "\u202e",
    ],
)
def test_what_means_nothing_finds_nothing(at_hand, words):
    assert search_places(at_hand, words) == []


def test_the_second_process_does_not_look_readings_up_again(at_hand, monkeypatch):
    search_places(at_hand, "x")
    monkeypatch.setattr("api.actions.search.sounds._look_up", None)
    again = OpenCounty(at_hand.county, cache=at_hand.cache)
    assert found(again, "dz") == found(at_hand, "dz")


@pytest.mark.alone
def test_a_look_up_takes_a_moment(at_hand):
    search_places(at_hand, "x")
    began = time.perf_counter()
    for words in LOOK_UPS:
        search_places(at_hand, words)
    assert (time.perf_counter() - began) / len(LOOK_UPS) < 0.05

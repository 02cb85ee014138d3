"""How names sound: every reading of a character, rare and traditional ones, and half of a syllable."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.actions.search.sounds import heard_in, readings_of, sounds_of
from layers.cache import Cache

NAMES = ("重兴村", "长乐街", "单家楼", "曾庄", "解家", "邢侗街道", "臨邑縣", "105乡道", "S315省道", "绿洲社区")
NAMES += ("㙍头", "𠮷庄", "Kiosk 3")


@pytest.fixture(scope="module")
def readings(tmp_path_factory):
    return readings_of(NAMES, Cache(tmp_path_factory.mktemp("sounds"), limit_mb=8))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("chongxingcun", "重兴村"),
        ("zhongxingcun", "重兴村"),
        ("cxc", "重兴村"),
        ("zxc", "重兴村"),
        ("changlejie", "长乐街"),
        ("zhangyuejie", "长乐街"),
        ("clj", "长乐街"),
        ("shanjialou", "单家楼"),
        ("danjl", "单家楼"),
        ("zengzhuang", "曾庄"),
        ("cengz", "曾庄"),
        ("xiejia", "解家"),
        ("xdjd", "邢侗街道"),
        ("linyixian", "臨邑縣"),
        ("105xd", "105乡道"),
        ("105xiangdao", "105乡道"),
        ("s315sd", "s315省道"),
        ("lvzhou", "绿洲社区"),
        ("luzhou", "绿洲社区"),
        ("duotou", "㙍头"),
        ("𠮷z", "𠮷庄"),
        ("kiosk3", "kiosk3"),
    ],
)
def test_a_name_is_heard_by_each_of_its_readings(readings, typed, name):
    assert heard_in(typed, sounds_of(name, readings)) in (0, 1)


@pytest.mark.parametrize(
    ("typed", "name", "rank"), [("xing", "重兴村", 2), ("chongxin", "重兴村", 1), ("cun", "重兴村", 2)]
)
def test_the_whole_goes_before_the_beginning_before_a_part(readings, typed, name, rank):
    assert heard_in(typed, sounds_of(name, readings)) == rank


@pytest.mark.parametrize("typed", ["tongx2", "ongxing", "xcx", "cxcc", "hongxing"])
def test_what_it_does_not_sound_like_is_not_heard(readings, typed):
    assert heard_in(typed, sounds_of("重兴村", readings)) is None


@given(st.text(alphabet="abcz", min_size=1, max_size=5), st.lists(st.sampled_from("甲乙丙"), min_size=1, max_size=4))
def test_what_is_heard_is_what_trying_everything_finds(typed, name):
    readings = {"甲": ("ab", "z"), "乙": ("b", "zha"), "丙": ("ca",)}
    sounds = sounds_of("".join(name), readings)
    best = None
    for start, end in itertools.combinations(range(len(name) + 1), 2):
        for chosen in itertools.product(*(sounds[at][0] for at in range(start, end - 1))):
            ahead = "".join(chosen)
            last_words, last_readings = sounds[end - 1]
            halves = {r[:cut] for r in last_readings for cut in range(1, len(r) + 1)}
            if typed in {ahead + last for last in last_words | halves}:
                rank = 2 if start else int(end < len(name))
                best = rank if best is None else min(best, rank)
    assert heard_in(typed, sounds) == best

"""Frozen versions and texts that leave the office: the same file for the same body, no home in a remark."""

from __future__ import annotations

import hashlib

import pytest
from frozen_bodies import body

from planning.hearing.frozen import Frozen, Minutes, read_frozen, written
from planning.hearing.homes import mask_homes


def test_the_same_body_is_the_same_file_and_comes_back_whole() -> None:
    told = body()
    again = dict(reversed(list(told.items())))
    assert written(told) == written(again)
    assert read_frozen(written(told)).body == told
    other = hashlib.sha256(written(body(title="另一份"))).digest()
    assert hashlib.sha256(written(told)).digest() != other


@pytest.mark.parametrize("content", [b"[]", b'{"form":2}', b"{", b"null", b'"form"'])
def test_what_is_no_frozen_version_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"form|Expecting"):
        read_frozen(content)


def test_a_place_is_told_with_its_minutes_before_and_after() -> None:
    frozen = Frozen(body())
    assert frozen.scheme == "A"
    assert frozen.place_of["v2"].schemes == {"0": Minutes(1200, "老院"), "A": Minutes(480, "新点")}
    assert frozen.place_of["v3"].schemes["0"] == Minutes(None, "")
    assert (frozen.place_of["v3"].township, frozen.place_of["v1"].people) == ("", 100)
    assert set(frozen.sites) == {"s1", "old"}
    assert frozen.figures == {"mean_s"}


def test_the_nearest_place_is_found_by_position() -> None:
    frozen = Frozen(body())
    (first, near), (second, far) = frozen.nearest(116.9, 37.2005, most=2)
    assert (first.id, second.id) == ("v1", "v2")
    assert near == pytest.approx(55.6, abs=0.1)
    assert far == pytest.approx(887.4, abs=0.1)
    assert len(frozen.nearest(0, 0, most=9)) == 3


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我家住桥东村三队老槐树旁,腿脚不便", "我家住****,腿脚不便"),
        ("住址:邢侗街道幸福小区3号楼2单元501室。请考虑", "住址****。请考虑"),
        ("王秀英住在桥东三号,电话见上", "王秀英住在****,电话见上"),
        ("幸福小区12栋一单元302太远", "幸福小区****太远"),
        ("I live at 5 Mill Lane, too far", "I live at****, too far"),
        ("东庄村到新点要40分钟,建议设在2号地、G104旁", "东庄村到新点要40分钟,建议设在2号地、G104旁"),
        ("第3号公示看过了", "第3号公示看过了"),
    ],
)
def test_where_somebody_lives_is_hidden_and_what_is_talked_about_stays(text: str, shown: str) -> None:
    assert mask_homes(text) == shown

from __future__ import annotations

import pytest

from gis.faults import FaultsError
from planning.incidents.description import MAX_CHARACTERS, clean_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  村口路灯坏了\r\n已三天\r", "村口路灯坏了\n已三天"),
        ("👩‍🌾 wrote: “ok”", "👩‍🌾 wrote: “ok”"),
        ("", ""),
        ("字" * MAX_CHARACTERS, "字" * MAX_CHARACTERS),
    ],
)
def test_ordinary_text_stays_as_written(text: str, expected: str) -> None:
    assert clean_text(text) == expected


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("字" * (MAX_CHARACTERS + 1), ["text-too-long"]),
        ("a\tb", ["text-control-character"]),
        ("a\0b", ["text-control-character"]),
        ("a\x85b", ["text-control-character"]),
        ("a\ud800b", ["text-control-character"]),
        ("\0" * (MAX_CHARACTERS + 1), ["text-too-long", "text-control-character"]),
    ],
)
def test_text_that_does_not_fit_is_refused_with_every_reason(text: str, codes: list[str]) -> None:
    with pytest.raises(FaultsError) as caught:
        clean_text(text)
    assert [fault.code for fault in caught.value.faults] == codes


@pytest.mark.parametrize(
    "phone", ["13905341234", "139 0534 1234", "139-0534-1234", "+8613905341234", "86 13905341234", "0534-4231234"]
)
def test_a_telephone_number_never_enters_the_log(phone: str) -> None:
    assert clean_text(f"请联系{phone},谢谢") == "请联系****1234,谢谢"


@pytest.mark.parametrize("number", ["371424001001001", "2026-03-02 13:05", "12345", "3714241990", "139053412345"])
def test_other_numbers_stay(number: str) -> None:
    assert clean_text(f"编号{number}。") == f"编号{number}。"

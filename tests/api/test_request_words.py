"""Refusals of the request's own form are words of the reader's language, with the field and what is expected."""

import re

import pytest

WRONG = [
    ({"service": "hub", "p": 0}, "p", "不小于 1", "at least 1"),
    ({"service": "hub", "p": "many"}, "p", "整数", "a whole number"),
    ({"service": "hub", "p": 2.5}, "p", "整数", "a whole number"),
    ({"service": "hub", "p": 10**30}, "p", "不大于 5000", "at most 5000"),
    ({"service": "hub", "limit_minutes": 0}, "limit_minutes", "大于 0", "above 0"),
    ({"service": "hub", "limit_minutes": "x"}, "limit_minutes", "数字", "a number"),
    ({"service": "hub", "mode": "boat"}, "mode", "可选值:walk, elder-walk, e-bike, car", "one of walk, elder-walk"),
    ({"service": "hub", "split": "perhaps"}, "split", "是或否", "true or false"),
    ({"service": "hub", "status": {"a": "wanted"}}, "status.a", "可选值:existing", "one of existing"),
    ({"service": "hub", "status": []}, "status", "一组名称和值", "names with their values"),
    ({"service": "hub", "townships": {}}, "townships", "一个列表", "a list"),
    ({"service": "hub", "rooms": [{"room": ""}]}, "rooms.0.room", "至少 1 个字", "at least 1 characters"),
    ({"service": "hub", "colour": 1}, "colour", "没有此项", "no such field"),
    ({}, "service", "须填写此项", "it is missing"),
]


@pytest.mark.parametrize(("body", "field", "zh", "en"), WRONG)
def test_what_is_expected_is_told_in_words(client, body, field, zh, en):
    for lang, told in (("zh", zh), ("en", en)):
        answer = client.post(f"/api/plans?lang={lang}", json=body)
        assert answer.status_code == 422
        fault = next(fault for fault in answer.json()["faults"] if fault["field"] == field)
        assert told in fault["expected"]
        assert "Input should" not in fault["expected"]
        if lang == "zh":
            assert re.search("[一-鿿]", fault["expected"])


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/api/scenarios", {"name": "甲"}, "question"),
        ("/api/scenarios/import", {"name": "甲", "edits": []}, "question"),
        ("/api/scenarios/import", {"question": {"p": 3}, "name": "甲"}, "question.service"),
        ("/api/plans", {"model": "lscp"}, "service"),
    ],
)
def test_of_a_field_that_is_left_out_nothing_is_shown_in_its_place(client, path, body, field):
    faults = client.post(path, json=body).json()["faults"]
    assert [(fault["field"], fault["value"]) for fault in faults] == [(field, "")]
    assert faults[0]["expected"]

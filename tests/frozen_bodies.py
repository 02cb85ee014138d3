"""A frozen version of three places and two schemes, made by hand."""

from __future__ import annotations

from typing import Any


def body(**changed: Any) -> dict[str, Any]:
    old = {"id": "old", "name": "老院", "lon": 116.9, "lat": 37.2}
    new = {"id": "s1", "name": "新点", "lon": 116.91, "lat": 37.2}
    return {
        "form": 1,
        "title": "公示",
        "schemes": [{"key": "0", "sites": [old]}, {"key": "A", "sites": [new, old]}],
        "measures": [{"code": "mean_s"}],
        "places": {
            "ids": ["v1", "v2", "v3"],
            "names": ["东庄", "西庄", "远庄"],
            "townships": ["甲镇", "甲镇", None],
            "lon": [116.9, 116.91, 117.0],
            "lat": [37.2, 37.2, 37.3],
            "people": [100, 200, 300],
            "seconds": {"0": [300, 1200, None], "A": [300, 480, 900]},
            "sites": {"0": [0, 0, None], "A": [1, 0, 0]},
        },
        **changed,
    }

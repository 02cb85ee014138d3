"""Classes, speeds and directions of roads in the words of offices, and what they are in ours.

The administrative classes are those that the page shows (国道 is ``primary``, 县道 ``tertiary``);
the technical classes of JTG B01 go by their design speed: 二级 60 km/h and more, 三级 40, 四级 30.
Numbers of routes are those of GB/T 917: G with three digits is a 国道, with one, two or four a motorway.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from layers.schema import ROAD_CLASSES_AND_LINKS

_CHINESE: Mapping[str, tuple[str, ...]] = {
    "motorway": ("高速公路", "高速", "高速路", "国家高速", "国家高速公路", "省级高速", "省级高速公路", "省高速"),
    "trunk": ("一级公路", "一级", "快速路", "城市快速路", "快速公路", "国道干线", "汽车专用公路"),
    "primary": ("国道", "普通国道", "二级公路", "二级", "主干路", "主干道", "城市主干路", "城市主干道"),
    "secondary": ("省道", "普通省道", "次干路", "次干道", "城市次干路", "城市次干道"),
    "tertiary": ("县道", "三级公路", "三级", "支路", "城市支路"),
    "unclassified": ("乡道", "镇道", "乡镇道路", "四级公路", "四级", "专用公路", "专用道", "专道"),
    "residential": ("村道", "村级道路", "通村公路", "街道", "城市道路", "城镇道路", "等外公路", "等外路", "等外"),
    "living_street": ("街巷", "巷道", "巷", "巷路", "胡同", "里弄", "弄堂"),
    "service": ("内部道路", "内部路", "内部通道", "小区道路", "小区内部路", "厂区道路", "停车场道路"),
    "track": ("机耕路", "机耕道", "田间路", "田间道", "田间道路", "生产路", "农村道路", "林道", "林区道路", "大车路"),
    "pedestrian": ("步行街",),
    "cycleway": ("自行车道", "非机动车道", "骑行道"),
    "path": ("小路", "小道", "山路", "乡间小路", "乡村小路"),
    "footway": ("人行道", "人行路", "人行便道", "步道", "步行道", "健身步道", "登山步道"),
    "steps": ("台阶", "阶梯", "梯道", "踏步", "石阶"),
    "motorway_link": ("匝道", "高速匝道", "高速公路匝道", "互通匝道"),
}
_ENGLISH: Mapping[str, tuple[str, ...]] = {
    "motorway": ("expressway", "freeway"),
    "primary": ("national",),
    "secondary": ("provincial",),
    "tertiary": ("county",),
    "unclassified": ("road", "township"),
    "residential": ("village", "street"),
    "living_street": ("alley", "lane"),
    "track": ("track_grade1", "track_grade2", "track_grade3", "track_grade4", "track_grade5", "farm_track"),
    "path": ("bridleway",),
    "footway": ("footpath", "sidewalk"),
}
_LETTERS: Mapping[str, str] = {
    "g": "primary",
    "s": "secondary",
    "x": "tertiary",
    "y": "unclassified",
    "c": "residential",
    "z": "unclassified",
}
_OF_WORD: Mapping[str, str] = {
    **{name: name for name in ROAD_CLASSES_AND_LINKS},
    **{word: name for words in (_CHINESE, _ENGLISH) for name, group in words.items() for word in group},
    **_LETTERS,
}
CLASSES_IN_CHINESE: Mapping[str, str] = {
    name: _CHINESE.get(name, ("",))[0] for name in ROAD_CLASSES_AND_LINKS if name in _CHINESE or "_link" not in name
}
"""Our classes with the word that an office uses most, empty where it has none; of the links only the motorway's."""

_ENDINGS = ("_road", "_street", "_highway", "_roads")
_ROUTE = re.compile(r"([gsxycz])([0-9]{1,10})")
_MOTORWAY_DIGITS = (1, 2, 4)  # G2, S29, G1501; three digits are ordinary roads: G104, S315

_SPEED = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(km/?h|kmh|kph|kmph|公里/小?时|千米/小?时|公里每小时|mph|英里/小?时)")
_KMH_PER_MPH = 1.609344

DIRECTION_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("both", "yes", "y", "true", "1", "双向", "是", "可", "可以", "允许", "允许通行"), "both"),
    **dict.fromkeys(("forward", "along", "正向", "顺向", "正向通行"), "forward"),
    **dict.fromkeys(("backward", "against", "逆向", "反向", "逆向通行"), "backward"),
    **dict.fromkeys(("no", "n", "false", "0", "否", "禁止", "禁行", "不可", "禁止通行"), "no"),
}
"""Whether a road is open to somebody (columns ``foot``, ``bicycle``, ``motorcar``)."""

STRUCTURE_WORDS = (
    *("桥", "桥梁", "大桥", "高架", "高架桥", "立交桥", "隧道", "地道", "涵洞"),
    *("viaduct", "bridge", "tunnel", "culvert", "building_passage", "movable", "cantilever", "covered", "trestle"),
)
"""What columns ``bridge`` and ``tunnel`` hold in place of yes."""


def plain_word(text: str) -> str:
    """Return a word without what does not change its meaning: width, case, blanks at the ends."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def road_class_of(text: str) -> str | None:
    """Return our class for a word of an office, ``None`` if it is not known.

    Parameters
    ----------
    text
        Such as ``省道``, ``Primary road``, ``G104``.
    """
    word = plain_word(text)
    joined = word.replace("-", " ").replace("_", " ")
    joined = "_".join(joined.split())
    for candidate in (joined, joined.replace("_", "")):
        if candidate in _OF_WORD:
            return _OF_WORD[candidate]
    for ending in _ENDINGS:
        if joined.endswith(ending) and joined.removesuffix(ending) in _OF_WORD:
            return _OF_WORD[joined.removesuffix(ending)]
    if route := _ROUTE.fullmatch(joined.replace("_", "")):
        is_motorway = route[1] in "gs" and len(route[2]) in _MOTORWAY_DIGITS
        return "motorway" if is_motorway else _LETTERS[route[1]]
    return None


def speed_of(text: str) -> str | None:
    """Return the figure in km/h of a speed with its unit, ``None`` if it has none that is known.

    Parameters
    ----------
    text
        Such as ``60 km/h``, ``40公里/小时``, ``30 mph``; a mere figure has no unit.
    """
    found = _SPEED.fullmatch(plain_word(text))
    if not found:
        return None
    is_miles = found[2] in ("mph",) or found[2].startswith("英里")
    return f"{float(found[1]) * _KMH_PER_MPH:.6g}" if is_miles else found[1]

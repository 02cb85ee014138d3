"""A few small kinds of case to begin with; the ten of assistance are the source document's, the others examples."""

from __future__ import annotations

from collections.abc import Iterator

from planning.tables.definition import Row, Value

_HOUR = 60
_DAY = 24 * _HOUR

_ASSISTANCE = (
    ("living", "最低生活救助", "Minimum living allowance", "normal"),
    ("extreme-hardship", "特困人员供养", "Extreme hardship support", "normal"),
    ("temporary", "临时救助", "Temporary assistance", "urgent"),
    ("disaster", "受灾人员救助", "Disaster relief", "emergency"),
    ("medical", "医疗救助", "Medical assistance", "normal"),
    ("education", "教育救助", "Education assistance", "normal"),
    ("housing", "住房救助", "Housing assistance", "normal"),
    ("employment", "就业救助", "Employment assistance", "normal"),
    ("judicial", "司法救助", "Judicial assistance", "normal"),
    ("charity", "慈善救助", "Charity assistance", "normal"),
)
"""十类救助: code, names, severity."""

_OTHERS = (
    ("party-contact", "党员联系群众", "Party members' contact"),
    ("security-dispute", "矛盾纠纷", "Dispute"),
    ("security-fire-hazard", "消防隐患", "Fire hazard"),
    ("traffic-accident", "交通事故", "Traffic accident"),
    ("traffic-road-damage", "道路损毁", "Damaged road"),
    ("environment-straw-burning", "秸秆焚烧", "Straw burning"),
    ("environment-rubbish", "垃圾乱倒", "Dumped rubbish"),
    ("environment-water-pollution", "水体污染", "Polluted water"),
    ("campus-surroundings", "校园周边治安", "Safety around a school"),
    ("campus-drowning-risk", "防溺水隐患", "Risk of drowning"),
)
"""Code, names: our examples."""

_TREATED = {
    "party-contact": ("normal", "none", "", 0, 0),
    "security-dispute": ("urgent", "none", "", 50, _DAY),
    "security-fire-hazard": ("urgent", "regional", "", 50, _DAY),
    "traffic-accident": ("emergency", "directed", "public-security", 200, _HOUR),
    "traffic-road-damage": ("urgent", "none", "", 100, 3 * _DAY),
    "environment-straw-burning": ("emergency", "resident", "", 300, 2 * _HOUR),
    "environment-rubbish": ("normal", "resident", "", 50, 3 * _DAY),
    "environment-water-pollution": ("urgent", "directed", "ecology", 500, _DAY),
    "campus-surroundings": ("urgent", "regional", "", 100, _DAY),
    "campus-drowning-risk": ("emergency", "none", "", 100, 2 * _HOUR),
}
"""Severity, mode of enforcement, department, radius in metres and window in minutes: our assumptions."""

_UNENFORCED = ("none", "", 0, 0)


def _examples() -> Iterator[Row]:
    for code, zh, en, severity in _ASSISTANCE:
        texts = (f"livelihood-{code}", zh, en)
        yield _row(texts, (severity, *_UNENFORCED), basis="ten-assistance-kinds")
    for texts in _OTHERS:
        yield _row(texts, _TREATED[texts[0]], basis="example")


def _row(texts: tuple[str, str, str], treated: tuple[str, str, str, int, int], *, basis: str) -> Row:
    told: dict[str, Value] = {"code": texts[0], "category": texts[0].partition("-")[0]}
    told |= zip(("name_zh", "name_en", "question"), (*texts[1:], texts[0]), strict=True)
    told |= zip(("severity", "mode", "unit", "radius_m", "window_minutes"), treated, strict=True)
    return {**told, "basis": basis}


EXAMPLES: tuple[Row, ...] = tuple(_examples())

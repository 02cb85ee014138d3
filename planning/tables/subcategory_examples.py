"""A few small kinds of case to begin with; the ten of assistance are the source document's, the others examples."""

from __future__ import annotations

from collections.abc import Iterator

from planning.tables.definition import Row, Value

_HOUR = 60
_DAY = 24 * _HOUR

_ASSISTANCE = (
    ("living", "最低生活救助", "Minimum living allowance", "家庭收入有什么变化?几口人?", "normal"),
    ("extreme-hardship", "特困人员供养", "Extreme hardship support", "有无劳动能力、收入来源和赡养人?", "normal"),
    ("temporary", "临时救助", "Temporary assistance", "遇到什么突发困难?急需什么?", "urgent"),
    ("disaster", "受灾人员救助", "Disaster relief", "有无人员伤亡?房屋能否居住?", "emergency"),
    ("medical", "医疗救助", "Medical assistance", "什么病?自付费用大约多少?", "normal"),
    ("education", "教育救助", "Education assistance", "在哪所学校?哪个年级?", "normal"),
    ("housing", "住房救助", "Housing assistance", "房屋是否危险?现住哪里?", "normal"),
    ("employment", "就业救助", "Employment assistance", "失业多久?有什么技能?", "normal"),
    ("judicial", "司法救助", "Judicial assistance", "案件到了哪一步?", "normal"),
    ("charity", "慈善救助", "Charity assistance", "其他救助是否已经申请?", "normal"),
)
"""十类救助: code, names, question, severity."""

_OTHERS = (
    ("party-contact", "党员联系群众", "Party members' contact", "群众反映什么?希望谁来解决?"),
    ("security-dispute", "矛盾纠纷", "Dispute", "双方是谁?有无动手?"),
    ("security-fire-hazard", "消防隐患", "Fire hazard", "有无明火?有无人员被困?"),
    ("traffic-accident", "交通事故", "Traffic accident", "有无人员受伤?道路能否通行?"),
    ("traffic-road-damage", "道路损毁", "Damaged road", "能否通行?什么车不能过?"),
    ("environment-straw-burning", "秸秆焚烧", "Straw burning", "明火还是冒烟?面积多大?"),
    ("environment-rubbish", "垃圾乱倒", "Dumped rubbish", "生活垃圾还是建筑垃圾?"),
    ("environment-water-pollution", "水体污染", "Polluted water", "什么颜色和气味?有无死鱼?"),
    ("campus-surroundings", "校园周边治安", "Safety around a school", "哪所学校?什么时段?"),
    ("campus-drowning-risk", "防溺水隐患", "Risk of drowning", "现在有无孩子在水边?"),
)
"""Code, names, question: our examples."""

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
    for code, zh, en, question, severity in _ASSISTANCE:
        texts = (f"livelihood-{code}", zh, en, question)
        yield _row(texts, (severity, *_UNENFORCED), basis="ten-assistance-kinds")
    for texts in _OTHERS:
        yield _row(texts, _TREATED[texts[0]], basis="example")


def _row(texts: tuple[str, str, str, str], treated: tuple[str, str, str, int, int], *, basis: str) -> Row:
    told: dict[str, Value] = {"code": texts[0], "category": texts[0].partition("-")[0]}
    told |= zip(("name_zh", "name_en", "question"), texts[1:], strict=True)
    told |= zip(("severity", "mode", "unit", "radius_m", "window_minutes"), treated, strict=True)
    return {**told, "basis": basis}


EXAMPLES: tuple[Row, ...] = tuple(_examples())

"""The matters that residents declare and the powers handed down: how many of each tier is real, their titles are not.

Of the 95 matters of townships, the 29 of villages and the 154 powers of twelve departments only the numbers are
published (12 and 18 of them assistance; 23 permits, 124 penalties, 3 confirmations, 2 payments, 2 others). The titles
are reconstructed and say so; an office puts its own in their place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice, product

from planning.tables.definition import Column, Row, RowFault, TableKind

TIERS = ("village", "township", "department")
KINDS = ("assistance", "service", "permit", "penalty", "confirmation", "payment", "other")
USUAL_DAYS = 37
"""Of a minimum-living allowance before: the one figure that is published. Now it is granted at once."""

_KINDS_OF_AID = ("最低生活保障", "特困供养", "临时救助", "灾害救助", "医疗救助", "教育救助", "住房救助", "就业救助",
                 "司法救助", "慈善救助")  # fmt: skip
_TOWNSHIP_AID = (*(f"{kind}确认" for kind in _KINDS_OF_AID), "孤儿和困境儿童保障确认", "残疾人两项补贴确认")
_VILLAGE_AID = (
    *(f"{kind}申报" for kind in _KINDS_OF_AID), "高龄津贴申报", "残疾人补贴申报", "孤儿保障申报", "困境儿童登记",
    "留守老人登记", "经济困难老人补贴申报", "受灾情况报告", "慈善项目报名",
)  # fmt: skip
_VILLAGE_OTHER = ("居住证明", "户籍事项代办", "生育登记代办", "医保参保登记", "养老保险登记", "养老资格认证",
                  "土地流转登记", "农机补贴申报", "危房情况报告", "就业信息登记", "证照代领")  # fmt: skip
_FIELDS = ("社会保险", "医疗保险", "生育服务", "残疾人服务", "退役军人服务", "就业创业", "农业补贴", "农村宅基地",
           "农机管理", "林木管理", "道路养护", "小型水利", "安全生产", "食品摊点", "环境卫生", "文化活动", "户外广告",
           "建房管理", "殡葬服务", "法律援助", "社会组织")  # fmt: skip
_STEPS = ("登记", "变更", "注销", "证明")
_DEPARTMENTS = ("民政", "人力资源和社会保障", "卫生健康", "农业农村", "自然资源", "住房和城乡建设", "交通运输", "水利",
                "市场监管", "应急管理", "生态环境", "综合行政执法")  # fmt: skip
_POWERS = (("permit", "许可", 23), ("penalty", "处罚", 124), ("confirmation", "确认", 3), ("payment", "给付", 2),
           ("other", "其他", 2))  # fmt: skip


def _row(code: str, tier: str, kind: str, name: str, *, department: str = "", days: int = 0) -> Row:
    return {"code": code, "name": name, "tier": tier, "kind": kind, "department": department, "usual_days": days,
            "note": "名称为模拟数据"}  # fmt: skip


def _of_a_tier(letter: str, tier: str, aid: Sequence[str], other: Sequence[str]) -> Iterator[Row]:
    titles = [*(("assistance", name) for name in aid), *(("service", name) for name in other)]
    for number, (kind, name) in enumerate(titles, start=1):
        days = USUAL_DAYS if name.startswith("最低生活保障") else 0
        yield _row(f"{letter}-{number:03d}", tier, kind, name, days=days)


def _handed_down() -> Iterator[Row]:
    number = 0
    for kind, word, count in _POWERS:
        for nth, department in enumerate(islice(cycle(_DEPARTMENTS), count)):
            number += 1
            name = f"{department}{word}事项 {nth // len(_DEPARTMENTS) + 1}"
            yield _row(f"d-{number:03d}", "department", kind, name, department=department)


def _check(rows: Sequence[Row]) -> Iterator[RowFault]:
    """Refuse codes of an odd form, powers of nobody, and names that two matters share."""
    for number, row in enumerate(rows):
        code = str(row["code"])
        if not (code.isascii() and code.replace("-", "").isalnum() and code == code.lower()):
            yield RowFault("matter-bad-code", number, "code")
        if (row["tier"] == "department") != bool(row["department"]):
            yield RowFault("matter-of-nobody", number, "department")


_TOWNSHIP_OTHER = tuple(islice((f"{field}{step}" for field, step in product(_FIELDS, _STEPS)), 83))

TABLE = TableKind(
    "matters",
    columns=(
        Column("code", "text", characters=20),
        Column("name", "text", characters=60),
        Column("tier", "choice", choices=TIERS, words="matter.tier"),
        Column("kind", "choice", choices=KINDS, words="matter.kind"),
        Column("department", "text", characters=30, is_optional=True),
        Column("usual_days", "whole", unit="days", maximum=3650, zero="table.not-known"),
        Column("note", "text", is_optional=True),
    ),
    key=("code",),
    defaults=(
        *_of_a_tier("t", "township", _TOWNSHIP_AID, _TOWNSHIP_OTHER),
        *_of_a_tier("v", "village", _VILLAGE_AID, _VILLAGE_OTHER),
        *_handed_down(),
    ),
    noun="incident-table",
    may_grow=True,
    most_rows=1000,
    check=_check,
)

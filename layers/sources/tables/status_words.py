"""Whether a facility stands: the words of an office for it."""

from __future__ import annotations

from collections.abc import Mapping

from layers.sources.lines.road_words import plain_word

STATUS_WORDS: Mapping[str, tuple[str, ...]] = {
    "existing": (
        *("现有", "已有", "既有", "现状", "已建", "已建成", "建成", "在用", "使用中", "投入使用", "运营", "运营中"),
        *("营业", "营业中", "运行", "运行中", "开放", "正常", "正常运行", "正常运营", "启用"),
        *("open", "active", "operating", "operational", "in use", "in service", "built", "stands"),
    ),
    "planned": (
        *("规划", "规划中", "拟建", "计划", "计划中", "待建", "在建", "建设中", "筹建", "筹建中", "未建"),
        *("proposed", "projected", "under construction", "construction"),
    ),
    "closed": (
        *("关闭", "已关闭", "停用", "已停用", "停业", "停办", "撤销", "已撤销", "拆除", "已拆除", "废弃", "注销"),
        *("abandoned", "disused", "demolished", "removed", "out of use", "out of service"),
    ),
}
"""What a facility is called that stands today, one that is to be built, one that serves nobody any more."""

_STATUS_OF = {word: status for status, words in STATUS_WORDS.items() for word in (status, *words)}


def status_of(text: str) -> str | None:
    """Return our status for a word of an office, ``None`` if it is not known."""
    return _STATUS_OF.get(plain_word(text))

"""What users read is written as a county office writes: no private words, one word a thing."""

import re

import pytest

from maps.catalogue import catalogue

# Phrases that readers stumbled over, and the ones that stand in their place.
LEFT_BEHIND = {
    "zh": {
        "求解器的话": "求解器判定",
        "求解器称": "求解器判定",
        "一换": "替换",
        "目前最好": "当前方案",
        "设点数": "设置数量",
        "差不多": "相近",
        "值班台": "值班席位",
        "值守席位": "值班席位",
        "镇级值班": "值班席位",
        "试封": "模拟封闭",
        "重建": "模拟数据",
        "约束": "限制条件",
        "前沿": "权衡曲线",
        "既有和": "保留现有",
        "必选": "必须设点",
        "变差乡镇": "用时最长的乡镇",
        "最差乡镇": "用时最长的乡镇",
        "应为:": "要求",
        "改法": "修改建议",
        "人·秒": "人·小时",
        "方案设施": "规划设施",
        "村居": "村(居)",
        "理论界": "上限、下限",
        "普查": "登记的总数",
    },
    "en": {
        "on the word of": "according to the solver",
        r"\bmend": "fix",
        r"\bfaults\b": "problems",
        "Frontier:": "Trade-off curve",
        "Sites p": "Number of sites",
        "lose most": "most affected",
        "any one less": "remove any one",
        "person-seconds": "person-hours",
        "exact integers": "independently checked",
        "one good for another": "trade-off",
        "census": "the total in the county file",
    },
}
ALLOWED = {"cli.option.township": "设点数", "case-files.mend": r"\bmend"}
# 某乡镇的设点数: the number of sites there, not an objective's; --mend: what an option is called


@pytest.mark.parametrize(
    ("lang", "phrase"), [(lang, phrase) for lang, words in LEFT_BEHIND.items() for phrase in words]
)
def test_a_phrase_that_was_left_behind_stays_there(lang, phrase):
    words = {key: re.sub(r"{.*?}", "", texts[lang]) for key, texts in catalogue().items()}
    found = [key for key, told in words.items() if re.search(phrase, told) and ALLOWED.get(key) != phrase]
    assert not found, f"better: {LEFT_BEHIND[lang][phrase]}"


def test_chinese_texts_hold_no_english_sentence():
    wordy = re.compile(r"(?:[A-Za-z][a-z]+ ){3,}")
    aside = {"page.switch-language-label"}
    assert not [key for key, texts in catalogue().items() if wordy.search(texts["zh"]) and key not in aside]


def test_english_texts_hold_chinese_only_as_examples():
    examples = {"page.switch-language", "page.switch-language-label", "fault.township-limit-form.expected"}
    examples |= {"cli.option.township", "planning.basis.rooms-around-sources"}
    found = {key for key, texts in catalogue().items() if re.search("[一-鿿]", texts["en"])}
    assert found <= examples

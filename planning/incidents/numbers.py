"""Numbers that belong to a person, found in free text: telephones, identity cards, bank cards.

Where a number could be either, it is taken as personal: a log that nobody can edit loses little by a masked
figure, and can never take back a number. What is told apart is left: dates, amounts, house numbers, village
codes (12 digits), grid codes (15 digits) and the short public hotlines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

_BETWEEN = r"[ .\-/()]"
_ANY = rf"{_BETWEEN}{{0,3}}"
_DIVIDING = r"[ .\-/(),:;'\"*\n]"
"""What divides a mobile number in its usual groups of three, four and four; other groups would be lists of figures."""
_START, _END = r"(?<!\d)", r"(?!\d)"
_USUAL = (3, 4, 4)
_GROUPS = (
    (11,),
    (3, 8),
    _USUAL,
    (4, 3, 4),
    (4, 4, 3),
    (3, 3, 5),
    (7, 4),
    (4, 7),
    (5, 6),
    (3, 2, 2, 2, 2),
    (1,) * 11,
)
"""How the eleven digits of a mobile number are divided when people write it."""


def _grouped(sizes: tuple[int, ...]) -> str:
    return rf"{_DIVIDING if sizes == _USUAL else _BETWEEN}{{1,3}}".join(rf"\d{{{size}}}" for size in sizes)


_LINE = rf"(?:\d{{7,8}}|\d{{3,4}}{_BETWEEN}{{1,3}}\d{{4}})"
_AREA = r"(?:10|2\d|[3-9]\d{2})"
_EXTENSION = rf"(?:{_BETWEEN}{{0,2}}(?:转接|转|分机|ext\.?|x){_BETWEEN}{{0,2}}\d{{1,6}}|-\d{{1,5}})?"
_CHINA = rf"\(?(?:\+|00)?86\)?{_ANY}"
_MOBILE = rf"{_START}(?:{_CHINA})?\(?(?P<main>0?(?=1{_ANY}[3-9])(?:{'|'.join(map(_grouped, _GROUPS))})){_END}"
_LAND_LINE = rf"{_START}(?:{_CHINA})?\(?(?P<main>0{_AREA}{_ANY}{_LINE}){_EXTENSION}{_END}"
_ABROAD = rf"(?<![\d+])\(?(?:\+|00)86\)?{_ANY}(?P<main>{_AREA}{_ANY}{_LINE}){_EXTENSION}{_END}"
_CALLED = r"(?:电话|座机|固话|手机|联系方式|联系|致电|拨打|tel|phone|mobile)[^\d\n]{0,6}"
_LOCAL = rf"{_CALLED}(?P<main>{_LINE}){_EXTENSION}{_END}"
_CARD = rf"{_START}(?P<main>[3-69]\d{{3}}(?:{_ANY}\d{{4}}){{3}}(?:{_ANY}\d{{1,3}})?){_END}"
_BIRTH = rf"(?P<year>\d{{4}}){_BETWEEN}?(?P<month>\d\d){_BETWEEN}?(?P<day>\d\d)"
_IDENTITY = rf"{_START}(?P<main>\d{{6}}{_ANY}{_BIRTH}{_ANY}\d{{3}}[\dXx])(?![\dA-Za-z])"
_OLD_IDENTITY = rf"{_START}(?P<main>\d{{6}}(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)\d{{3}}){_END}"
_ONE_MORE = re.compile(rf"(?:[、,;/或和及]| {{1,3}}){{1,2}}(?P<main>{_LINE}){_END}")
_NUMBERS = [re.compile(form, re.IGNORECASE) for form in (_MOBILE, _LAND_LINE, _ABROAD, _CARD)]
_NAMED_NUMBER = re.compile(_LOCAL, re.IGNORECASE)
_IDENTITIES = [re.compile(form) for form in (_IDENTITY, _OLD_IDENTITY)]
_OF_PERSON = re.compile(r"(?:身份证|证件|identity)[^\d\n]{0,10}$", re.IGNORECASE)
_OF_PLACE = re.compile(r"(?:网格|编码|代码|编号)[^\d\n]{0,6}$")
_LAST_CHARACTERS = 20  # looked at before a number of fifteen digits for what it is called
_CIRCLED = "".join(map(chr, range(0x2460, 0x2469)))  # 1 to 9
_SPOKEN_DIGITS = f"零〇一幺二三四五六七八九壹贰叁肆伍陆柒捌玖两\N{CIRCLED DIGIT ZERO}{_CIRCLED}"
_SPOKEN_ONE, _SPOKEN_NEXT = f"一幺壹{_CIRCLED[0]}", f"三四五六七八九叁肆伍陆柒捌玖{_CIRCLED[2:]}"
_SPOKEN_GAP = r"[ .\-]{0,2}"
_SPOKEN = re.compile(
    rf"(?<![{_SPOKEN_DIGITS}])(?P<main>"
    rf"[{_SPOKEN_ONE}]{_SPOKEN_GAP}[{_SPOKEN_NEXT}](?:{_SPOKEN_GAP}[{_SPOKEN_DIGITS}]){{9}}"
    rf"|[{_SPOKEN_DIGITS}](?:{_SPOKEN_GAP}[{_SPOKEN_DIGITS}]){{15,18}}[Xx]?)(?![{_SPOKEN_DIGITS}])"
)
"""A mobile number in words, or the sixteen to nineteen digits of an identity or bank card."""
_OLDEST_YEAR, _NEW_CARDS_YEAR = 1925, 2000
"""Years of birth on identity cards of fifteen digits, which were last issued in 1999."""
_Number = tuple[int, int, str]
"""Where a personal number begins and ends, and the four characters of it to show."""


def mask_numbers(text: str) -> str:
    """Return a text with all but the last four digits of personal numbers hidden.

    Parameters
    ----------
    text
        Digits of any width; spaces, dots, dashes, brackets and invisible characters may divide a number.
    """
    plain = "".join(map(_plain, text))
    parts, done = [], 0
    for start, end, shown in sorted(_found(plain), key=lambda found: (found[0], -found[1])):
        if start >= done:
            parts += [text[done:start], "****", shown]
            done = end
    return "".join(parts) + text[done:]


def _found(plain: str) -> Iterator[_Number]:
    """Yield every personal number, however it is written."""
    for form in (*_NUMBERS, _NAMED_NUMBER):
        for match in form.finditer(plain):
            yield _number(match, only_main=form is _NAMED_NUMBER)  # the word that names it stays
            yield from _more(plain, match.end())
    for form in _IDENTITIES:
        yield from (_number(match) for match in form.finditer(plain) if _is_identity(plain, match))
    yield from map(_number, _SPOKEN.finditer(plain))


def _more(plain: str, at: int) -> Iterator[_Number]:
    """Yield the local numbers that stand in a list after a telephone number."""
    while (match := _ONE_MORE.match(plain, at)) is not None:
        at = match.end()
        yield _number(match, only_main=True)


def _number(match: re.Match[str], *, only_main: bool = False) -> _Number:
    return match.start("main" if only_main else 0), match.end(), _last_four(match["main"])


def _is_identity(plain: str, match: re.Match[str]) -> bool:
    """Whether a number bears a date of birth; of fifteen digits, a grid code may look so and is asked for its name."""
    year, before = int(match["year"]), plain[max(0, match.start() - _LAST_CHARACTERS) : match.start()]
    is_old = len(match["year"]) == 2
    if is_old and _OF_PERSON.search(before):
        return True
    if is_old and _OF_PLACE.search(before):
        return False
    year += 1900 if is_old else 0
    first, last = (_OLDEST_YEAR, _NEW_CARDS_YEAR) if is_old else (1850, 2100)
    try:
        return first <= date(year, int(match["month"]), int(match["day"])).year < last
    except ValueError:
        return False


def _last_four(number: str) -> str:
    return "".join(character for character in number if character.isdigit() or character in f"Xx{_SPOKEN_DIGITS}")[-4:]


def _plain(character: str) -> str:
    """Return a character in its plain form: digits, dashes, dots, blanks and brackets of any width and script."""
    digit = unicodedata.digit(character, None) if unicodedata.category(character) == "Nd" else None
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(character)
    for plain, kinds, further in _PLAIN_FORMS:
        if kind in kinds or character in further:
            return plain
    return character


_PLAIN_FORMS: tuple[tuple[str, frozenset[str], str], ...] = (
    ("-", frozenset({"Pd"}), "\N{MINUS SIGN}~\N{FULLWIDTH TILDE}\N{KATAKANA-HIRAGANA PROLONGED SOUND MARK}_"),
    (
        ".",
        frozenset(),
        "\N{FULLWIDTH FULL STOP}\N{IDEOGRAPHIC FULL STOP}\N{HORIZONTAL ELLIPSIS}\N{MIDDLE DOT}\N{BULLET}・",
    ),
    (" ", frozenset({"Zs", "Cf"}), ""),
    ("(", frozenset({"Ps"}), ""),
    (")", frozenset({"Pe"}), ""),
    ("+", frozenset(), "\N{FULLWIDTH PLUS SIGN}"),
    ("/", frozenset(), "\N{FULLWIDTH SOLIDUS}|\\"),
    (",", frozenset(), "\N{FULLWIDTH COMMA}\N{IDEOGRAPHIC COMMA}"),
    (":", frozenset(), "\N{FULLWIDTH COLON}\N{RATIO}"),
    (";", frozenset(), "\N{FULLWIDTH SEMICOLON}"),
    ("'", frozenset({"Pi", "Pf"}), "\N{FULLWIDTH APOSTROPHE}`"),
    ("*", frozenset(), "\N{FULLWIDTH ASTERISK}#\N{FULLWIDTH NUMBER SIGN}"),
    ("X", frozenset(), "\N{FULLWIDTH LATIN CAPITAL LETTER X}\N{FULLWIDTH LATIN SMALL LETTER X}"),
)
"""Plain form, Unicode categories, and further characters that stand for it in a number."""

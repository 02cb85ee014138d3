"""Where somebody lives, in the text of a remark: hidden wherever the text leaves the office."""

from __future__ import annotations

import re

_NUMBER = r"[0-9０-９零〇一二三四五六七八九十百]{1,5}"
_HOUSE = re.compile(
    rf"(?:(?:{_NUMBER})\s?(?:号楼|号院|号房|号门|栋|幢|单元|室|门牌)\s?)+(?:{_NUMBER}\s?(?:号|户|室)?)?"
)
"""House, entrance and flat. A bare 号 is left: roads, wells, plots and notices have numbers too."""
_NAMED = re.compile(
    r"(?P<word>家住|家在|住在|住址|居住地址?|家庭地址|联系地址|地址|门牌号?|(?:i |we )?live (?:at|in)|address)"
    r"(?P<home>[^,。;!?,;!?\n]{1,60})",
    re.IGNORECASE,
)
"""A word that names a home, and what follows up to the next stop."""
HIDDEN = "****"


def mask_homes(text: str) -> str:
    """Return a text with home addresses hidden; villages, roads and sites that are only talked about stay.

    Parameters
    ----------
    text
        What stands after a word such as 家住 is hidden up to the next stop, and so are numbers of houses and flats.
    """
    return _HOUSE.sub(HIDDEN, _NAMED.sub(lambda found: f"{found['word']}{HIDDEN}", text))

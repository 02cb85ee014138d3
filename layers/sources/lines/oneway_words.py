"""Which way a one-way road goes, in the words of the shapefiles that offices have.

``T`` is against the line in Geofabrik's and ArcGIS's files (from-to is ``F``), and true in others:
only the whole column tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

Way = Literal["forward", "backward", "both"]

_SURE: Mapping[str, Way] = {
    **dict.fromkeys(("forward", "along", "yes", "y", "true", "1", "1.0", "ft", "oneway", "one-way"), "forward"),
    **dict.fromkeys(("是", "单向", "单行", "单行线", "单行道", "单向通行", "正向", "正向单行", "正向通行"), "forward"),
    **dict.fromkeys(("顺向", "顺向通行"), "forward"),
    **dict.fromkeys(("backward", "against", "reverse", "-1", "-1.0", "tf"), "backward"),
    **dict.fromkeys(("逆向", "反向", "逆向单行", "反向单行", "逆向通行", "反向通行"), "backward"),
    **dict.fromkeys(("both", "no", "false", "0", "0.0", "b", "twoway", "two-way"), "both"),
    **dict.fromkeys(("否", "双向", "双行", "双行线", "双行道", "双向通行", "非单行", "非单向"), "both"),
    "": "both",
}
_LETTERS: Mapping[str, Way] = {"f": "forward", "t": "backward"}
_OF_LINES = ("b", "ft", "tf")
"""Words that only columns of directions hold: where one occurs, F and T are directions too."""


def oneway_words(words: Iterable[str]) -> tuple[dict[str, Way], set[str]]:
    """Read the words of a whole column.

    Parameters
    ----------
    words
        The distinct ones, plain (small letters, no blanks at the ends).

    Returns
    -------
    dict
        Direction of each word that is certain.
    set of str
        Words that may mean two things: T and F alone (true and false, or against and along);
        N among directions (not one-way, or closed both ways).
    """
    found = set(words)
    has_directions = not found.isdisjoint(_OF_LINES)
    known: dict[str, Way] = {word: _SURE[word] for word in found if word in _SURE}
    doubtful: set[str] = set()
    for word in found.intersection(_LETTERS):
        if has_directions:
            known[word] = _LETTERS[word]
        else:
            doubtful.add(word)
    if "n" in found:
        if has_directions:
            doubtful.add("n")
        else:
            known["n"] = "both"
    return known, doubtful

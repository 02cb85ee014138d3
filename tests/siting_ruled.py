"""Small siting problems with every kind of rule."""

from __future__ import annotations

from hypothesis import strategies as st

from planning.siting import SitingProblem

STATUS = st.sampled_from(["candidate"] * 6 + ["existing", "closable", "required", "excluded", "closed"])


@st.composite
def ruled_problems(draw, *, most=7):
    """Draw problems with ties, zero weights, pairs without a way and, often, rules."""
    n, m = draw(st.integers(1, most)), draw(st.integers(1, most))
    dearest = draw(st.sampled_from([2, 9, 1000]))
    seconds = st.one_of(st.integers(0, dearest), st.integers(0, dearest), st.just(-1))
    if draw(st.booleans()):
        seconds = st.integers(0, dearest)
    rows = draw(st.lists(st.lists(seconds, min_size=m, max_size=m), min_size=n, max_size=n))
    weights = draw(st.lists(st.sampled_from([0, 1, 1, 3]), min_size=n, max_size=n))
    rules = {}
    if draw(st.booleans()):
        rules["status"] = draw(st.lists(STATUS, min_size=m, max_size=m))
    if draw(st.booleans()):
        rules["townships"] = draw(st.lists(st.sampled_from("AB"), min_size=m, max_size=m))
        for name in sorted(set(rules["townships"])):
            low = draw(st.integers(0, 2))
            high = draw(st.one_of(st.none(), st.integers(low, 3)))
            rules.setdefault("township_limits", {})[name] = (low, high)
    if draw(st.booleans()):
        rules["positions"] = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1)), min_size=m, max_size=m))
        rules["separation_m"] = draw(st.sampled_from([0.5, 1.1, 1.5]))
    if draw(st.booleans()):
        rules["max_time_s"] = draw(st.integers(0, dearest))
    return SitingProblem.from_arrays(rows, weights, **rules)

"""Every model's best plan by trying everything, from counties that are plain dictionaries."""

import math
from fractions import Fraction
from itertools import combinations, product

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from planning.siting import MODELS, SitingProblem, verify

KAPPA = 0.05
ROOMY = (
    "p-median",
    "p-center",
    "lscp",
    "mclp",
    "capacitated",
    "hubs",
    "budget",
    "budget-coverage",
    "facility-location",
)


# A county is a plain dictionary here, and the oracle reads nothing else: no array of the problem, no rule of it.
@st.composite
def counties(draw, *, most=5, room=False, plain=False, weights=(0, 1, 1, 3, 700)):
    n, m = draw(st.integers(1, most)), draw(st.integers(1, most))
    second = st.one_of(st.integers(0, 9), st.integers(0, 3), st.none())
    county = {
        "rows": draw(st.lists(st.lists(second, min_size=m, max_size=m), min_size=n, max_size=n)),
        "weights": draw(st.lists(st.sampled_from(weights), min_size=n, max_size=n)),
        "floats": draw(st.booleans()),
        "kinds": ["candidate"] * m,
        "towns": ["a"] * m,
        "limits": {},
        "spots": [0] * m,
        "apart": 0,
        "longest": None,
        "homes": draw(st.lists(st.sampled_from("xy"), min_size=n, max_size=n)),
        "open": draw(st.lists(st.integers(0, 5), min_size=m, max_size=m)),
        "close": draw(st.lists(st.integers(0, 5), min_size=m, max_size=m)),
        "room": None,
    }
    if not plain:
        kinds = st.sampled_from(["candidate"] * 6 + ["existing", "closable", "required", "excluded", "closed"])
        county["kinds"] = draw(st.lists(kinds, min_size=m, max_size=m))
        if draw(st.booleans()):
            county["towns"] = draw(st.lists(st.sampled_from("ab"), min_size=m, max_size=m))
            low = draw(st.integers(0, 2))
            county["limits"] = {county["towns"][0]: (low, draw(st.sampled_from([None, low, low + 1])))}
        if draw(st.booleans()):
            county["spots"] = draw(st.lists(st.integers(0, 6), min_size=m, max_size=m))
            county["apart"] = draw(st.sampled_from([1, 2, 3]))
        county["longest"] = draw(st.sampled_from([None, None, 2, 5, 9]))
    if room and draw(st.booleans()):
        county["loads"] = [w and draw(st.integers(0, 3)) for w in county["weights"]]
        county["room"] = draw(st.lists(st.integers(0, 6), min_size=m, max_size=m))
        county["least"] = draw(st.lists(st.sampled_from([0, 0, 1, 2]), min_size=m, max_size=m))
        county["included"] = draw(st.lists(st.integers(0, 6), min_size=m, max_size=m))
        county["extension"] = draw(st.lists(st.sampled_from([0, 1, 3]), min_size=m, max_size=m))
    return county


def pose(county, **other):
    """Return the problem of a county, through the public door."""
    c = county | other
    n, m = len(c["rows"]), len(c["kinds"])
    unreachable = math.inf if c["floats"] else -1
    rows = np.array([[unreachable if t is None else t for t in row] for row in c["rows"]])
    names = {"capacities": "room", "loads": "loads", "minimum_loads": "least"}
    names |= {"included": "included", "extension_costs": "extension"} if "included" in c else {}
    scarce = {} if c["room"] is None else {keyword: c[name] for keyword, name in names.items()}
    return SitingProblem.from_arrays(
        rows.astype(float) if c["floats"] else rows.astype(int),
        c["weights"],
        demand_ids=[f"village {i}" for i in range(n)],
        candidate_ids=[f"site {j}" for j in range(m)],
        status=c["kinds"],
        townships=c["towns"],
        township_limits=c["limits"],
        positions=[(x, 0) for x in c["spots"]],
        separation_m=c["apart"],
        max_time_s=c["longest"],
        demand_townships=c["homes"],
        opening_costs=c["open"],
        closing_costs=c["close"],
        **scarce,
    )


def obeys(c, chosen):
    """Whether a set of sites obeys the rules."""
    for j, kind in enumerate(c["kinds"]):
        if (kind in {"existing", "required"} and j not in chosen) or (kind in {"excluded", "closed"} and j in chosen):
            return False
    for town, (low, high) in c["limits"].items():
        count = sum(c["towns"][j] == town for j in chosen)
        if count < low or (high is not None and count > high):
            return False
    return not any(
        abs(c["spots"][a] - c["spots"][b]) < c["apart"] and not c["kinds"][a] == c["kinds"][b] == "existing"
        for a, b in combinations(chosen, 2)
    )


def yuan(c, chosen):
    stand = [j for j, kind in enumerate(c["kinds"]) if kind in {"existing", "closable", "closed"}]
    return sum(c["open"][j] for j in chosen if j not in stand) + sum(c["close"][j] for j in stand if j not in chosen)


def extension_yuan(c, chosen, sent):
    beyond = {j: sum(c["loads"][i] for i, to in sent.items() if to == j) - c["included"][j] for j in chosen}
    return sum(c["extension"][j] * max(0, load) for j, load in beyond.items())


def sendings(c, chosen, who, limit, *, everyone=True):
    """Yield every way to send each of `who` to one chosen site within the limit and what the sites can take."""
    ways = [[j for j in chosen if c["rows"][i][j] is not None and c["rows"][i][j] <= limit] for i in who]
    for goes in product(*(way if everyone else [*way, None] for way in ways)):
        sent = dict(zip(who, goes, strict=True))
        if c["room"] is not None:
            load = {j: sum(c["loads"][i] for i in who if sent[i] == j) for j in chosen}
            if any(not c["least"][j] <= load[j] <= c["room"][j] for j in chosen):
                continue
        yield sent


def split_worth(c, chosen, who, limit):
    """Return the least load-seconds where loads may be divided, by a transport problem."""
    loads = [c["weights"][i] if c["room"] is None else c["loads"][i] for i in range(len(c["rows"]))]
    pairs = [(i, j) for i in who for j in chosen if c["rows"][i][j] is not None and c["rows"][i][j] <= limit]
    if {i for i, _ in pairs} != set(who):
        return None
    if not pairs:
        return 0 if c["room"] is None or not any(c["least"][j] for j in chosen) else None
    all_load = sum(loads)
    room = {j: (all_load if c["room"] is None else c["room"][j]) for j in chosen}
    least = {j: (0 if c["room"] is None else c["least"][j]) for j in chosen}
    held = [[float(site == j) for _, site in pairs] for j in chosen]
    found = linprog(
        [c["rows"][i][j] for i, j in pairs],
        A_ub=held + [[-x for x in row] for row in held],
        b_ub=[*(room[j] for j in chosen), *(-least[j] for j in chosen)],
        A_eq=[[float(row == i) for row, _ in pairs] for i in who],
        b_eq=[loads[i] for i in who],
    )
    return round(found.fun) if found.status == 0 else None


def travel_yuan(o, people, seconds):
    return math.floor(Fraction(people * seconds * o["hour_yuan"] * o["trips"], 3600) + Fraction(1, 2))


def hub_area(people):
    """Floor area of the default table, from the README: no ages known."""
    p, child = Fraction(people), Fraction(12, 100) * people
    rooms = 120 + p * 10 / 1000 + max(p * 75 / 1000, 150) + 100 + Fraction(12, 10) * Fraction(15, 100) * child + 80
    return max(Fraction(500), rooms * Fraction(12, 10))


def worth(c, name, o, chosen):
    """Return what a set of sites is worth at best to a model, None where it is no plan."""
    if not chosen or not obeys(c, chosen) or len(chosen) != o.get("p", len(chosen)):
        return None
    if "budget_yuan" in o and yuan(c, chosen) > o["budget_yuan"]:
        return None
    rows, people, longest = c["rows"], c["weights"], math.inf if c["longest"] is None else c["longest"]
    limit = o.get("limit_s", math.inf)
    who = [i for i, w in enumerate(people) if w]
    if name == "capacitated" and o.get("split"):
        return split_worth(c, chosen, who, longest)
    roomy = c["room"] is not None and name in ROOMY
    near = [min((row[j] for j in chosen if row[j] is not None), default=math.inf) for row in rows]
    served = {"lscp": range(len(rows))}.get(name, who)
    reach = min(limit, longest) if name in {"lscp", "hubs"} else longest
    everyone = name not in {"mclp", "budget-coverage"} or c["longest"] is not None
    everyone = everyone and (name != "backup" or c["longest"] is not None)
    if everyone and any(near[i] > reach or near[i] == math.inf for i in served):
        return None
    if name == "hubs":
        sent = sendings(c, chosen, who, reach)
        areas = [sum(hub_area(sum(people[i] for i in who if s[i] == j)) for j in chosen) for s in sent]
        return math.ceil(min(areas)) if areas else None
    left = o.get("budget_yuan", math.inf) - yuan(c, chosen)
    if roomy and name in {"mclp", "budget-coverage"}:
        within = reach if c["longest"] is not None else limit
        ways = sendings(c, chosen, who, within, everyone=everyone)
        ways = (s for s in ways if name == "mclp" or extension_yuan(c, chosen, s) <= left)
        return max(
            (sum(people[i] for i in who if s[i] is not None and rows[i][s[i]] <= limit) for s in ways), default=None
        )
    if roomy:
        ways = list(sendings(c, chosen, list(served), reach))
        ways = [s for s in ways if name != "budget" or extension_yuan(c, chosen, s) <= left]
        paid = {
            "lscp": lambda _s: len(chosen),
            "p-center": lambda s: max((rows[i][s[i]] for i in who), default=0),
            "facility-location": lambda s: (
                sum(travel_yuan(o, people[i], rows[i][s[i]]) for i in who)
                + yuan(c, chosen)
                + extension_yuan(c, chosen, s)
            ),
        }.get(name, lambda s: sum(people[i] * rows[i][s[i]] for i in who))
        return min(map(paid, ways), default=None)
    if name in {"mclp", "budget-coverage"}:
        return sum(people[i] for i in who if near[i] <= limit and near[i] < math.inf)
    if name == "backup":
        counts = [sum(rows[i][j] is not None and rows[i][j] <= limit for j in chosen) for i in range(len(rows))]
        if o.get("require_first", True) and any(counts[i] == 0 for i in who):
            return None
        return sum(people[i] for i in who if counts[i] > 1)
    if name == "facility-location":
        return sum(travel_yuan(o, people[i], near[i]) for i in who) + yuan(c, chosen)
    if name == "lscp":
        return len(chosen)
    if name == "p-center":
        return max((near[i] for i in who), default=0)
    if name == "kolm-pollak":
        return sum(people[i] * math.exp(KAPPA * near[i]) for i in who)
    if name == "worst-township":
        means = [
            Fraction(1000 * sum(people[i] * near[i] for i in who if c["homes"][i] == town), there)
            for town in "xy"
            if (there := sum(people[i] for i in who if c["homes"][i] == town))
        ]
        return math.ceil(max(means, default=0))
    return sum(people[i] * near[i] for i in who)


def best(c, name, o):
    """Return the best worth of any plan, None where there is no plan."""
    m = len(c["kinds"])
    sets = [chosen for k in range(m + 1) for chosen in combinations(range(m), k)]
    if name == "two-tiers":
        upper, lower = o["upper"], {"p": o["p"]}
        found = [
            a + o.get("upper_weight", 1) * b
            for rooms in sets
            if (a := worth(c, "p-median", lower, rooms)) is not None
            for centres in combinations(rooms, o["upper_p"])
            if (b := worth(upper, "p-median", {}, centres)) is not None
        ]
    else:
        found = [value for chosen in sets if (value := worth(c, name, o, chosen)) is not None]
    return None if not found else max(found) if MODELS[name].sense == "max" else min(found)


@st.composite
def questions(draw, name, **how):
    """Draw a county and what a model is asked about it."""
    if name == "hubs":
        how = {"weights": (0, 1, 700, 2500, 9000)} | how
    county = draw(counties(room=how.pop("room", name in ROOMY), **({"most": 4} if name in ROOMY else {}) | how))
    m = len(county["kinds"])
    asked = {}
    for need in MODELS[name].needs:
        if need == "p":
            asked["p"] = draw(st.integers(1, m))
        elif need == "limit_s":
            asked["limit_s"] = draw(st.integers(0, 9))
        elif need == "budget_yuan":
            asked["budget_yuan"] = draw(st.integers(0, 12))
    if name == "two-tiers":
        upper_kinds = st.sampled_from(["candidate"] * 6 + ["excluded", "required", "closed"])
        asked["upper_p"] = draw(st.integers(1, asked["p"]))
        asked["upper_weight"] = draw(st.integers(1, 3))
        asked["upper"] = county | {
            "weights": draw(
                st.lists(st.sampled_from([0, 1, 5]), min_size=len(county["rows"]), max_size=len(county["rows"]))
            ),
            "kinds": draw(st.lists(upper_kinds, min_size=m, max_size=m)),
            "longest": draw(st.sampled_from([None, 5])),
        }
    if name == "kolm-pollak":
        asked["kappa"] = KAPPA
    if name == "facility-location":
        asked["hour_yuan"] = draw(st.sampled_from([1, 450, 1800, 3600]))
        asked["trips"] = draw(st.sampled_from([1, 2]))
    if name == "capacitated":
        asked["split"] = draw(st.booleans())
    return county, asked


def ask(county, name, asked, **limits):
    """Return the problem, the solution and what the checker says."""
    problem = pose(county)
    posed = asked | ({"upper": pose(asked["upper"])} if "upper" in asked else {})
    solution = MODELS[name].solve(problem, **posed, **limits)
    return problem, solution, verify(problem, solution, **({"upper": posed["upper"]} if "upper" in posed else {}))

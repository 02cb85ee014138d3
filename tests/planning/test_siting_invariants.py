"""Every model against an oracle of its own that tries everything, and what must hold whatever the county."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from siting_truth import KAPPA, ask, best, questions, worth

from planning.siting import MODELS, equivalent_s

BARRED = {"excluded", "closed"}


@pytest.mark.parametrize("name", MODELS)
def test_the_answer_is_the_best_of_everything_there_is(name):
    @settings(max_examples=40)
    @given(questions(name))
    def check(question):
        county, asked = question
        truth = best(county, name, asked)
        problem, solution, faults = ask(county, name, asked)
        assert faults == []
        assert solution.status == ("infeasible" if truth is None else "optimal")
        if truth is None:
            assert true_reasons(county, name, asked, solution)
        elif name == "kolm-pollak":
            reached = worth(county, name, asked, tuple(solution.opened.tolist()))
            assert reached <= truth * (1 + 1e-9)
            people = sum(county["weights"])
            seconds, error = equivalent_s(solution, problem)
            assert seconds == pytest.approx(math.log(truth / people) / KAPPA if people else 0, abs=error + 1e-6)
        else:
            assert solution.objective == solution.bound == truth
            if name != "two-tiers":
                assert worth(county, name, asked, tuple(solution.opened.tolist())) == truth

    check()


def true_reasons(c, name, o, solution):
    """Whether ids and figures of the reasons that counting can confirm are true."""
    rows, usable = c["rows"], [j for j, kind in enumerate(c["kinds"]) if kind not in BARRED]
    longest = math.inf if c["longest"] is None else c["longest"]
    limits = {"uncovered-demand": min(longest, o.get("limit_s", longest)), "unreachable-demand": longest}
    for code, told in solution.reasons:
        if code in limits:
            people, far = c["weights"], limits[code]
            if told.get("tier") == "upper":
                people, far = o["upper"]["weights"], o["upper"]["longest"] or math.inf
                usable = [j for j in usable if o["upper"]["kinds"][j] not in BARRED]
            cut = [
                f"village {i}"
                for i, row in enumerate(rows)
                if (people[i] or name == "lscp" or (c["room"] is not None and c["loads"][i]))
                and all(row[j] is None or row[j] > far for j in usable)
            ]
            assert (list(told["ids"]), told["count"]) == (cut, len(cut))
        if code in {"too-few-sites", "sites-too-few"}:
            sizes = [k for k in range(1, len(c["kinds"]) + 1) if best(c, name, o | {"p": k}) is not None]
            assert o["p"] < told["needed"] <= min((k for k in sizes if k > o["p"]), default=math.inf)
        if code == "budget-short" and "budget" not in told and told["short"] > 1:
            assert best(c, name, o | {"budget_yuan": o["budget_yuan"] + told["short"] - 1}) is None
        if code in {"township-short", "township-over"}:
            low, high = c["limits"][told["township"]]
            inside = [kind for kind, town in zip(c["kinds"], c["towns"], strict=True) if town == told["township"]]
            kept = sum(kind in {"existing", "required"} for kind in inside)
            there = sum(kind not in BARRED for kind in inside)
            figures = {"least": low, "candidates": there} if code == "township-short" else {"most": high, "kept": kept}
            assert figures.items() <= told.items()
    return bool(solution.reasons)


def objective(county, name, asked):
    """Return what a model answers, signed so that less is better; infinite where there is no plan."""
    _, solution, faults = ask(county, name, asked)
    assert faults == []
    sign = -1 if MODELS[name].sense == "max" else 1
    return math.inf if solution.objective is None else sign * solution.objective


@pytest.mark.parametrize("name", [name for name in MODELS if "p" in MODELS[name].needs and name != "kolm-pollak"])
def test_one_site_more_is_never_worse(name):
    @settings(max_examples=10)
    @given(questions(name, plain=True, room=False))
    def check(question):
        county, asked = question
        assume(asked["p"] < len(county["kinds"]))
        assert objective(county, name, asked | {"p": asked["p"] + 1}) <= objective(county, name, asked)

    check()


@pytest.mark.parametrize("name", [name for name in MODELS if "limit_s" in MODELS[name].needs])
def test_a_wider_limit_never_covers_less(name):
    @settings(max_examples=10)
    @given(questions(name))
    def check(question):
        county, asked = question
        assume(name != "mclp" or county["room"] is None or not any(county["least"]))
        assert objective(county, name, asked | {"limit_s": asked["limit_s"] + 1}) <= objective(county, name, asked)

    check()


@pytest.mark.parametrize("name", [name for name in MODELS if name not in {"kolm-pollak", "two-tiers"}])
def test_an_added_candidate_never_hurts(name):
    @settings(max_examples=10)
    @given(questions(name), st.data())
    def check(question, data):
        county, asked = question
        seconds = data.draw(st.lists(st.integers(0, 9), min_size=len(county["rows"]), max_size=len(county["rows"])))
        more = county | {"rows": [[*row, t] for row, t in zip(county["rows"], seconds, strict=True)]}
        more |= {"kinds": [*county["kinds"], "candidate"], "towns": [*county["towns"], "c"]}
        more |= {"spots": [*county["spots"], 99], "open": [*county["open"], 1], "close": [*county["close"], 0]}
        if county["room"] is not None:
            more |= {"room": [*county["room"], 5], "least": [*county["least"], 0]}
            more |= {"included": [*county["included"], 2], "extension": [*county["extension"], 1]}
        assert objective(more, name, asked) <= objective(county, name, asked)

    check()


@pytest.mark.parametrize("name", [name for name in MODELS if name != "two-tiers"])
def test_other_names_and_another_order_change_nothing(name):
    @settings(max_examples=10)
    @given(questions(name), st.randoms(use_true_random=False))
    def check(question, order):
        county, asked = question
        who, where = list(range(len(county["rows"]))), list(range(len(county["kinds"])))
        order.shuffle(who)
        order.shuffle(where)
        turned = {key: [county[key][j] for j in where] for key in ("kinds", "towns", "spots", "open", "close")}
        turned |= {key: [county[key][i] for i in who] for key in ("weights", "homes")}
        turned["rows"] = [[county["rows"][i][j] for j in where] for i in who]
        if county["room"] is not None:
            turned |= {key: [county[key][j] for j in where] for key in ("room", "least", "included", "extension")}
            turned["loads"] = [county["loads"][i] for i in who]
        assert objective(county | turned, name, asked) == objective(county, name, asked)

    check()


@pytest.mark.parametrize(
    "name", [name for name in MODELS if name not in {"kolm-pollak", "hubs", "two-tiers", "facility-location"}]
)
def test_ten_times_the_people_scale_what_counts_people(name):
    @settings(max_examples=10)
    @given(questions(name, room=False))
    def check(question):
        county, asked = question
        many = county | {"weights": [10 * w for w in county["weights"]]}
        times = 10 if MODELS[name].objective_unit in {"people", "person-seconds"} else 1
        assert objective(many, name, asked) == times * objective(county, name, asked)

    check()

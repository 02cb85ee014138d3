"""Measures beside each other: the best is marked, and only where figures say the same of each scheme."""

from planning.comparison.figures import differences, rows_of

TODAY = {"people_total": 9, "people_within_limit": 5, "mean_s": 300.5, "gini": None, "spent_yuan": 0}
OTHER = {"people_total": 9, "people_within_limit": 7, "mean_s": 200.25, "gini": 0.25, "spent_yuan": 10}


def by_code(measured, **shared):
    return {row.definition.code: row for row in rows_of(measured, **shared)}


def test_the_best_is_marked_more_or_less_as_it_is_better():
    rows = by_code({"0": TODAY, "A": OTHER})
    best = {code: row.best for code, row in rows.items()}
    assert best == {
        "people_total": (),
        "people_within_limit": ("A",),
        "mean_s": ("A",),
        "gini": (),
        "spent_yuan": ("0",),
    }
    assert list(rows["gini"].values) == ["A"]


def test_several_may_be_the_best_and_of_equals_none_is():
    rows = by_code({"0": TODAY, "A": OTHER, "B": OTHER})
    assert rows["mean_s"].best == ("A", "B")
    assert rows["people_total"].best == ()


def test_today_costs_nothing_which_is_not_the_best_price():
    dear = OTHER | {"spent_yuan": 30}
    best = {code: row.best for code, row in by_code({"0": TODAY, "A": OTHER, "B": dear}, today="0").items()}
    assert (best["spent_yuan"], best["people_within_limit"]) == (("A",), ("A", "B"))
    assert by_code({"0": TODAY, "A": OTHER}, today="0")["spent_yuan"].best == ()


def test_what_rests_on_different_limits_is_not_compared():
    rows = by_code({"0": TODAY, "A": OTHER}, same_limit=False)
    assert rows["people_within_limit"].best == ()
    assert not rows["people_within_limit"].is_comparable
    assert rows["mean_s"].best == ("A",)
    assert "people_within_limit" not in differences(list(rows.values()), "0", "A")


def test_figures_of_another_kappa_or_another_offer_are_not_compared():
    one = {"equivalent": {"seconds": 9.5, "kappa_e12": 7}, "accessibility": {"offer": "sites", "median_per_1000": 1.0}}
    two = {"equivalent": {"seconds": 8.5, "kappa_e12": 7}, "accessibility": {"offer": "capacity", "median_per_1000": 9}}
    rows = by_code({"A": one, "B": two})
    assert rows["equivalent"].best == ("B",)
    assert not rows["accessibility"].is_comparable
    assert differences(list(rows.values()), "A", "B") == {"equivalent": -1.0}
    two["equivalent"]["kappa_e12"] = 8
    assert by_code({"A": one, "B": two})["equivalent"].best == ()


def test_who_is_served_is_not_compared_where_only_some_schemes_count_what_sites_take():
    rows = by_code(
        {"0": {"served_people": 3, "mean_s": 9}, "A": {"served_people": 5, "mean_s": 8}}, same_capacities=False
    )
    assert {code: (row.is_comparable, row.best) for code, row in rows.items()} == {
        "served_people": (False, ()),
        "mean_s": (True, ("A",)),
    }


def test_differences_are_later_less_earlier_of_what_both_have():
    rows = rows_of({"0": TODAY, "A": OTHER})
    assert differences(rows, "0", "A") == {
        "people_total": 0,
        "people_within_limit": 2,
        "mean_s": -100.25,
        "spent_yuan": 10,
    }


def test_the_leading_figure_stands_for_a_measure_of_several_and_lists_have_none():
    rows = by_code(
        {
            "A": {
                "worst_township": {"township": "东", "mean_s": 700.0},
                "by_township": [{"township": "东"}],
                "loads": {"load": 3},
            }
        }
    )
    assert {code: row.values for code, row in rows.items()} == {"worst_township": {"A": 700.0}}

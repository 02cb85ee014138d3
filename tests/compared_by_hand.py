"""Schemes compared a second time: from plan files alone, and out of a workbook; nothing here knows how we compare."""

from io import BytesIO

import openpyxl
import pandas as pd

from planning.siting.proof.claim import read_claim

FAR = 2**28
"""Seconds that no way takes: eight years."""


def rows_of(plan_file, key):
    """One row a place: people and seconds to the nearest site of a plan file, from its matrix."""
    problem, solution = read_claim(plan_file["claim"])
    seconds = problem.values[:, solution.opened].min(axis=1)  # noqa: PD011 - not a frame
    frame = pd.DataFrame({"people": problem.weights, key: seconds}, index=problem.demand_ids.astype(str))
    frame.loc[frame[key] > FAR, key] = pd.NA
    return frame


def compared_by_hand(plan_files):
    """Differences of every pair, and means, from plan files by key."""
    frames = {key: rows_of(file, key) for key, file in plan_files.items()}
    keys = list(frames)
    whole = pd.concat([frames[keys[0]]["people"], *(frames[key][key] for key in keys)], axis=1)
    means = {key: float((whole.people * whole[key]).sum() / whole.people[whole[key].notna()].sum()) for key in keys}
    pairs = [(one, other) for k, one in enumerate(keys) for other in keys[k + 1 :]]
    return {"means": means, "pairs": {pair: _pair(whole, *pair) for pair in pairs}}


def _pair(whole, before, after):
    was, now, people = whole[before], whole[after], whole.people
    both = was.notna() & now.notna()
    lost = (people > 0) & was.notna() & (now.isna() | (now - was > 300))

    def total(where):
        return int(people[where].sum())

    return {
        "same": total(both & (was == now)),
        "gain": total(both & (now < was)),
        "lose": total(both & (now > was)),
        "newly_served": total(was.isna() & now.notna()),
        "no_longer_served": total(was.notna() & now.isna()),
        "unserved": total(was.isna() & now.isna()),
        "net": int((people * (was - now))[both].sum()),
        "losers": people[lost].astype(int).to_dict(),
    }


def told_by_json(told):
    """The same figures out of what API or command line tell."""
    means = next(row["values"] for row in told["measures"] if row["code"] == "mean_s")
    pairs = {
        (pair["from"], pair["to"]): {
            **pair["people"],
            "net": pair["person_seconds"]["net"],
            "losers": {one["id"]: one["people"] for one in pair["losers"]},
        }
        for pair in told["differences"]
    }
    return {"means": means, "pairs": pairs}


def told_by_workbook(content):
    """The same figures out of a workbook, by the places of its sheets and columns."""
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    measures, differences, losers = (
        [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets[:3]
    )
    keys = [str(name).partition(" ")[0] for name in measures[0][2:-2]]
    mean = next(row for row in measures if row[0] in ("人均用时", "Mean time"))
    names = ("same", "gain", "lose", "newly_served", "no_longer_served", "unserved")
    pairs = {}
    for row in differences[1:]:
        people = dict(zip(names, row[2:8], strict=True))
        assert row[8] == sum(people.values()), "the formula's value stands in the cell"
        pairs[_keys(row)] = {**people, "net": row[11], "losers": {}}
    for row in losers[1:]:
        if row[2] in ("合计", "Total"):
            assert row[5] == sum(pairs[_keys(row)]["losers"].values()), "the total of a pair is of its places"
        else:
            pairs[_keys(row)]["losers"][row[2]] = row[5]
    return {"means": dict(zip(keys, (60 * one for one in mean[2:-2]), strict=True)), "pairs": pairs}


def _keys(row):
    return tuple(str(name).partition(" ")[0] for name in row[:2])

"""A plan file is checked from its own matrix up: proven, on a solver's word, or false, and never a trace."""

import base64
import copy
import json
import zlib

import numpy as np
import pytest
from typer.testing import CliRunner

from api.actions import check_plan
from api.actions.plan_file import seal
from api.cli.commands import app


@pytest.fixture
def run(toy_data, monkeypatch):
    monkeypatch.setenv("COUNTYGRID_DATA", str(toy_data))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A machine that stores no county at all."""

    def verify(path, *words):
        monkeypatch.setenv("COUNTYGRID_DATA", str(tmp_path / "nothing"))
        return CliRunner().invoke(app, ["verify", str(path), *words])

    return verify


@pytest.fixture(scope="module")
def made(toy_data, tmp_path_factory):
    """A proven plan with every kind of condition."""
    path = tmp_path_factory.mktemp("plans") / "plan.json"
    words = ["--service", "elder-centre", "--p", "3", "--must", "李家", "--never", "00001", "--every-township", "1"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTYGRID_DATA", str(toy_data))
        result = CliRunner().invoke(app, ["plan", *words, "--separation", "0.5", "--out", str(path)])
    assert result.exit_code == 0, result.output
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def written(tmp_path):
    def write(plan):
        path = tmp_path / "changed.json"
        path.write_text(json.dumps(plan, ensure_ascii=False), encoding="utf-8")
        return path

    return write


def resealed(plan):
    plan["claim"]["seal"] = seal(plan)
    return plan


def test_a_proven_plan_is_confirmed_here_and_elsewhere(run, elsewhere, made, written):
    here = run("verify", written(made))
    assert here.exit_code == 0, here.output
    assert "成立:经独立核验" in here.stdout
    assert "与本机所存的县" in here.stdout
    there = elsewhere(written(made))
    assert there.exit_code == 0
    assert "只核对了文件本身" in there.stdout


def test_the_verdict_as_json(run, made, written):
    told = json.loads(run("verify", written(made), "--json").stdout)
    assert (told["verdict"], told["exit_code"], told["with_county"], told["faults"]) == ("proven", 0, True, [])
    assert told["objective"] == made["objective"]


def test_the_file_is_small_and_carries_matrix_rules_and_certificate(made):
    problem = made["claim"]["problem"]
    values = np.frombuffer(zlib.decompress(base64.b64decode(problem["values"]["data"])), "<i4").reshape(7, 8)
    weights = np.array(problem["weights"])
    columns = [problem["candidate_ids"].index(id_) for id_ in made["opened"]]
    assert int(values[:, columns].min(axis=1) @ weights) == made["objective"] == made["bound"]
    assert made["claim"]["certificate"]["kind"] == "Certificate"
    assert problem["rules"]["townships"] == ["河东乡", "河西镇"]


def a_change(value):
    """Return another value of the same form."""
    if isinstance(value, bool) or value is None:
        return "else" if value is None else not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, dict):
        return {**value, "more": 1}
    return value[:-1] if value else ["more"]


@pytest.mark.parametrize("county", [True, False])
def test_a_change_of_any_part_of_the_plan_is_refused(run, elsewhere, made, written, county):
    verify = (lambda path: run("verify", path)) if county else elsewhere
    for name in made.keys() - {"claim"}:
        changed = verify(written({**made, name: a_change(made[name])}))
        assert changed.exit_code == 1, name
        assert "Traceback" not in changed.output


def test_a_part_that_is_missing_is_refused(elsewhere, made, written):
    for name in made:
        missing = elsewhere(written({key: value for key, value in made.items() if key != name}))
        assert missing.exit_code == (2 if name == "claim" else 1), name
        assert "Traceback" not in missing.output


def test_a_new_seal_does_not_help_a_false_figure(elsewhere, made, written):
    recomputed = (
        "status", "sense", "objective", "bound", "objective_unit", "gap", "proof", "solver", "reasons", "opened",
        "allocation", "measures", "facilities", "model", "p",
    )  # fmt: skip
    for name in recomputed:
        changed = elsewhere(written(resealed({**copy.deepcopy(made), name: a_change(made[name])})))
        assert changed.exit_code == 1, name
        assert f"{name}" in changed.output


def test_a_new_seal_does_not_help_a_false_word_where_the_county_is(run, made, written):
    for name in ("service", "mode", "base", "weights_basis", "notes", "spokes", "candidates", "conditions"):
        changed = run("verify", written(resealed({**copy.deepcopy(made), name: a_change(made[name])})))
        assert changed.exit_code == 1, name


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("solution", "objective"), 1),
        (("solution", "bound"), 1),
        (("solution", "opened"), [0, 1, 2]),
        (("solution", "proof"), "solver"),
        (("problem", "weights"), [1, 1, 1, 1, 1, 1, 1]),
        (("problem", "max_time_s"), 1),
        (("certificate", "fields", "bound"), 10**9),
        (("certificate", "fields", "scale"), 0),
        (("certificate", "fields", "multipliers"), {"dtype": "int64", "shape": [0, 7], "data": "eJwDAAAAAAE="}),
    ],
)
def test_a_changed_claim_is_false_or_uncheckable(elsewhere, made, written, where, value):
    plan = copy.deepcopy(made)
    part = plan["claim"]
    for name in where[:-1]:
        part = part[name]
    part[where[-1]] = value
    told = elsewhere(written(plan))
    assert told.exit_code == 1
    assert "不成立" in told.stdout
    assert "Traceback" not in told.output


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [1.5], {"dtype": "int64", "shape": [10**9], "data": ""}])
def test_every_malformed_field_is_told_by_its_name(elsewhere, made, written, value):
    def places(part, path=()):
        for name, one in part.items():
            yield (*path, name)
            if isinstance(one, dict) and "dtype" not in one and name not in ("options", "params"):
                yield from places(one, (*path, name))

    for where in places(made["claim"]):
        plan = copy.deepcopy(made)
        part = plan["claim"]
        for name in where[:-1]:
            part = part[name]
        if part[where[-1]] == value:
            continue
        part[where[-1]] = value
        told = elsewhere(written(resealed(plan)) if where != ("seal",) else written(plan), "--json")
        harmless = where[-1] in ("capacity", "separation_m", "max_time_s") and not told.exit_code
        assert harmless or told.exit_code == 1, where
        assert harmless or json.loads(told.stdout)["faults"][0]["expected"], where


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"claim": 3}', b"[" * 100_000])
def test_what_is_no_plan_file_is_not_called_false(elsewhere, tmp_path, content):
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    told = elsewhere(path)
    assert told.exit_code == 2
    assert "没有核验" in told.stdout
    assert "不成立" not in told.stdout
    assert "plan.json" in told.stdout


def test_a_plan_file_whose_claim_is_broken_is_false(elsewhere, tmp_path):
    path = tmp_path / "plan.json"
    path.write_bytes(b'{"claim": {}}')
    told = elsewhere(path)
    assert told.exit_code == 1
    assert "不成立" in told.stdout


def test_a_missing_file_is_told(elsewhere, tmp_path):
    told = elsewhere(tmp_path / "none.json")
    assert told.exit_code == 2
    assert elsewhere(tmp_path).exit_code == 2, "a folder is no file"
    assert "none.json" in told.output
    assert told.exception is None or isinstance(told.exception, SystemExit)


def test_a_solver_s_word_is_consistent_and_no_more(elsewhere, made, written):
    plan = copy.deepcopy(made)
    word = {"proof": "solver", "solver": "HiGHS 1.15.1, feasibility 1e-09"}
    plan["claim"]["solution"].update(word)
    told = elsewhere(written(resealed({**plan, **word})))
    assert told.exit_code == 3, told.output
    assert "HiGHS 1.15.1" in told.stdout


def test_a_plan_that_does_not_claim_to_be_best_is_consistent(elsewhere, made, written):
    plan = copy.deepcopy(made)
    weaker = {"status": "feasible", "proof": None, "bound": made["bound"] - 10}
    plan["claim"]["solution"].update(weaker)
    gap = 10 / made["objective"]
    told = elsewhere(written(resealed({**plan, **weaker, "gap": gap})))
    assert told.exit_code == 3, told.output
    assert "未称最优" in told.stdout
    assert "人均最多再省" in told.stdout


def test_that_all_plans_were_compared_is_a_word_and_no_proof(elsewhere, made, written):
    plan = copy.deepcopy(made)
    plan["claim"]["solution"]["proof"] = "enumerated"
    told = elsewhere(written(resealed({**plan, "proof": "enumerated"})))
    assert told.exit_code == 3


def test_another_problem_than_the_county_s_is_refused_where_the_county_is(run, elsewhere, made, written, toy_data):
    plan = copy.deepcopy(made)
    # closing what does not stand costs nothing: the proof and the figures still hold
    plan["claim"]["problem"]["closing_costs"] = [1] * 7 + plan["claim"]["problem"]["closing_costs"][7:]
    told = run("verify", written(plan))
    assert told.exit_code == 1
    assert "claim.problem.closing_costs" in told.stdout
    assert elsewhere(written(plan)).exit_code == 0


def test_every_verdict_has_its_exit_code():
    assert check_plan.EXIT_CODES == {"proven": 0, "consistent": 3, "false": 1, "unreadable": 2}

"""HiGHS in its own process gives the same answers, is stopped at once, and leaves nothing behind."""

from __future__ import annotations

import inspect
import subprocess
import time

import numpy as np
import pytest
from scipy.sparse import csr_array

from planning.siting.engine import solver
from planning.siting.engine.linear import search
from planning.siting.engine.linear.question import LinearQuestion
from planning.siting.engine.solver import Program, solve
from planning.siting.engine.solver_apart import run_apart
from planning.siting.limits import Limits


def covering(rows: int, columns: int, *, seed: int = 0) -> Program:
    """Return the question for the fewest columns that cover every row."""
    rng = np.random.default_rng(seed)
    hits = rng.random((rows, columns)) < 0.2
    hits[np.arange(rows), rng.integers(0, columns, rows)] = True
    return Program(
        cost=np.ones(columns),
        rows=csr_array(hits.astype(float)),
        least=np.ones(rows),
        most=np.full(rows, np.inf),
        whole=np.ones(columns, bool),
        lowest=np.zeros(columns),
    )


def test_a_large_program_has_the_answer_of_a_small_one(monkeypatch):
    program, told = covering(40, 30), []
    here = solve(program, limits=Limits())
    monkeypatch.setattr(solver, "LARGE", 0)
    apart = solve(program, limits=Limits(), tell=lambda cost, bound: told.append((cost, bound)))
    assert (apart.proven, apart.bound) == (here.proven, here.bound)
    assert apart.values.tolist() == here.values.tolist()
    assert told[-1] == (here.values.sum(), here.bound)


def test_a_relaxation_solved_apart_has_its_multipliers(monkeypatch):
    program = covering(20, 15)
    program.whole[:] = False
    here = solve(program, limits=Limits())
    monkeypatch.setattr(solver, "LARGE", 0)
    apart = solve(program, limits=Limits())
    assert apart.bound == here.bound
    assert apart.duals.tolist() == here.duals.tolist()


def test_a_program_that_has_no_answer_says_so_from_apart(monkeypatch):
    monkeypatch.setattr(solver, "LARGE", 0)
    program = covering(5, 4)
    program.least[0] = 5
    apart = solve(program, limits=Limits())
    assert (apart.proven, apart.values) == (True, None)


def sleep(send) -> None:
    """Say one thing and then nothing for a long time."""
    send("begun")
    time.sleep(600)


def fail(_send) -> None:
    """End without a word."""
    message = "broken"
    raise ValueError(message)


def test_work_apart_is_ended_while_it_is_silent(monkeypatch):
    started, heard = [], []
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **kinds: started.append(popen(*args, **kinds)) or started[0])
    assert run_apart(sleep, Limits(stop=lambda: bool(heard)), heard.append) is False
    assert heard == ["begun"]
    assert started[0].returncode is not None


def test_work_that_fails_apart_is_told(capfd):
    with pytest.raises(RuntimeError, match="ended before its work"):
        run_apart(fail, Limits(), print)
    assert "broken" in capfd.readouterr().err


def test_no_process_begins_once_the_work_is_cancelled(monkeypatch):
    begun = []
    monkeypatch.setattr(subprocess, "Popen", lambda *_args, **_named: begun.append(1))
    assert run_apart(print, Limits(stop=lambda: True), print) is False
    assert begun == []


@pytest.mark.parametrize("gap", [0.0, 0.25, 0.99])
def test_highs_is_asked_for_the_gap_that_counts_as_proven_and_no_relative_one(gap):
    model = solver._load(covering(4, 6), 5.0, gap)
    asked = {
        name: model.getOptionValue(name)[1] for name in ("mip_abs_gap", "mip_rel_gap", "mip_feasibility_tolerance")
    }
    assert asked == {"mip_abs_gap": gap, "mip_rel_gap": 0.0, "mip_feasibility_tolerance": solver.FEASIBILITY}


def test_a_whole_objective_is_never_proven_one_off(monkeypatch):
    assert inspect.signature(solve).parameters["gap"].default < 1
    gaps = []

    def hear(program, *, limits, gap, tell):
        gaps.append((float(np.abs(program.cost).sum()), gap))
        return solve(program, limits=limits, gap=gap, tell=tell)

    monkeypatch.setattr(search, "solve", hear)
    for dearest in (1, 10**5, 10**8):
        rows = csr_array(np.ones((1, 3), np.int64))
        zeros, ones = np.zeros(3, np.int64), np.ones(3, np.int64)
        question = LinearQuestion(np.array([dearest, dearest + 1, dearest + 2]), rows, np.array([1]), zeros, ones)
        answer = search.solve_question(question, Limits())
        assert (answer.bound, answer.done, answer.values.tolist()) == (dearest, True, [1, 0, 0])
        told, gap = gaps.pop()
        assert gap * 3 * (dearest + 1) / told < 1  # what HiGHS counts in, told against the costs as they are

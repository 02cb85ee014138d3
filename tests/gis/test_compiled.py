"""What compiled kernels share between threads, and what of them is kept on disk."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

FIRST_CALL = """
import gis.compiled, numba
from numba.core.typing.typeof import typeof_impl
before = set(typeof_impl.registry)
assert numba.njit(lambda x: x + 1)(1) == 2
print(sorted(kind.__name__ for kind in set(typeof_impl.registry) - before))
"""


def test_the_first_kernel_called_adds_nothing_to_the_types_that_other_threads_look_up() -> None:
    root = Path(__file__).parents[2]
    told = subprocess.run([sys.executable, "-c", FIRST_CALL], cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


CALLED = """
from gis.compiled import compiled

MORE = {more}

@compiled
def add(value):
    return value + {plus}
"""
KERNEL = """
from typing import NamedTuple
import numpy as np
from kept_called import MORE, add
from gis.compiled import compiled

class {name}(NamedTuple):
    values: np.ndarray

@compiled
def total(held):
    return add(held.values.sum()) + MORE

def run():
    return total({name}(np.arange(4)))
"""


class Kept:
    """Two files, a kernel in one that calls a kernel in the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *, name: str = "Held", plus: int = 0, more: int = 0) -> tuple[int, bool]:
        """Return the kernel's answer as a new process loads it, and whether it came from disk."""
        for stem, text in (("kept_called", CALLED), ("kept_kernel", KERNEL)):
            path, source = self.folder / f"{stem}.py", text.format(name=name, plus=plus, more=more)
            if not path.exists() or path.read_text(encoding="utf-8") != source:
                path.write_text(source, encoding="utf-8")
            sys.modules.pop(stem, None)
        for stale in self.folder.rglob("*.pyc"):
            stale.unlink()
        importlib.invalidate_caches()
        module = importlib.import_module("kept_kernel")
        return int(module.run()), bool(module.total.stats.cache_hits)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    monkeypatch.syspath_prepend(tmp_path)
    return Kept(tmp_path)


@pytest.mark.parametrize("change", [{"name": "Renamed"}, {"plus": 1}, {"more": 1}], ids=str)
def test_a_kept_kernel_whose_argument_callee_or_constant_changed_is_compiled_anew(kept: Kept, change) -> None:
    assert kept.run() == (6, False)
    assert kept.run() == (6, True)
    now = 6 + change.get("plus", 0) + change.get("more", 0)
    assert kept.run(**change) == (now, False)
    assert kept.run(**change) == (now, True)


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
def test_a_kept_kernel_that_was_cut_short_is_compiled_anew(kept: Kept, ending: str) -> None:
    kept.run()
    for path in kept.folder.rglob(f"*.{ending}"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert kept.run() == (6, False)
    assert kept.run() == (6, True)


MAKER = """
from gis.compiled import compiled

def twice(step):
    @compiled
    def run(value):
        return step(step(value))
    return run
"""
MADE = """
from kept_maker import twice
from gis.compiled import compiled

@compiled
def add(value):
    return value + {plus}

@compiled
def double(value):
    return value * 2

run_add, run_double = twice(add), twice(double)
"""


def test_a_kernel_made_with_kernels_is_kept_for_each_of_them_and_follows_their_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "kept_maker.py").write_text(MAKER, encoding="utf-8")

    def run(plus: int) -> list[tuple[int, bool]]:
        source = MADE.format(plus=plus)
        path = tmp_path / "kept_made.py"
        if not path.exists() or path.read_text(encoding="utf-8") != source:
            path.write_text(source, encoding="utf-8")
        for stem in ("kept_maker", "kept_made"):
            sys.modules.pop(stem, None)
        for stale in tmp_path.rglob("*.pyc"):
            stale.unlink()
        importlib.invalidate_caches()
        module = importlib.import_module("kept_made")
        return [(int(made(5)), bool(made.stats.cache_hits)) for made in (module.run_add, module.run_double)]

    assert run(1) == [(7, False), (20, False)]
    assert run(1) == [(7, True), (20, True)]
    assert run(30) == [(65, False), (20, False)]
    assert run(30) == [(65, True), (20, True)]

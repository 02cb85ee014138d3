"""What a command loads before it is needed: nothing that solves, and nothing that a plan does not ask for."""

import inspect
import subprocess
import sys

import pytest

from planning.siting import MODELS, SitingProblem, verify


def loaded_after(statement):
    code = f"{statement}\nimport sys; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_naming_the_models_loads_none_of_them():
    loaded = loaded_after("from planning.siting import MODELS, SitingProblem, Solution; list(MODELS.values())")
    assert "planning.siting.models.registry" in loaded
    assert not loaded & {"highspy", "scipy", "numba", "pandas", "planning.siting.models.p_median"}
    assert not any(name.startswith(("planning.siting.engine", "planning.siting.proof")) for name in loaded)


def test_a_model_loads_only_itself():
    problem = "planning.siting.SitingProblem.from_arrays([[1, 2], [2, 1]], [1, 1])"
    loaded = loaded_after(f"import planning.siting; planning.siting.MODELS['p-median'].solve({problem}, p=1)")
    assert "planning.siting.models.p_median" in loaded
    assert not loaded & {f"planning.siting.models.{name}" for name in ("hubs", "two_tiers", "budget", "kolm_pollak")}


def test_the_county_at_hand_needs_no_database(tmp_path):
    lines = (
        "import os",
        f"os.environ['COUNTYGRID_DATA'] = {str(tmp_path)!r}",
        "from contextlib import suppress",
        "from api.cli.options import current_county",
        "from api.explain import ApiError",
        "with suppress(ApiError): current_county()",
    )
    loaded = loaded_after("\n".join(lines))
    assert "layers.county" in loaded
    assert not loaded & {"sqlalchemy", "alembic", "fastapi", "folium", "networkx", "osmnx", "planning.siting.engine"}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_tells_what_it_takes_before_it_is_called(name):
    taken = inspect.signature(MODELS[name].solve).parameters
    assert set(MODELS[name].needs) < taken.keys()
    assert {"stop", "report", "time_limit_s"} < taken.keys()


def test_a_name_that_is_not_there_is_told():
    import planning.siting as room  # noqa: PLC0415 - the package itself is what is asked

    assert {name for name in room.__all__ if getattr(room, name) is None} == set()
    with pytest.raises(AttributeError, match="no attribute 'p_medians'"):
        room.p_medians  # noqa: B018
    assert verify is room.verify
    assert SitingProblem is room.SitingProblem

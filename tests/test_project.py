"""The project's own promises: one lock, no addresses, a true floor plan, short files, declared routes."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from api.access.rights import NOUNS, Rights
from api.access.roles import Role
from api.cli.commands import app

ROOT = Path(__file__).parents[1]
ROOMS = ("gis", "planning", "layers", "maps", "api")


def tracked(*patterns):
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def pinned(lock):
    lines = (ROOT / lock).read_text().splitlines()
    return {match[1].lower(): match[0] for line in lines if (match := re.match(r"([\w.-]+)==[\w.]+", line))}


def test_the_conda_environment_installs_the_lock_and_nothing_else():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    python, pip, from_pip = environment["dependencies"]
    assert (pip, from_pip) == ("pip", {"pip": ["-r requirements.lock", "-e ."]})
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert python == f"python{needs}"


def test_the_lock_pins_every_dependency_and_names_no_address():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lock, wanted in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-test.lock", project["dependencies"] + project["optional-dependencies"]["test"]),
    ):
        names = {re.split(r"[\[ ;<>=]", name)[0].lower() for name in wanted}
        assert names <= pinned(lock).keys()
        assert "://" not in (ROOT / lock).read_text()
        assert "index-url" not in (ROOT / lock).read_text()
    assert pinned("requirements.lock").items() <= pinned("requirements-test.lock").items()
    assert "http" not in (ROOT / "package-lock.json").read_text()


def test_the_floor_plan_in_the_readme_is_the_code():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `((?:gis|planning|layers|maps|api)/[\w/]*)` \|", readme, flags=re.MULTILINE))
    folders = {f"{path.parent.relative_to(ROOT).as_posix()}/" for room in ROOMS for path in tracked(f"{room}/**.py")}
    assert named == folders
    for folder, rest in re.findall(r"^\| `([\w/]+/)` \| (.*) \|$", readme, flags=re.MULTILINE):
        if folder in folders:
            modules = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}
            assert set(re.findall(r"`(\w+)`", rest)) == modules, folder


def test_every_line_that_how_the_search_works_points_to_is_there():
    page = (ROOT / "README.md").read_text(encoding="utf-8").split("/ How the search works")[1].split("\n## ")[0]
    pointers = re.findall(r"`([\w/]+\.py):(\w+)`", page)
    assert len(pointers) > 40
    for file, name in pointers:
        texts = [
            path.read_text()
            for room in ("engine", "proof")
            if (path := ROOT / "planning/siting" / room / file).exists()
        ]
        assert any(re.search(rf"(def|class) {name}\b", text) for text in texts), f"{file}:{name}"


def test_the_table_of_rights_in_the_readme_is_the_code():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    head = next(line for line in readme.splitlines() if line.startswith("| noun |"))
    roles = head.strip("| ").split(" | ")[1:]
    told = {}
    for noun in NOUNS:
        row = next(line for line in readme.splitlines() if line.startswith(f"| `{noun}` |"))
        cells = dict(zip(roles, row.strip("| ").split(" | ")[1:], strict=True))
        told[noun] = Rights(*(tuple(role for role in Role if verb in cells.get(role, "")) for verb in "rw"))
    assert {noun: (set(one.read), set(one.write)) for noun, one in told.items()} == {
        noun: (set(one.read), set(one.write)) for noun, one in NOUNS.items()
    }


def test_no_file_of_ours_has_grown_past_300_lines():
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in tracked("*.py", "*.js", "*.css")}
    assert not {str(path): n for path, n in lengths.items() if n > 300}


def test_only_the_agreed_folders_stand_at_the_top():
    top = {path.relative_to(ROOT).parts[0] for path in tracked() if len(path.relative_to(ROOT).parts) > 1}
    assert top == {*ROOMS, "tests", ".ci"}


def test_no_link_is_part_of_the_project():
    """A link to an environment, added by mistake, takes the place of the environment itself wherever it is merged."""
    listed = subprocess.run(["git", "ls-files", "--stage"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not [line for line in listed.stdout.splitlines() if line.startswith("120000")]


COMMANDS = (
    "account",
    "audit",
    "backup",
    "build",
    "certificate",
    "check",
    "info",
    "plan",
    "restore",
    "scenario",
    "verify",
    "why",
    "frontier",
    "phase",
    "matrix",
    "map",
    "serve",
    "setup",
    "unit",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_in_the_readme_exists(command):
    assert f"countygrid {command}" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0

"""A model's name is said where the model is said, and asked for nowhere: what others must know is in its record."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from planning.siting import MODELS

ROOT = Path(__file__).parents[2]
REGISTRY = "planning/siting/models/registry.py"
ROWS = {"planning/tables/services.py", "layers/county_services.py"}
"""Tables of services: the model that a service is usually asked with is a value there, like its number of sites."""
OTHER_MEANINGS = {"backup", "budget", "hubs"}
"""Words of other rooms too: a copy of the data, an amount of money, a kind of kernel. They name a model only where
something is compared with a model, several names stand together, or a question or an answer is made."""


def named(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the names of models in a program, and their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in MODELS.keys() - OTHER_MEANINGS:
            yield node.value, node.lineno
        words = [part for part in said_in(node) if isinstance(part, ast.Constant) and part.value in OTHER_MEANINGS]
        if words and means_models(node):
            yield from ((word.value, word.lineno) for word in words)


def said_in(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a node is made of; of a comparison also what the sets are made of that it compares with."""
    yield from ast.walk(node) if isinstance(node, ast.Compare) else ast.iter_child_nodes(node)


def means_models(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare | ast.Subscript | ast.keyword):
        return "model" in ast.unparse(node).lower()
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in {"Solution", "PlanQuestion"}
    said = {part.value for part in ast.iter_child_nodes(node) if isinstance(part, ast.Constant)}
    return isinstance(node, ast.Tuple | ast.Set | ast.List | ast.Dict) and len(said & MODELS.keys()) > 1


def is_its_own(path: str, name: str) -> bool:
    file = MODELS[name].file
    return path in {f"planning/siting/models/{file}.py", f"planning/siting/proof/statements/{file}.py", REGISTRY, *ROWS}


def test_no_other_file_names_a_model() -> None:
    found = [
        f"{path}:{line} {name}"
        for floor in ("gis", "planning", "layers", "maps", "api")
        for file in (ROOT / floor).rglob("*.py")
        for path in [file.relative_to(ROOT).as_posix()]
        if path != "planning/siting/__init__.py"  # functions by their names
        for text in [file.read_text(encoding="utf-8")]
        if any(f'"{name}"' in text for name in MODELS)  # all else need not be parsed
        for name, line in named(ast.parse(text))
        if not is_its_own(path, name)
    ]
    assert found == []


@pytest.mark.parametrize("name", MODELS)
def test_each_model_is_stated_in_a_file_of_its_name(name: str) -> None:
    text = (ROOT / f"planning/siting/proof/statements/{MODELS[name].file}.py").read_text(encoding="utf-8")
    assert f'"{name}"' in text
    assert (ROOT / f"planning/siting/models/{MODELS[name].file}.py").exists()


def test_no_page_names_a_model() -> None:
    pages = [*(ROOT / "maps/templates").rglob("*"), *(ROOT / "maps/static/js").rglob("*.js")]
    found = [
        f"{file.relative_to(ROOT)} {name}"
        for file in pages
        if file.is_file()
        for text in [file.read_text(encoding="utf-8")]
        for name in MODELS.keys() - OTHER_MEANINGS
        for quote in "\"'`"
        if f"{quote}{name}{quote}" in text
    ]
    assert len(pages) > 50
    assert found == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('x = solution.model == "hubs"', ["hubs"]),
        ('y = model in {"budget", "lscp"}', ["budget", "lscp"]),
        ('z = question.model in ("budget",) or MODELS["backup"]', ["backup", "budget"]),
        ('Solution("budget", {}, "infeasible", "min", "yuan")', ["budget"]),
        ('PlanQuestion(name, model="hubs")', ["hubs"]),
        ('NAMES = ("budget", "hubs")', ["budget", "hubs"]),
        ('kinds = {"budget", "bar"}; Part("budget"); told["backup"]', []),
    ],
)
def test_a_name_is_seen_where_it_means_a_model(line: str, expected: list[str]) -> None:
    assert sorted({name for name, _ in named(ast.parse(line))}) == expected

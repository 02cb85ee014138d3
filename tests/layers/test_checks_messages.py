"""Every fault code has its texts in both languages, and every text its code."""

from __future__ import annotations

import ast
import string
import tomllib
from pathlib import Path

LAYERS = Path(__file__).parents[2] / "layers"
MESSAGES = Path(__file__).parents[2] / "maps" / "messages"
NOTING = {"Fault", "fault", "fatal", "note", "said", "_area_fault", "Mark", "WorkbookError", "VectorError"}
FOLDERS = (LAYERS, LAYERS / "checks", LAYERS / "sources")


def codes_in(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            told = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "code")]
            texts = [a.value for a in told if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if called in NOTING and texts:
                found.add(texts[0])
    return found


def codes_used() -> set[str]:
    return set().union(*(codes_in(path) for folder in FOLDERS for path in folder.rglob("*.py")))


def texts() -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for path in MESSAGES.glob("*.toml"):
        found |= tomllib.loads(path.read_text(encoding="utf-8")).get("fault", {})
    return found


def test_every_code_has_texts() -> None:
    assert codes_used() - set(texts()) == set()


def test_every_text_of_faults_toml_has_a_code() -> None:
    own = tomllib.loads((MESSAGES / "faults.toml").read_text(encoding="utf-8"))["fault"]
    assert set(own) - codes_used() == set()


def test_texts_are_complete_and_speak_of_the_same_figures() -> None:
    own = tomllib.loads((MESSAGES / "faults.toml").read_text(encoding="utf-8"))["fault"]
    for code, parts in own.items():
        assert set(parts) == {"expected", "mend"}, code
        for part in parts.values():
            assert set(part) == {"zh", "en"}, code
            fields = [{name for _, name, *_ in string.Formatter().parse(text) if name} for text in part.values()]
            assert fields[0] == fields[1], code
            assert all(part.values()), code

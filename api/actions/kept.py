"""Answers kept in the cache by the content of their question: a restart loses none, and deleting them is safe."""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any, Literal, get_args

Kind = Literal["plan", "study"]
_NAME = re.compile(r"[0-9a-f]{32}")


def keep(cache: Path, kind: Kind, name: str, answer: dict[str, Any]) -> None:
    """Keep the answer to the question of this name, in place of an older one."""
    keep_text(cache / f"{kind}-{name}.json", json.dumps(answer, ensure_ascii=False))


def kept(cache: Path, kind: Kind, name: str) -> dict[str, Any] | None:
    """Return the last answer to a question, ``None`` if there is none that can be read."""
    if not _NAME.fullmatch(name):
        return None
    try:
        answer: dict[str, Any] = json.loads((cache / f"{kind}-{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return answer


def recall(cache: Path, name: str) -> dict[str, Any] | None:
    """Return the last answer to a question of any kind."""
    answers = (kept(cache, kind, name) for kind in get_args(Kind))
    return next((answer for answer in answers if answer is not None), None)


def keep_text(path: Path, text: str) -> None:
    """Write a file of the cache in one step, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".part", delete=False) as part:
        part.write(text)
    os.replace(part.name, path)  # noqa: PTH105 - the atomic rename is meant

"""Answers kept in the cache by the content of their question: a restart loses none, and deleting them is safe."""

from __future__ import annotations

import json
import re
from typing import Any, Literal

from layers.cache import Cache

Kind = Literal["plan", "study", "futures"]
_NAME = re.compile(r"[0-9a-f]{32}")


def keep(cache: Cache, kind: Kind, name: str, answer: dict[str, Any]) -> None:
    """Keep the answer to the question of this name, in place of an older one."""
    cache.write(f"{kind}-{name}.json", json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def kept(cache: Cache, kind: Kind, name: str) -> dict[str, Any] | None:
    """Return the last answer to a question, ``None`` if there is none that is sound."""
    if not _NAME.fullmatch(name):
        return None
    content = cache.read(f"{kind}-{name}.json")
    return None if content is None else dict(json.loads(content))

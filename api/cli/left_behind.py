"""Who is left behind, written by the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from maps.catalogue import Lang, text


def kind_asked(path: Path | None) -> Any:
    """Return which kind of file is asked for, before anything is computed; ``None`` if none is."""
    from api.actions.left_behind import kind_of_file

    return None if path is None else kind_of_file(path)


def write_left_behind(at_hand: Any, made: Mapping[str, Any], path: Path, kind: Any, *, lang: Lang) -> None:
    """Write who a plan leaves behind, and say on standard error how many places these are."""
    from api.actions.left_behind import left_behind_file, list_left_behind
    from api.actions.plan_file import plan_file

    claim = plan_file(at_hand, made)["claim"] if "claim_id" in made else None
    told = list_left_behind(at_hand, made, claim)
    path.write_bytes(left_behind_file(at_hand, told, kind, lang=lang))
    typer.echo(text(lang, "cli.left-behind-written", count=len(told["places"]), file=path), err=True)

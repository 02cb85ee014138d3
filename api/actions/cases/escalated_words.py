"""What a pass over the clocks did, or would do, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.actions.cases.escalating import Done
from maps.catalogue import Lang, text


def escalated_lines(done: Sequence[Done], lang: Lang, *, is_done: bool) -> list[str]:
    """Return a line for each move and their number.

    Parameters
    ----------
    done
    lang
    is_done
        Whether they were made, or would be.
    """
    lines = [_line(one, lang) for one in done]
    return [*lines, text(lang, f"cli.incidents.{'escalated' if is_done else 'would-escalate'}", count=len(lines))]


def escalated_json(done: Sequence[Done], *, is_done: bool) -> dict[str, Any]:
    """Return the moves as JSON; the arguments are those of ``escalated_lines``."""
    moves = [{"case": one.case.id, "move": one.move.kind, **one.move.data} for one in done]
    return {"is_done": is_done, "moves": moves}


def _line(one: Done, lang: Lang) -> str:
    data = one.move.data
    step = text(lang, f"outgoing.step.{data['step']}")
    if one.move.kind == "warned":
        return text(lang, "cli.incidents.warned", case=one.case.id, step=step)
    levels = {name: text(lang, f"outgoing.level.{data[name]}") for name in ("from_level", "to_level")}
    return text(lang, "cli.incidents.climbed", case=one.case.id, step=step, **levels)

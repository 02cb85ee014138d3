"""Ctrl-C on the command line: the search ends with the best so far; until then its progress stands on the terminal."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event
from typing import Any

from api.cli.wording import in_unit
from maps.catalogue import Lang, text

_BETWEEN_S = 0.25


@contextmanager
def until_interrupted(lang: Lang) -> Iterator[tuple[Callable[[], bool], Callable[[Mapping[str, Any]], None]]]:
    """Give a search its ``stop`` and its ``report``; a second Ctrl-C ends the program at once.

    Parameters
    ----------
    lang
        Of the progress, which is shown only where somebody looks.
    """
    pressed, told = Event(), [0.0]

    def press(_number: int, _frame: object) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    def report(progress: Mapping[str, Any]) -> None:
        now = time.monotonic()
        if now - told[0] >= _BETWEEN_S and sys.stderr.isatty():
            told[0] = now
            print(f"\r\033[K{_words(progress, lang)}", end="", file=sys.stderr, flush=True)  # noqa: T201

    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed.is_set, report
    finally:
        signal.signal(signal.SIGINT, before)
        if told[0]:
            print("\r\033[K", end="", file=sys.stderr, flush=True)  # noqa: T201


def _words(progress: Mapping[str, Any], lang: Lang) -> str:
    unit = progress["objective_unit"]
    figures = {
        name: "–" if progress[name] is None else in_unit(progress[name], unit, lang) for name in ("incumbent", "bound")
    }
    return text(lang, "cli.progress", **figures)

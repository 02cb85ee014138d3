"""The command that erases personal data that are due."""

from __future__ import annotations

import typer

from api.cli.options import AsJson, Lang, lang_of, print_json
from api.cli.told import told
from api.settings import Settings
from maps.catalogue import text


def expire(*, as_json: AsJson = False, lang: Lang = None) -> None:
    """Erase names and telephone numbers whose day has come; the service does so once a day by itself."""
    from api.actions.erasing import erase_what_is_due
    from api.actions.publications.reader_page import moment_of
    from api.actions.workplace import Workplace
    from api.explain import ApiError
    from layers.records.audit import COMMAND_LINE
    from layers.records.database_faults import DatabaseDownError

    with told(lang_of(lang)):
        at_work = Workplace(Settings())
        try:
            done = erase_what_is_due(at_work, actor=COMMAND_LINE)
        except DatabaseDownError as error:
            raise ApiError(503, f"database-{error.reason}") from None
        finally:
            at_work.close()
    if as_json:
        print_json({"erased": done.count, "next_at": done.following.isoformat() if done.following else None})
        return
    following = text(lang_of(lang), "cli.expire.next", at=moment_of(done.following)) if done.following else ""
    typer.echo(text(lang_of(lang), "cli.expire.done", count=done.count) + following)

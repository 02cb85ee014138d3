"""Commands about how other machines reach the service: its certificate, and the unit that starts it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from api.cli.help import spoken_lang
from api.cli.options import Lang, lang_of
from api.cli.told import told
from api.settings import Settings

Host = Annotated[str | None, typer.Option(metavar="ADDRESS")]
Port = Annotated[int | None, typer.Option(min=1, max=65535)]
Cert = Annotated[Path | None, typer.Option()]
Key = Annotated[Path | None, typer.Option()]
RedirectPort = Annotated[int | None, typer.Option(min=1, max=65535)]
Hosts = Annotated[list[str] | None, typer.Option("--host", metavar="NAME")]
Folder = Annotated[Path | None, typer.Option("--out", metavar="FOLDER")]
Renew = Annotated[bool, typer.Option("--renew")]
User = Annotated[str | None, typer.Option("--user", metavar="NAME")]


def settings_with(**typed: Any) -> Settings:
    """Return the settings, with what was typed in place of what the environment says; what is wrong is told."""
    given = {name: value for name, value in typed.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        from api.cli.setting_words import setting_lines

        typer.echo("\n".join(setting_lines(error, spoken_lang(), typed=given)), err=True)
        raise typer.Exit(1) from None


def certificate(*, host: Hosts = None, out: Folder = None, renew: Renew = False, lang: Lang = None) -> None:
    """Make the office's own authority, once, and a certificate of the server that it signs."""
    from datetime import UTC, datetime

    from api.authority import make_certificate
    from api.cli.certificate_words import certificate_lines

    folder = (out or Settings().data / "certificates").absolute()
    with told(lang_of(lang)):
        made = make_certificate(folder, host or (), now=datetime.now(UTC).replace(microsecond=0), renew=renew)
    typer.echo("\n".join(certificate_lines(made, lang_of(lang))))


def unit(
    *,
    user: User = None,
    host: Host = None,
    port: Port = None,
    cert: Cert = None,
    key: Key = None,
    redirect_port: RedirectPort = None,
    lang: Lang = None,
) -> None:
    """Print a systemd unit that serves this installation with the settings of now."""
    import getpass

    from api.unit import unit_text

    settings = settings_with(host=host, PORT=port, cert=cert, key=key, redirect_port=redirect_port, lang=lang)
    typer.echo(unit_text(settings, user=user or getpass.getuser()), nl=False)

"""What `countygrid certificate` made, as lines of text."""

from __future__ import annotations

import shlex
from ipaddress import ip_address

from cryptography.x509 import Certificate

from api.authority import Made
from api.host_names import canonical_address
from maps.catalogue import Lang, text


def certificate_lines(made: Made, lang: Lang) -> list[str]:
    """Return where the files are, until when they hold, how to serve with them, and how machines trust them."""
    files = made.files
    names = text(lang, "page.comma").join(made.names)
    words = [
        _line("authority", str(files.authority), made.authority, lang, is_new=made.is_new_authority),
        _line("server", str(files.server), made.server, lang, is_new=made.is_new_server),
        text(lang, "cli.certificate.names", names=names),
        text(lang, "cli.certificate.serve", line=_serve_line(made)),
    ]
    return [*words, text(lang, "cli.certificate.trust", file=files.authority, fingerprint=made.fingerprint)]


def _line(what: str, file: str, certificate: Certificate, lang: Lang, *, is_new: bool) -> str:
    until = f"{certificate.not_valid_after_utc.astimezone():%Y-%m-%d}"
    was = text(lang, f"cli.certificate.{'new' if is_new else 'kept'}")
    return text(lang, f"cli.certificate.{what}", file=file, until=until, made=was)


def _serve_line(made: Made) -> str:
    """Return the command that serves with it: on the address it stands for, else on all."""
    outside = [name for name in made.names if canonical_address(name) and not ip_address(name).is_loopback]
    words = ["countygrid", "serve", "--host", outside[0] if len(outside) == 1 else "0.0.0.0"]  # noqa: S104
    words += ["--cert", str(made.files.server), "--key", str(made.files.server_key)]
    return shlex.join(words)

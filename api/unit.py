"""A unit of systemd that starts this installation with the machine and lets it write to its data only."""

from __future__ import annotations

import sys
from pathlib import Path

import gis
import planning
from api.messages.settings import SECRET_SETTINGS
from api.settings import Settings

_SECRETS = tuple(f"COUNTYGRID_{name.upper()}" for name in ("database_url", "tianditu_key", *sorted(SECRET_SETTINGS)))
_SECRETS_FILE = "/etc/countygrid.env"
_PRIVILEGED = 1024

_UNIT = """[Unit]
Description=CountyGrid
After=network-online.target
Wants=network-online.target

[Service]
User={user}
WorkingDirectory={folder}
{environment}
ExecStart={program} serve
Restart=on-failure
TimeoutStopSec=5
UMask=0077
NoNewPrivileges=true
ProtectSystem=strict
ReadWritePaths={writable}
PrivateTmp=true
{capabilities}
[Install]
WantedBy=multi-user.target
"""


def unit_text(settings: Settings, *, user: str) -> str:
    """Return the unit.

    Parameters
    ----------
    settings
        Those that are not the default are kept in it; a password or key among them goes into a file of its own,
        since everybody at the machine can read units.
    user
        Who runs the service.
    """
    ports = (settings.port, settings.redirect_port or settings.port)
    data = settings.data.absolute()
    return _UNIT.format(
        user=user,
        folder=_plain(Path.cwd()),
        environment="\n".join(_environment(settings)),
        program=_program(),
        writable=" ".join([_quoted(str(data)), *(_quoted(f"-{path}") for path in _kernel_folders())]),
        capabilities="AmbientCapabilities=CAP_NET_BIND_SERVICE\n" if min(ports) < _PRIVILEGED else "",
    )


def _environment(settings: Settings) -> list[str]:
    given = settings.model_dump(exclude_defaults=True, exclude_none=True) | {
        "data": settings.data,
        "port": settings.port,
    }
    given = {name: value.absolute() if isinstance(value, Path) else value for name, value in given.items()}
    values = {"PORT" if name == "port" else f"COUNTYGRID_{name.upper()}": value for name, value in given.items()}
    secret = [name for name in _SECRETS if name in values]
    lines = [f"Environment={_quoted(f'{name}={value}')}" for name, value in values.items() if name not in secret]
    if secret:
        lines += [f"# {_SECRETS_FILE}, for root alone, holds {', '.join(secret)}", f"EnvironmentFile={_SECRETS_FILE}"]
    return lines


def _kernel_folders() -> list[Path]:
    """Return where compiled kernels are kept: numba does not even read from a folder that it may not write to."""
    rooms = (Path(str(room.__file__)).parent for room in (gis, planning))
    modules = (path for room in rooms for path in room.rglob("*.py"))
    return sorted({path.parent / "__pycache__" for path in modules if "@compiled" in path.read_text(encoding="utf-8")})


def _program() -> str:
    """Return how this environment's command line is called, by its own path."""
    beside = Path(sys.executable).with_name("countygrid")
    words = [str(beside)] if beside.exists() else [sys.executable, "-m", "api.cli"]
    return " ".join(_quoted(word).replace("$", "$$") for word in words)


def _quoted(words: str) -> str:
    """Return one word of a unit, whatever stands in it."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _plain(path: Path) -> str:
    return str(path).replace("%", "%%")

"""The unit of systemd: it is one, names this installation, keeps no secret, and does not lock the service out."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mute_server import free_port
from served import ROOT

from api.settings import Settings
from api.unit import unit_text


def lines_of(unit, name):
    return [line.partition("=")[2] for line in unit.splitlines() if line.startswith(f"{name}=")]


def test_the_command_prints_a_unit_of_this_environment_and_its_settings(tmp_path):
    environment = {**os.environ, "COUNTYGRID_DATA": str(tmp_path), "PORT": "8443", "COUNTYGRID_HOSTS": "grid.office"}
    command = [sys.executable, "-m", "api.cli", "unit", "--user", "county", "--host", "0.0.0.0"]
    told = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert lines_of(told, "User") == ["county"]
    assert lines_of(told, "WorkingDirectory") == [str(ROOT)]
    settings = {shlex.split(line)[0] for line in lines_of(told, "Environment")}
    assert settings == {
        f"COUNTYGRID_DATA={tmp_path}", "PORT=8443", "COUNTYGRID_HOSTS=grid.office", "COUNTYGRID_HOST=0.0.0.0",
    }  # fmt: skip
    program = shlex.split(lines_of(told, "ExecStart")[0])[0]
    assert Path(program).is_absolute()
    assert os.access(program, os.X_OK)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("name", ["data", "data with blanks", 'a "b" $HOME %h \\x'])
def test_systemd_takes_it(tmp_path, name):
    data = tmp_path / name
    data.mkdir()
    unit = tmp_path / "countygrid.service"
    settings = Settings(data=data, PORT=443, redirect_port=80, cert=tmp_path / "c", key=tmp_path / "k")
    unit.write_text(unit_text(settings, user="root"), encoding="utf-8")
    told = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert str(data).replace("%", "%%").replace("\\", "\\\\").replace('"', '\\"') in unit.read_text(encoding="utf-8")
    assert (told.returncode, [line for line in told.stderr.splitlines() if str(unit) in line]) == (0, [])


def test_a_port_below_1024_needs_a_right_and_others_none():
    for port, redirect, needs in ((443, None, True), (8443, 80, True), (8443, 8080, False), (1024, None, False)):
        unit = unit_text(Settings(PORT=port, redirect_port=redirect), user="x")
        assert bool(lines_of(unit, "AmbientCapabilities")) is needs


def test_passwords_and_keys_stay_out_of_it():
    settings = Settings(database_url="postgresql://u:geheim@h/x", tiles="tianditu", tianditu_key="geheim")
    unit = unit_text(settings, user="x")
    assert "geheim" not in unit
    assert lines_of(unit, "EnvironmentFile") == ["/etc/countygrid.env"]
    assert "COUNTYGRID_DATABASE_URL, COUNTYGRID_TIANDITU_KEY" in unit
    assert not lines_of(unit_text(Settings(), user="x"), "EnvironmentFile")


def test_it_ends_in_five_seconds_and_may_write_to_its_data_only(tmp_path):
    unit = unit_text(Settings(data=tmp_path), user="x")
    for line in ("Restart=on-failure", "TimeoutStopSec=5", "NoNewPrivileges=true", "ProtectSystem=strict"):
        assert line in unit
    data, *kernels = shlex.split(lines_of(unit, "ReadWritePaths")[0])
    assert data == str(tmp_path)
    assert kernels
    assert all(re.fullmatch(r"-/.*/__pycache__", path) for path in kernels)


READ_ONLY = """
set -e
mount --make-rprivate /
for path in {writable}; do mount --bind "$path" "$path"; done
mount -o remount,bind,ro /
if touch {root}/written 2>/dev/null; then exit 99; fi
exec timeout 30 {python} -m api.cli info --json
"""


def test_the_service_runs_where_all_else_may_only_be_read(toy_data, tmp_path):
    """Compiled kernels too: numba refuses a folder of its cache that may not be written."""
    unshare = shutil.which("unshare")
    if unshare is None or os.geteuid() != 0:
        pytest.skip("mount namespaces need root")
    unit = unit_text(Settings(data=toy_data, PORT=free_port()), user="root")
    data, *kernels = shlex.split(lines_of(unit, "ReadWritePaths")[0])
    writable = [data, *(path[1:] for path in kernels if Path(path[1:]).exists())]
    script = READ_ONLY.format(writable=" ".join(map(shlex.quote, writable)), root=ROOT, python=sys.executable)
    environment = {**os.environ, "COUNTYGRID_DATA": str(toy_data), "PYTHONPATH": str(ROOT), "TMPDIR": "/dev/shm"}
    told = subprocess.run(
        [unshare, "--mount", "sh", "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert "示范县" in told.stdout

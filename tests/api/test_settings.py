"""Settings that make no sense are told by their name, without a trace."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("PORT", "abc", "PORT"),
        ("PORT", "0", "PORT"),
        ("COUNTYGRID_TILES", "google", "COUNTYGRID_TILES"),
        ("COUNTYGRID_TILES", "tianditu", "COUNTYGRID_TIANDITU_KEY"),
        ("COUNTYGRID_PROXY", "*", "COUNTYGRID_PROXY"),
        ("COUNTYGRID_PROXY", "10.0.0.1,10.0.0.2", "COUNTYGRID_PROXY"),
        ("COUNTYGRID_CACHE_MB", "0", "COUNTYGRID_CACHE_MB"),
        ("COUNTYGRID_CACHE_MB", "much", "COUNTYGRID_CACHE_MB"),
        ("COUNTYGRID_DATABASE_URL", "mysql://localhost/x", "COUNTYGRID_DATABASE_URL"),
        ("COUNTYGRID_DATABASE_URL", "sqlite://", "COUNTYGRID_DATABASE_URL"),
        ("COUNTYGRID_DATABASE_URL", "postgresql://[::1", "COUNTYGRID_DATABASE_URL"),
    ],
)
def test_a_wrong_setting_is_named(name, value, named, tmp_path):
    environment = {**os.environ, "COUNTYGRID_DATA": str(tmp_path), name: value}
    told = subprocess.run(
        [sys.executable, "-m", "api.cli", "serve"], env=environment, capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert named in told.stderr
    assert "Traceback" not in told.stderr

"""Settings of channels: all faults at once, and no token in words, units or backups."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from pydantic import ValidationError
from served import ROOT

from api.cli.setting_words import setting_lines
from api.kept_settings import told_settings
from api.settings import Settings
from api.unit import unit_text

WRONG = {
    "webhook": "https://s3cret.example",
    "wecom": "s3cret",
    "sms_url": "ftp://s3cret",
    "sms_headers": "Authorization: s3cret",
    "sms_body": '{"s3cret',
    "sms_method": "SEND",
    "quiet_hours": "22-7",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_fault_is_told_at_once_and_no_secret_with_it(lang):
    with pytest.raises(ValidationError) as refused:
        Settings(**WRONG)
    lines = setting_lines(refused.value, lang)
    assert [name for name in WRONG if not any(f"COUNTYGRID_{name.upper()}" in line for line in lines)] == []
    assert "s3cret" not in "".join(lines)
    assert "22:00-07:00" in "".join(lines)


def test_a_token_stands_in_no_unit_no_backup_and_not_in_what_settings_say_of_themselves(tmp_path):
    settings = Settings(
        data=tmp_path, wecom="wecombot://s3cret", sms_url="https://x.example/?k=s3cret", sms_taken="a=0"
    )
    assert "s3cret" not in repr(settings)
    assert told_settings(settings) | {"COUNTYGRID_DATA": ""} == {
        "COUNTYGRID_DATA": "",
        "COUNTYGRID_WECOM": "***",
        "COUNTYGRID_SMS_URL": "***",
        "COUNTYGRID_SMS_TAKEN": "a=0",
    }
    unit = unit_text(settings, user="county")
    assert "s3cret" not in unit
    assert "COUNTYGRID_SMS_URL, COUNTYGRID_WECOM" in unit


def test_a_service_with_a_wrong_setting_says_so_without_it():
    environment = {**os.environ, "COUNTYGRID_FEISHU": "https://open.feishu.cn/s3cret"}
    command = [sys.executable, "-m", "api.cli", "unit", "--user", "county", "--lang", "en"]
    told = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode != 0
    assert "s3cret" not in told.stdout + told.stderr
    assert "feishu://" in told.stderr

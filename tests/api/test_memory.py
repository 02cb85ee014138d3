"""What counts as held memory."""

import subprocess
import sys
import time

from api.memory import resident_mb


def test_processes_that_were_started_count_too():
    before = resident_mb()
    assert before > 0
    fill = "held = bytearray(b'1') * (300 << 20); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", fill], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        time.sleep(0.1)  # figures are a twentieth of a second old at most
        assert resident_mb() >= before + 290
        child.communicate(b"\n")
    time.sleep(0.1)
    assert resident_mb() < before + 200

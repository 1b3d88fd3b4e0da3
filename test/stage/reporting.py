"""`sekisho report send`, and the day that its reports are about."""

import json
import subprocess
import time
from pathlib import Path

from .sekishod import SEKISHO

DAY = 86_400


def tomorrow() -> list[str]:
    """Arguments for the day after this one."""
    return ["--now", str(int(time.time()) // DAY * DAY + DAY + 3_600)]


def avoid_midnight(seconds: float = 120):
    """What is sent from now on, for so long, belongs to one day."""
    left = DAY - time.time() % DAY
    if left < seconds:
        time.sleep(left + 1)


def start_report(configuration: Path, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen([SEKISHO, "report", "send", "--config", configuration, "--format", "json", *arguments],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def send_reports(configuration: Path, *arguments: str) -> tuple[int, dict, str]:
    """Exit status, what it printed, and what it complained of."""
    with start_report(configuration, *arguments) as process:
        output, errors = process.communicate()
        return process.returncode, json.loads(output) if output else {}, errors.decode()

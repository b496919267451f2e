"""Any command of ours at another moment: what holds at noon must hold at midnight, on 29 February, on a holiday's eve.

The clock of every Python process is moved, of those the command starts as well; Redis, PostgreSQL and Chromium keep
the real time.
"""

import os
import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from tools.console import ROOT, CommandError, say

BANK_ZONE = ZoneInfo("Asia/Shanghai")
AHEAD = "MOVED_CLOCK_SECONDS"
MOVED_CLOCK = ROOT / "tools" / "moved_clock"


def main(moment: str, command: list[str]) -> int:
    """Run `python -m COMMAND` as if it were `moment` in Shanghai. Returns its exit code. Raises CommandError."""
    ahead = (_parsed(moment) - datetime.now(BANK_ZONE)).total_seconds()
    say("at", f"{' '.join(command)} at {moment}, {ahead:.0f} s from now")
    already = float(os.environ.get(AHEAD, "0"))  # our own clock is one that was moved
    moved = {AHEAD: str(round(already + ahead)), "PYTHONPATH": str(MOVED_CLOCK)}
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env={**os.environ, **moved}).returncode


def _parsed(moment: str) -> datetime:
    try:
        return datetime.fromisoformat(moment).replace(tzinfo=BANK_ZONE)
    except ValueError:
        raise CommandError(f'{moment!r} is no moment: write it as "2028-02-29 23:50"') from None

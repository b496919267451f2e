"""`make test`: everything CI runs, each step announced and timed; the last line is that of the conversation tests."""

import subprocess
import sys
import time
from collections.abc import Callable

from tools import check, e2e
from tools.console import ROOT, CommandError, fail, say
from tools.train import ensure_model

SUITES = ("unit", "contract", "data", "smoke")
ALONE = "ledger"  # its crashes and timings want the two cores for themselves


def main() -> int:
    """Run all steps, also after one has failed; returns 1 when any did."""
    failed = []
    steps: dict[str, Callable[[], int]] = {
        "checks": check.everything,
        "unit, contract, data and smoke tests": lambda: pytest(*SUITES, parallel=True),
        "ledger tests": lambda: pytest(ALONE, parallel=False),
        "training": lambda: 0 if ensure_model() else 1,
        "conversation tests": e2e.everything,
    }
    for number, (name, step) in enumerate(steps.items(), 1):
        say("test", f"{number}/{len(steps)} {name}")
        started = time.monotonic()
        try:
            code = step()
        except CommandError as error:
            code = fail("test", error)
        if code:
            failed.append(name)
        if number < len(steps) or failed:  # else the last line is the verdict of the conversation tests
            outcome = "FAILED" if code else "ok"
            say("test", f"{number}/{len(steps)} {name}: {outcome} ({time.monotonic() - started:.0f} s)")
    return fail("test", f"failed: {'; '.join(failed)}") if failed else 0


def pytest(*suites: str, parallel: bool) -> int:
    """Run test folders; those that do not exist are not asked for."""
    folders = [f"tests/{suite}" for suite in suites if (ROOT / "tests" / suite).is_dir()]
    spread = ["-n", "2", "--dist", "loadfile"] if parallel else []
    return subprocess.run([sys.executable, "-m", "pytest", "-q", *spread, *folders], cwd=ROOT, check=False).returncode

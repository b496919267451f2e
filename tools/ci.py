"""`make test`: everything CI runs, each step announced and timed; the last line is that of the conversation tests."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable

from tools import check, e2e
from tools.console import ROOT, SAY_EVERY, CommandError, fail, say
from tools.train import ensure_model
from tools.web_build import main as chat_page

SUITES = ("unit", "contract", "data", "dialogue", "smoke")
ALONE = "ledger"  # its crashes and timings want the two cores for themselves

BROWSER = "browser"  # waits for what the page shows, so it wants them as well


def main() -> int:
    """Run all steps, also after one has failed; returns 1 when any did."""
    failed = []
    steps: dict[str, Callable[[], int]] = {
        "checks": check.everything,
        "chat page": lambda: chat_page(check=True),
        "unit, contract, data, dialogue and smoke tests": lambda: pytest(*SUITES, parallel=True),
        "ledger tests": lambda: pytest(ALONE, parallel=False),
        "training": lambda: 0 if ensure_model() else 1,
        "tests in a browser": lambda: pytest(BROWSER, parallel=False),
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


def screenshots() -> int:
    """`python -m tools screenshots`: the pictures of docs/screenshots, from the real thing."""
    pictures = ["tests/browser/test_screenshots.py", "--screenshots", "docs/screenshots"]
    return relay([sys.executable, "-m", "pytest", "-q", *pictures])


def pytest(*suites: str, parallel: bool) -> int:
    """Run test folders; those that do not exist are not asked for."""
    folders = [f"tests/{suite}" for suite in suites if (ROOT / "tests" / suite).is_dir()]
    options = ["-q", f"--color={'yes' if sys.stdout.isatty() else 'no'}"]
    options += ["-n", "2", "--dist", "loadfile"] if parallel else []
    return relay([sys.executable, "-m", "pytest", *options, *folders])


def relay(command: list[str]) -> int:
    """Run a command, pass on its output as it comes, break a silence of SAY_EVERY seconds; returns the exit code."""
    started = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        pipe = process.stdout.fileno()
        try:
            while True:
                if not select.select([pipe], [], [], SAY_EVERY)[0]:
                    say("test", f"... still testing, {time.monotonic() - started:.0f} s")
                elif chunk := os.read(pipe, 65536):
                    sys.stdout.buffer.write(chunk)
                    sys.stdout.flush()
                else:
                    break
        except BaseException:
            process.terminate()
            raise
    return process.returncode

"""`make check` (lint, types, import rules, data) and `make validate` (data, ours and Rasa's)."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import yaml

from tools.console import ROOT, STAMPED, USER_WARNING, CommandError, Heartbeat, follow, say

BIN = Path(sys.executable).parent


def steps() -> dict[str, list[str]]:
    """Commands of `make check`, the slow ones first; two run at a time."""
    python = sys.executable
    return {
        "types (mypy)": [str(BIN / "mypy")],
        "openapi.yml": [python, "-m", "services.core_bank.openapi", "--check"],
        "import rules (lint-imports)": [str(BIN / "lint-imports"), "--no-cache"],
        "yaml (yamllint)": [str(BIN / "yamllint"), "--strict", "."],
        "domain.yml": [python, "-m", "tools", "domain", "--check"],
        "domain, data and actions": [python, "-m", "tools", "check", "--data"],
        "lint (ruff)": [str(BIN / "ruff"), "check", "."],
    }


def everything() -> int:
    """Run all steps, print the output of those that fail; returns 1 when any did."""
    failed, started = [], time.monotonic()
    with Heartbeat("check", "checking") as beat, ThreadPoolExecutor(2) as pool:
        running = {pool.submit(_step, command): name for name, command in steps().items()}
        for done in as_completed(running):
            code, output, seconds = done.result()
            beat.stage(f"{running[done]}: {'ok' if code == 0 else 'FAILED'} ({seconds:.1f} s)")
            if code:
                failed.append(running[done])
                print(output.rstrip(), flush=True)
    say("check", f"{'failed: ' + ', '.join(failed) if failed else 'all ok'} ({time.monotonic() - started:.0f} s)")
    return 1 if failed else 0


def _step(command: list[str]) -> tuple[int, str, float]:
    started = time.monotonic()
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except FileNotFoundError:
        return 127, f"{command[0]} is not installed: run `make install`", 0.0
    return done.returncode, done.stdout, time.monotonic() - started


def data(root: Path) -> int:
    """Our own checks below `root`; prints one line each, returns 1 when there is an error."""
    from tools.checks import findings
    from tools.checks.project import Project
    from tools.domain import DomainError

    try:
        found = findings(Project(root))
    except DomainError as error:
        raise CommandError(str(error)) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise CommandError(f"{mark.name if mark else '?'}:{mark.line + 1 if mark else 1}: {error.problem}") from None
    for finding in found:
        print(finding)
    errors = sum(not finding.warning for finding in found)
    say("check", f"domain, data and actions: {errors} errors, {len(found) - errors} warnings")
    return 1 if errors else 0


def validate() -> int:
    """Our checks, then `rasa data validate`, whose warnings fail too: Rasa itself leaves with 0 whatever it finds."""
    ours = data(ROOT)
    warnings: list[str] = []
    log = Path(os.environ["ZHANGGUI_VAR"]) / "log" / "validate.log"
    with Heartbeat("validate", "rasa data validate") as beat:
        beat.stage("rasa data validate")
        code = follow([sys.executable, "-m", "rasa", "data", "validate"], log, lambda line: _keep(line, warnings))
    for line in warnings:
        print(line)
    if code and not warnings:
        raise CommandError(f"rasa data validate failed with exit code {code}, see {log}")
    say("validate", f"Rasa: {len(warnings)} warnings")
    return 1 if ours or warnings else 0


def _keep(line: str, warnings: list[str]) -> None:
    stamped = STAMPED.match(line)
    if stamped and stamped[1] in ("WARNING", "ERROR", "CRITICAL"):
        warnings.append(stamped[3])
    elif raised := USER_WARNING.search(line):
        warnings.append(raised[1])

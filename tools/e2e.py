"""Conversation tests: against the stack that is running, or one started for them and stopped afterwards."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.console import ROOT, CommandError, say
from tools.stack import Stack, StackError, answers, health_urls
from tools.train import ensure_model

CASES = ROOT / "tests" / "e2e"
JOBS = 6


def converse(files: list[Path], jobs: int, keyword: str | None) -> int:
    """`python -m tools converse`: uses `make run` when it is there, else a stack of its own."""
    if answers(health_urls(dict(os.environ))["rasa"]):
        from tools.converse import converse as run_cases

        return run_cases(files, jobs, keyword)
    say("converse", f"nothing answers at {os.environ['RASA_URL']}: starting a stack for these cases")
    return fresh(files, jobs, keyword)


def fresh(files: list[Path], jobs: int = JOBS, keyword: str | None = None) -> int:
    """Run cases against a new stack with an empty `var/e2e`; its logs stay there. Raises CommandError."""
    model = ensure_model()
    var = Path(os.environ["ZHANGGUI_VAR"]) / "e2e"
    shutil.rmtree(var, ignore_errors=True)
    paths = [str(path.absolute()) for path in files]
    command = [sys.executable, "-m", "tools", "converse", *paths, "--jobs", str(jobs)]
    try:
        with Stack(var, model) as stack:
            wanted = [*command, *(["--keyword", keyword] if keyword else [])]
            code = subprocess.run(wanted, cwd=ROOT, env=stack.environment, check=False).returncode
            stack.check_alive()
            return code
    except StackError as error:
        raise CommandError(str(error)) from None


def everything() -> int:
    """`make e2e`."""
    return fresh([CASES])

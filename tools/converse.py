"""`python -m tools converse FILE...`: conversation tests against a running stack (design §7)."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import environment
from tools.converse_bank import SandboxBank, SandboxDown
from tools.converse_model import Case, read_cases
from tools.converse_nodes import CaseError
from tools.converse_run import Result, Target, run_case
from tools.local_client import ChannelRefused, LocalChannelDown, LocalClient
from tools.wechat_client import Tencent, WeChatAccount

USAGE_ERROR = 2
_printing = threading.Lock()


def converse(files: list[Path], jobs: int = 1, keyword: str | None = None) -> int:
    """Run the cases of `files` (folders: every *.yml inside), `jobs` at a time, only those whose name holds `keyword`.

    Returns 0 when all passed, 1 when any failed, 2 when a file is wrong, there is nothing to run or no stack answers.
    """
    cases, mistakes = _read(files)
    if mistakes:
        return _complain(*mistakes)
    chosen = [case for case in cases if not keyword or keyword in case.name]
    if not chosen:
        return _complain("converse: no case to run")
    target = _target()
    try:
        LocalClient(target.rasa_url).health()
        target.bank.broken_invariants()
    except (LocalChannelDown, ChannelRefused, SandboxDown) as error:
        return _complain(f"converse: no running stack ({error}); start one with `make run`")
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        results = list(pool.map(lambda case: _run(case, target), chosen))
    failed = sum(1 for result in results if result.failure)
    if broken := _books(target.bank):
        print(f"FAILED the ledger of the whole bank, after all cases: {broken}")
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed or broken else 0


def _books(bank: SandboxBank) -> str:
    try:
        return bank.broken_invariants()
    except SandboxDown as error:
        return str(error)


def _read(files: list[Path]) -> tuple[list[Case], list[str]]:
    cases: list[Case] = []
    mistakes = []
    for path in files:
        for file in sorted(path.rglob("*.yml")) if path.is_dir() else [path]:
            try:
                cases += read_cases(file)
            except CaseError as error:
                mistakes.append(str(error))
    return cases, mistakes


def _target() -> Target:
    return Target(
        rasa_url=environment.require("RASA_URL"),
        bank=SandboxBank(environment.require("CORE_BANK_URL"), environment.require("CORE_BANK_TOKEN_SANDBOX")),
        var=Path(environment.require("ZHANGGUI_VAR")),
        core_bank_database_url=os.environ.get("CORE_BANK_DATABASE_URL", ""),
        wechat=_wechat,
    )


def _wechat() -> WeChatAccount:
    """The sandbox's own account at the stand-in."""
    url, token = environment.require("WECHAT_SANDBOX_URL"), environment.require("WECHAT_SANDBOX_TOKEN")
    return Tencent(url, token).account(environment.require("WECHAT_APP_ID"))


def _run(case: Case, target: Target) -> Result:
    result = run_case(case, target)
    with _printing:
        if result.failure:
            print(f"FAILED {case.place} {case.name}", *result.transcript, f"  {result.failure}", sep="\n", flush=True)
        else:
            print(f"passed {case.place} {case.name}", flush=True)
    return result


def _complain(*lines: str) -> int:
    print(*lines, sep="\n", file=sys.stderr)
    return USAGE_ERROR

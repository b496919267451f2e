"""`make bench`: how fast the assistant answers, what that costs, and where the time goes.

Each customer has worlds and conversations of its own and plays a fixed script, one turn after the other without pauses.
Parts are measured inside the processes (benchmarks/timed.py) as wall time; they add up for one customer only, where
nothing waits for anything else, so that is the run whose shares are shown.
"""

import json
import os
import platform
import shutil
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import psutil

from benchmarks.timed import PARTS, WRITE_EVERY
from tools.bench_report import show, summary
from tools.console import ROOT, CommandError, Heartbeat, fail, say
from tools.converse_bank import SandboxBank, SandboxDown
from tools.local_client import ChannelRefused, LocalChannelDown, LocalClient
from tools.stack import Stack, StackError, procfile
from tools.train import ensure_model

RUNS = {1: 20, 8: 5, 32: 2}  # customers at a time -> rounds of the script for each
LOGIN = "zhangwei"
SCRIPT = (  # kind of turn, what is typed (None: the code from the SMS), what a right answer holds
    ("greeting", "你好", ""),
    ("balance", "查一下余额", "52,318.66"),
    ("transactions", "最近的交易明细", "¥"),
    ("transfer", "给李娜转500", "500.00"),
    ("confirm", "确认", "验证码"),
    ("code", None, "成功"),
    ("freeze", "冻结尾号1122的卡", "1122"),
)


@dataclass(frozen=True)
class Turn:
    """One measured turn: seconds from sending to the whole answer."""

    kind: str
    seconds: float
    right: bool


class Meter:
    """CPU seconds, memory and stopwatches of the processes of a stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._roots = {name: psutil.Process(process.pid) for name, process in stack.processes.items()}

    def cpu(self) -> dict[str, float]:
        """CPU seconds used so far, by process tree; `client` is this one."""
        trees = {**self._roots, "client": psutil.Process()}
        return {name: sum(_cpu(process) for process in _tree(root, name)) for name, root in trees.items()}

    def memory(self) -> dict[str, float]:
        """Resident memory in MB, by process tree."""
        return {
            name: round(sum(process.memory_info().rss for process in _tree(root, name)) / 1e6)
            for name, root in self._roots.items()
        }

    def parts(self) -> dict[str, dict[str, float]]:
        """Wall seconds and calls by part, once the processes have written them down."""
        time.sleep(2 * WRITE_EVERY)
        found: dict[str, dict[str, float]] = {}
        for path in (self._stack.var / "timing").glob("*.json"):
            found.update(json.loads(path.read_text(encoding="ascii")))
        return found


def _tree(root: psutil.Process, name: str) -> list[psutil.Process]:
    return [root] if name == "client" else [root, *root.children(recursive=True)]


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@dataclass(frozen=True)
class Visit:
    """An open conversation of a customer in a world of its own."""

    world: str
    client: LocalClient


def visit(stack: Stack, bank: SandboxBank) -> Visit:
    """Make a world and sign in; neither is measured."""
    world, client = bank.create_world(), LocalClient(stack.rasa_url)
    client.open(LOGIN, world=world)
    return Visit(world, client)


def play(here: Visit, bank: SandboxBank) -> list[Turn]:
    """One round of the script."""
    turns = []
    for kind, text, expected in SCRIPT:
        message = text or bank.codes(here.world, LOGIN)[-1]
        started = time.perf_counter()
        try:
            reply = here.client.say(message)
            right = not reply.incident and expected in reply.text and bool(reply.text)
        except (ChannelRefused, LocalChannelDown):
            right = False
        turns.append(Turn(kind, time.perf_counter() - started, right))
    return turns


def measure(stack: Stack, bank: SandboxBank, customers: int, rounds: int) -> dict[str, Any]:
    """Play the script with so many customers at a time."""
    meter = Meter(stack)
    with Heartbeat("bench", f"{customers} customers") as beat:
        beat.stage(f"{customers} customers: preparing {customers * rounds} worlds")
        visits = [[visit(stack, bank) for _ in range(rounds)] for _ in range(customers)]
        beat.stage(f"{customers} customers: {customers * rounds * len(SCRIPT)} turns")
        cpu, parts, started = meter.cpu(), meter.parts(), time.perf_counter()
        with ThreadPoolExecutor(customers) as pool:
            played = pool.map(lambda own: [turn for here in own for turn in play(here, bank)], visits)
            turns = [turn for of_one in played for turn in of_one]
        seconds = time.perf_counter() - started
        spent = {name: used - cpu[name] for name, used in meter.cpu().items()}
        after = meter.parts()
    inside = {
        part: {what: value - parts.get(part, {}).get(what, 0) for what, value in found.items()}
        for part, found in after.items()
    }
    return summary(customers, [asdict(turn) for turn in turns], seconds, spent, inside)


def timed_commands() -> dict[str, str]:
    """Procfile with the stopwatches of benchmarks/timed.py in Rasa and in the action server."""
    commands = procfile()
    for module in PARTS:
        timed = {
            name: command.replace(f"-m {module} ", f"-m benchmarks.timed {module} ")
            for name, command in commands.items()
        }
        assert timed != commands, f"no process runs {module}"
        commands = timed
    return commands


def commit() -> str:
    """Short name of what is measured; `-dirty` when the tree differs from it."""
    git = ["git", "-C", str(ROOT)]
    head = subprocess.run([*git, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False)
    changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=False)
    return (head.stdout.strip() or "uncommitted") + ("-dirty" if changed.stdout.strip() else "")


def main() -> int:
    """`python -m tools bench`; returns 1 when a turn was not answered rightly. Raises CommandError."""
    started = time.monotonic()
    model = ensure_model(force=True)
    training = time.monotonic() - started
    var = Path(os.environ["ZHANGGUI_VAR"]) / "bench"
    shutil.rmtree(var, ignore_errors=True)
    try:
        with Stack(var, model, timed_commands()) as stack:
            bank = SandboxBank(stack.core_bank_url, stack.environment["CORE_BANK_TOKEN_SANDBOX"])
            meter = Meter(stack)
            play(visit(stack, bank), bank)  # first calls open connections and load code
            idle = meter.memory()
            runs = [measure(stack, bank, customers, rounds) for customers, rounds in RUNS.items()]
            found = {
                "commit": commit(),
                "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
                "machine": {"cpus": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
                "training_seconds": round(training, 1),
                "cold_start_seconds": round(stack.seconds_to_ready, 1),
                "memory_mb": {"idle": idle, "after": meter.memory()},
                "runs": runs,
            }
    except (StackError, SandboxDown, ChannelRefused, LocalChannelDown) as error:
        raise CommandError(f"{error}; logs are in {var / 'log'}") from None
    show(found)
    path = ROOT / "benchmarks" / "results" / f"{found['commit']}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    say("bench", f"written to {path.relative_to(ROOT)}")
    wrong = sum((run["wrong_answers"] for run in runs), Counter[str]())
    counted = ", ".join(f"{kind} {count}" for kind, count in wrong.items())
    return fail("bench", f"turns were not answered rightly, so the figures mean little: {counted}") if wrong else 0

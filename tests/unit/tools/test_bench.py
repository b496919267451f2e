import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.timed import Stopwatches
from tools import bench, bench_report


def turn(kind: str, seconds: float, right: bool = True) -> dict[str, object]:
    return {"kind": kind, "seconds": seconds, "right": right}


def test_percentiles_are_measured_values() -> None:
    values = [float(number) for number in range(1, 101)]
    assert [bench_report.percentile(values, share) for share in (0.5, 0.95, 0.99)] == [50, 95, 99]
    assert bench_report.percentile([7.0], 0.99) == 7


def test_a_part_inside_another_counts_once_and_the_rest_is_named() -> None:
    parts = {
        "nlu": {"seconds": 0.2, "calls": 10},
        "action": {"seconds": 0.5, "calls": 10},
        "core": {"seconds": 0.3, "calls": 20},
    }
    found = bench_report.shares(parts, turns=10, seconds=1.0)
    assert found == {"nlu": 20, "policy": 0, "action": 20, "core": 30, "stores": 0, "rest": 30}


def test_a_summary_of_a_run_and_its_tables(capsys: pytest.CaptureFixture[str]) -> None:
    turns = [turn("greeting", 0.1), turn("balance", 0.3, right=False)]
    run = bench_report.summary(1, turns, 0.5, {"rasa": 0.04}, {"nlu": {"seconds": 0.01, "calls": 2}})
    assert run["turns_per_second"] == 4.0
    assert run["wrong_answers"] == {"balance": 1}
    assert run["cpu_ms_per_turn"] == {"rasa": 20.0}
    assert run["latency_ms"]["balance"] == {"p50": 300.0, "p95": 300.0, "p99": 300.0}
    memory = {"idle": {"rasa": 1.0}, "after": {"rasa": 2.0}}
    bench_report.show({"runs": [run], "memory_mb": memory, "training_seconds": 1, "cold_start_seconds": 2})
    assert "greeting" in capsys.readouterr().out
    assert json.loads(json.dumps(run))["turns"] == 2


def test_stopwatches_time_functions_and_coroutines(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("benchmarks.timed.time.perf_counter", lambda: now)

    def work(seconds: float) -> None:
        nonlocal now
        now += seconds

    async def work_later(seconds: float) -> None:
        work(seconds)

    def fail_after(seconds: float) -> None:
        work(seconds)
        raise ZeroDivisionError

    watches = Stopwatches()
    asyncio.run(watches.wrap("a", work_later)(3))
    watches.wrap("b", work)(0.25)
    with pytest.raises(ZeroDivisionError):
        watches.wrap("b", fail_after)(0.5)
    assert watches.snapshot() == {"a": {"seconds": 3.0, "calls": 1}, "b": {"seconds": 0.75, "calls": 2}}


def test_rasa_and_the_action_server_run_under_the_stopwatches() -> None:
    commands = bench.timed_commands()
    assert "python -m benchmarks.timed rasa run " in commands["rasa"]
    assert "python -m benchmarks.timed rasa_sdk " in commands["actions"]
    assert not any("benchmarks" in command for name, command in commands.items() if name not in ("rasa", "actions"))


def test_everything_that_is_timed_exists(tmp_path: Path) -> None:
    """Rasa's internals change names; a stopwatch on nothing would show a share of nothing."""
    script = "from benchmarks.timed import *; watches = Stopwatches(); [install(module, watches) for module in PARTS]"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=tmp_path)

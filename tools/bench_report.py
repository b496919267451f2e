"""Figures of `make bench` from what was measured, and the tables on the terminal."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

PARTS = ("nlu", "policy", "action", "core", "stores", "rest")


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest rank: the smallest value that at least `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def latency(turns: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Milliseconds."""
    seconds = [turn["seconds"] for turn in turns]
    return {f"p{round(share * 100)}": round(percentile(seconds, share) * 1000, 1) for share in (0.5, 0.95, 0.99)}


def shares(parts: dict[str, dict[str, float]], turns: int, seconds: float) -> dict[str, float]:
    """Milliseconds a turn by part, of `seconds` that all turns took together.

    A part that holds another one is shown without it; `rest` is what no part claims: channel, HTTP, Rasa's own loop.
    """
    spent = {part: found["seconds"] * 1000 / turns for part, found in parts.items()}
    core, action = spent.get("core", 0.0), spent.get("action", 0.0)
    own = {**{part: spent.get(part, 0.0) for part in PARTS[:-1]}, "action": action - core}
    own["rest"] = seconds * 1000 / turns - sum(own.values())
    return {part: round(value, 2) for part, value in own.items()}


def summary(
    customers: int,
    turns: Sequence[dict[str, Any]],
    seconds: float,
    cpu: dict[str, float],
    parts: dict[str, dict[str, float]],
) -> dict[str, Any]:
    """One run: `turns` are {kind, seconds, right}, `cpu` CPU seconds by process, `parts` {seconds, calls} by part."""
    kinds = dict.fromkeys(turn["kind"] for turn in turns)
    return {
        "customers": customers,
        "turns": len(turns),
        "wrong_answers": Counter(turn["kind"] for turn in turns if not turn["right"]),
        "seconds": round(seconds, 2),
        "turns_per_second": round(len(turns) / seconds, 1),
        "latency_ms": {
            "all": latency(turns),
            **{kind: latency([turn for turn in turns if turn["kind"] == kind]) for kind in kinds},
        },
        "cpu_ms_per_turn": {name: round(used * 1000 / len(turns), 2) for name, used in cpu.items()},
        "wall_ms_per_turn": shares(parts, len(turns), sum(turn["seconds"] for turn in turns)),
        "calls_per_turn": {part: round(found["calls"] / len(turns), 2) for part, found in parts.items()},
    }


def show(found: dict[str, Any]) -> None:
    """Print the tables."""
    console = Console()
    runs = found["runs"]
    for table in (_latency(runs), _costs(runs), _shares(runs[0]), _memory(found)):
        console.print(table)
    console.print(f"training {found['training_seconds']} s, cold start {found['cold_start_seconds']} s")


def _latency(runs: Sequence[dict[str, Any]]) -> Table:
    table = Table("turn", *(f"{run['customers']} customers" for run in runs), title="Latency, ms: p50 / p95 / p99")
    for kind in runs[0]["latency_ms"]:
        cells = [" / ".join(f"{value:.0f}" for value in run["latency_ms"][kind].values()) for run in runs]
        table.add_row(kind, *cells, end_section=kind == "all")
    return table


def _costs(runs: Sequence[dict[str, Any]]) -> Table:
    names = list(runs[0]["cpu_ms_per_turn"])
    table = Table("customers", "turns", "wrong", "turns/s", *names, title="Throughput, and CPU ms a turn by process")
    for run in runs:
        cpu = [f"{run['cpu_ms_per_turn'][name]:.1f}" for name in names]
        counts = (run["customers"], run["turns"], run["wrong_answers"].total(), run["turns_per_second"])
        table.add_row(*map(str, counts), *cpu)
    return table


def _shares(run: dict[str, Any]) -> Table:
    total = sum(run["wall_ms_per_turn"].values()) or 1.0
    table = Table("part", "ms a turn", "share", "calls a turn", title="Where a turn's time goes, one customer")
    for part, spent in run["wall_ms_per_turn"].items():
        calls = run["calls_per_turn"].get(part)
        table.add_row(part, f"{spent:.1f}", f"{spent / total:.0%}", "" if calls is None else f"{calls:.1f}")
    return table


def _memory(found: dict[str, Any]) -> Table:
    table = Table("process", "idle", "after", title="Memory, MB")
    for name, idle in found["memory_mb"]["idle"].items():
        table.add_row(name, f"{idle:.0f}", f"{found['memory_mb']['after'][name]:.0f}")
    return table

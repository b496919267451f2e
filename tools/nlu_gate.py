"""`python -m tools nlu_gate`: the model against the held-out sentences, the floors and the committed baseline."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.console import ROOT, CommandError, Heartbeat, say
from tools.nlu_data import held_out, held_out_sets
from tools.nlu_floors import Floors, Measured, as_baseline, broken, limits, measure, regressions
from tools.nlu_model import NluModel, open_fitting
from tools.nlu_score import read_all

FOLDER = ROOT / "tests" / "nlu"
COUNTS = ("sentences",)  # figures that are no shares


def main(update: bool) -> int:
    """Print the table and what fails; `update` writes the baseline first. Raises CommandError."""
    model = open_fitting("nlu_gate")
    floors = Floors.read(FOLDER / "gate.yml", model.fallback.get("urgent", []))
    measured = evaluate(model, FOLDER, floors)
    path = FOLDER / "baseline.json"
    if update:
        text = json.dumps(as_baseline(measured, floors), ensure_ascii=False, indent=1) + "\n"
        path.write_text(text, encoding="utf-8")
        say("nlu_gate", f"wrote {path.relative_to(ROOT)}")
    baseline = read_baseline(path)
    print(table(measured, baseline, floors))
    failures = [*broken(measured, floors), *regressions(measured, baseline, floors)]
    if failures:
        print("\n".join([f"\n{len(failures)} failures:\n", *(f"- {failure}" for failure in failures)]))
    return 1 if failures else 0


def evaluate(model: NluModel, folder: Path, floors: Floors) -> Measured:
    """Read every held-out sentence of `folder`. Raises CommandError."""
    sentences, sets, exam = held_out(folder), held_out_sets(folder / "robustness"), held_out(folder / "entities")
    total = len(sentences) + sum(map(len, sets.values())) + len(exam)
    with Heartbeat("nlu_gate", f"reading {total} held-out sentences"):
        read_sets = {name: read_all(found, model.parse) for name, found in sets.items()}
        return measure(read_all(sentences, model.parse), read_sets, read_all(exam, model.parse), floors)


def read_baseline(path: Path) -> dict[str, Any]:
    """Raises CommandError when there is none, or none that can be read."""
    try:
        baseline: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {key: baseline[key] for key in ("figures", "f1", "confusions")}
    except FileNotFoundError:
        raise CommandError(f"{path} does not exist: write it with `python -m tools nlu_gate --update`") from None
    except (ValueError, KeyError, TypeError):
        raise CommandError(f"{path} is no baseline: restore it, or use `python -m tools nlu_gate --update`") from None


def table(measured: Measured, baseline: Mapping[str, Any], floors: Floors) -> str:
    """Markdown, one figure a line."""
    demanded = limits(floors)
    lines = ["| measure | now | baseline | floor | |", "|---|---:|---:|---:|---|"]
    for name, figure in measured.figures.items():
        limit = demanded.get(name)
        verdict = "" if limit is None else "ok" if limit.holds(figure) else "**FAILS**"
        before = baseline["figures"].get(name)
        cells = (name, shown(name, figure), "" if before is None else shown(name, before), limit or "", verdict)
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def shown(name: str, figure: float) -> str:
    return f"{figure:.0f}" if name in COUNTS else f"{figure:.4f}"

"""Which policy decides what follows an answer: `python -m benchmarks.policy [name ...]`.

Each candidate learns data/stories beside our rules and then says the next action of the dialogues of tests/dialogue,
which no story contains; intents and entities are given. A decision is the first action of a turn whose intent
(`inform`, `correct_value`, `affirm`, `deny`) means something only after what went before; all actions are those that no
form takes. Milliseconds are of one prediction by all policies together, as in the product; seconds are of training them
all, rules included; both of processor time, so that a busy machine does not count. The table goes to docs/decisions.md.
"""

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.dialogues import ROOT, Prediction, configured_policies, load, read, replay, train

RULES = next(policy for policy in configured_policies() if policy["name"].endswith("ResumingRulePolicy"))
TED = {"name": "TEDPolicy", "constrain_similarities": True, "random_seed": 1, "evaluate_on_number_of_examples": 0}
SMALL = {"transformer_size": {"text": 64, "dialogue": 64}, "embedding_dimension": 20}
MEMORY = {"name": "AugmentedMemoizationPolicy", "max_history": 3}
LINEAR = {"name": "addons.components.linear_history_policy.LinearHistoryPolicy"}

STRUNG, AS_WRITTEN = 50, 0
"""Rasa's augmentation of stories: its default, none."""

CANDIDATES: dict[str, tuple[list[dict[str, Any]], int]] = {
    "rules": ([], STRUNG),
    "memoization": ([MEMORY], STRUNG),
    "ted-small-30": ([{**TED, **SMALL, "max_history": 5, "epochs": 30}], STRUNG),
    "ted-small-100-as-written": ([{**TED, **SMALL, "max_history": 5, "epochs": 100}], AS_WRITTEN),
    "ted-default-100-as-written": ([{**TED, "max_history": 8, "epochs": 100}], AS_WRITTEN),
    "linear": ([LINEAR], STRUNG),
    "memoization+linear": ([MEMORY, LINEAR], STRUNG),
}


@dataclass(frozen=True)
class Outcome:
    """One line of the table."""

    name: str
    decisions: float
    actions: float
    milliseconds: float
    seconds: float

    def row(self) -> str:
        """The line in Markdown."""
        shares = f"{self.decisions:.1%} | {self.actions:.1%}"
        return f"| {self.name} | {shares} | {self.milliseconds:.1f} | {self.seconds:.0f} |"


def measure(name: str) -> Outcome:
    """Train one candidate and let it say the dialogues."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RASA_CACHE_DIRECTORY"] = f"{folder}/cache"  # else what is the same in two candidates trains once
        policies, augmentation = CANDIDATES[name]
        begin = time.process_time()
        model = train([*policies, RULES], Path(folder), augmentation)
        seconds = time.process_time() - begin
        agent = load(model)
        dialogues = read(sorted((ROOT / "tests" / "dialogue").glob("*.yml")))
        predictions = [prediction for dialogue in dialogues for prediction in replay(agent, dialogue)]
    decisions = [prediction for prediction in predictions if prediction.is_decision]
    milliseconds = 1000 * statistics.median(prediction.seconds for prediction in predictions)
    return Outcome(name, _share_right(decisions), _share_right(predictions), milliseconds, seconds)


def _share_right(predictions: list[Prediction]) -> float:
    return sum(prediction.is_right for prediction in predictions) / len(predictions)


def main() -> None:
    """Print a Markdown table, a line as soon as it is known."""
    print("| policies beside the rules | decisions | all actions | ms a prediction | training s |", flush=True)
    print("|---|---|---|---|---|", flush=True)
    for name in sys.argv[1:] or CANDIDATES:
        print(measure(name).row(), flush=True)


if __name__ == "__main__":
    main()

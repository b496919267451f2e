"""Dialogues as the policies see them: intents and kinds of entities are given, the next action is asked for."""

import asyncio
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
import yaml
from rasa.core.agent import Agent, load_agent
from rasa.model_training import train_core
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data import loading
from rasa.shared.core.training_data.structures import StoryGraph

ROOT = Path(__file__).resolve().parent.parent
DECIDED_BY_HISTORY = frozenset({"inform", "correct_value", "affirm", "deny"})
"""Intents that mean something only after what went before; rules answer nearly all others."""


@dataclass(frozen=True)
class Prediction:
    """One action of a dialogue, and what the policies said in its place."""

    dialogue: str
    expected: str
    predicted: str
    seconds: float
    is_decision: bool

    @property
    def is_right(self) -> bool:
        return self.expected == self.predicted


def train(policies: Sequence[dict[str, Any]], folder: Path, augmentation: int = 50) -> Path:
    """A model of the project's rules and stories and nothing else, with these policies.

    `augmentation` is Rasa's: how many stories it strings together at random for policies that take them.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    for kind in ("rules", "stories"):
        shutil.copytree(ROOT / "data" / kind, folder / "data" / kind)
    config = folder / "config.yml"
    config.write_text(
        yaml.safe_dump({"recipe": "default.v1", "language": "zh", "pipeline": [], "policies": list(policies)}), "utf-8"
    )
    more = {"augmentation_factor": augmentation}
    trained = train_core(str(ROOT / "domain.yml"), str(config), str(folder / "data"), str(folder), "core", more)
    return Path(str(trained))


def configured_policies() -> list[dict[str, Any]]:
    """Those of config.yml."""
    policies: list[dict[str, Any]] = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))["policies"]
    return policies


def read(files: Sequence[Path]) -> list[DialogueStateTracker]:
    """The dialogues of files in Rasa's format of stories."""
    domain = Domain.load(str(ROOT / "domain.yml"))
    steps = loading.load_data_from_files([str(file) for file in files], domain)
    generator = TrainingDataGenerator(
        StoryGraph(steps), domain, augmentation_factor=0, use_story_concatenation=False, remove_duplicates=False
    )
    return list(generator.generate())


def load(model: Path) -> Agent:
    """The policies of a model, ready to predict."""
    return asyncio.run(load_agent(model_path=str(model)))


def replay(agent: Agent, dialogue: DialogueStateTracker) -> Iterator[Prediction]:
    """Ask for every action after the first message that no form takes; the dialogue goes on as it is written."""
    processor = agent.processor
    if processor is None or agent.domain is None:
        raise ValueError("the model has no policies")
    tracker = DialogueStateTracker(dialogue.sender_id, agent.domain.slots)
    for event in dialogue.events:
        message = tracker.latest_message
        if isinstance(event, ActionExecuted) and message and message.intent_name and not tracker.active_loop_name:
            begin = time.process_time()
            action, prediction = processor.predict_next_with_tracker_if_should(tracker)
            seconds = time.process_time() - begin
            turn_begins = tracker.latest_action_name == ACTION_LISTEN_NAME
            is_decision = turn_begins and message.intent_name in DECIDED_BY_HISTORY
            yield Prediction(dialogue.sender_id, str(event.action_name), action.name(), seconds, is_decision)
            tracker.update_with_events(list(prediction.events or []), agent.domain)
            tracker.update(ActionExecuted(event.action_name, hide_rule_turn=prediction.hide_rule_turn))
        else:
            tracker.update(event)

"""The policies of config.yml, trained on rules and stories, on dialogues that no story contains; no NLU."""

from pathlib import Path

import pytest
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from benchmarks.dialogues import ROOT, Prediction, configured_policies, load, read, replay, train

HELD_OUT = sorted((ROOT / "tests" / "dialogue").glob("*.yml"))
STORIES = sorted((ROOT / "data" / "stories").glob("*.yml"))
FLOOR = 0.94
"""Share of right decisions; those of the stories themselves are all right."""

Step = tuple[str, ...]


@pytest.fixture(scope="module")
def dialogues() -> dict[str, list[DialogueStateTracker]]:
    """The stories and the dialogues that are held out; reading them takes seconds."""
    return {"stories": read(STORIES), "held out": read(HELD_OUT)}


@pytest.fixture(scope="module")
def said(
    tmp_path_factory: pytest.TempPathFactory, dialogues: dict[str, list[DialogueStateTracker]]
) -> dict[str, list[Prediction]]:
    """Predictions of all actions, of the stories and of the dialogues that are held out."""
    folder: Path = tmp_path_factory.mktemp("policies")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RASA_CACHE_DIRECTORY", str(folder / "cache"))
        agent = load(train(configured_policies(), folder))
    return {name: [one for dialogue in found for one in replay(agent, dialogue)] for name, found in dialogues.items()}


def _steps(dialogue: DialogueStateTracker) -> list[Step]:
    """Intents with kinds of entities, and actions, as far as a policy sees them."""
    steps: list[Step] = []
    for event in dialogue.events:
        if isinstance(event, UserUttered):
            steps.append((str(event.intent_name), *sorted(entity["entity"] for entity in event.entities)))
        elif isinstance(event, ActionExecuted):
            steps.append((str(event.action_name),))
    return steps


def _wrong(predictions: list[Prediction]) -> list[str]:
    wrong = [one for one in predictions if one.is_decision and not one.is_right]
    return [f"{one.dialogue}: {one.predicted}, not {one.expected}" for one in wrong]


def test_no_story_contains_a_dialogue_that_is_held_out(dialogues: dict[str, list[DialogueStateTracker]]) -> None:
    stories = [_steps(story) for story in dialogues["stories"]]
    held_out = [_steps(dialogue) for dialogue in dialogues["held out"]]
    assert len(held_out) >= 60
    for dialogue in held_out:
        longer = [story for story in stories if len(story) >= len(dialogue)]
        ends = [(story, place) for story in longer for place in range(len(story) - len(dialogue) + 1)]
        assert not any(story[place : place + len(dialogue)] == dialogue for story, place in ends), dialogue


def test_dialogues_that_no_story_contains(said: dict[str, list[Prediction]]) -> None:
    decisions = [one for one in said["held out"] if one.is_decision]
    wrong = _wrong(said["held out"])
    assert 1 - len(wrong) / len(decisions) >= FLOOR, "\n".join(wrong)


def test_every_story_is_told_as_it_is_written(said: dict[str, list[Prediction]]) -> None:
    assert _wrong(said["stories"]) == []

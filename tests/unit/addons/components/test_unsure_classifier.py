from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from addons.components.unsure_classifier import UnsureClassifier

CONFIG = {
    **UnsureClassifier.get_default_config(),
    "threshold": 0.3,
    "ambiguity_threshold": 0.1,
    "urgent": ["freeze_card", "report_lost_card"],
    "urgent_threshold": 0.15,
    "cautious": ["transfer_money", "report_lost_card"],
    "cautious_lead": 0.4,
}


def _read(*ranking: tuple[str, float]) -> str:
    entries: list[dict[str, Any]] = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    message = Message(data={"text": "x", "intent": entries[0], "intent_ranking": entries})
    [processed] = UnsureClassifier(CONFIG).process([message])
    return str(processed.get("intent")["name"])


@pytest.mark.parametrize(
    ("ranking", "intent"),
    [
        ((("greet", 0.9), ("thank", 0.1)), "greet"),
        ((("greet", 0.2), ("thank", 0.1)), "nlu_fallback"),
        ((("greet", 0.4), ("thank", 0.35)), "nlu_fallback"),
        ((("freeze_card", 0.2), ("thank", 0.1)), "freeze_card"),
        ((("freeze_card", 0.2), ("thank", 0.19)), "freeze_card"),
        ((("freeze_card", 0.1), ("thank", 0.05)), "nlu_fallback"),
        ((("thank", 0.2), ("freeze_card", 0.19)), "nlu_fallback"),
    ],
)
def test_an_urgent_reading_counts_where_another_would_be_asked_again(
    ranking: tuple[tuple[str, float], ...], intent: str
) -> None:
    assert _read(*ranking) == intent


@pytest.mark.parametrize(
    ("ranking", "intent"),
    [
        ((("transfer_money", 0.7), ("thank", 0.2)), "transfer_money"),
        ((("transfer_money", 0.6), ("thank", 0.3)), "nlu_fallback"),
        ((("transfer_money", 0.5),), "transfer_money"),
        ((("transfer_money", 0.35),), "nlu_fallback"),
        ((("report_lost_card", 0.5), ("thank", 0.2)), "nlu_fallback"),
        ((("report_lost_card", 0.7), ("thank", 0.2)), "report_lost_card"),
        ((("thank", 0.6), ("transfer_money", 0.3)), "thank"),
    ],
)
def test_a_dangerous_reading_is_asked_again_unless_it_is_clearly_ahead(
    ranking: tuple[tuple[str, float], ...], intent: str
) -> None:
    assert _read(*ranking) == intent

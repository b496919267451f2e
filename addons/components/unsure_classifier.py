"""When to ask again rather than act: Rasa's thresholds, stricter for what is dangerous, looser for what is urgent."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class UnsureClassifier(FallbackClassifier):
    """FallbackClassifier; a `cautious` intent must lead by `cautious_lead`, an `urgent` one is taken early.

    Asking a customer whose card was stolen to say it again costs money; freezing a card that was meant to be found
    costs a code. So an urgent reading that comes first counts from `urgent_threshold` on, even when another reading is
    about as likely. What moves money or answers a question about moving it is asked again unless it is clearly ahead;
    an intent may be both, then caution goes first.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's `threshold` and `ambiguity_threshold`; `urgent`, `cautious` (intent names) with their figures."""
        return {
            **FallbackClassifier.get_default_config(),
            "urgent": [],
            "urgent_threshold": 0.1,
            "cautious": [],
            "cautious_lead": 0.3,
        }

    def _should_fallback(self, message: Message) -> bool:
        intent = message.data[INTENT]
        name, confidence = intent[INTENT_NAME_KEY], intent[PREDICTED_CONFIDENCE_KEY]
        if name in self.component_config["cautious"] and _lead(message) < self.component_config["cautious_lead"]:
            return True
        if name in self.component_config["urgent"] and confidence >= self.component_config["urgent_threshold"]:
            return False
        return bool(super()._should_fallback(message))


def _lead(message: Message) -> float:
    """Of the first reading over the second; one that is alone leads by its confidence."""
    first, second = [*(entry[PREDICTED_CONFIDENCE_KEY] for entry in message.data[INTENT_RANKING_KEY]), 0.0, 0.0][:2]
    return float(first - second)

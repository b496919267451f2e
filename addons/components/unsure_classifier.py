"""When to ask again rather than act: Rasa's thresholds, and a lower one for intents that must not be missed."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class UnsureClassifier(FallbackClassifier):
    """FallbackClassifier; an intent of `urgent` that comes first is taken from `urgent_threshold` on.

    Asking a customer whose card was stolen to say it again costs money; freezing a card that was meant to be found
    costs a code. So a weak urgent reading counts, even when another reading is about as likely.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's `threshold` and `ambiguity_threshold`; `urgent` (intent names) with `urgent_threshold`."""
        return {**FallbackClassifier.get_default_config(), "urgent": [], "urgent_threshold": 0.1}

    def _should_fallback(self, message: Message) -> bool:
        intent = message.data[INTENT]
        urgent = intent[INTENT_NAME_KEY] in self.component_config["urgent"]
        if urgent and intent[PREDICTED_CONFIDENCE_KEY] >= self.component_config["urgent_threshold"]:
            return False
        return bool(super()._should_fallback(message))

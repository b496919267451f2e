"""Responses in the customer's manner: their conditions see what the channel knows about language and elder mode."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig


class MannerGenerator(TemplatedNaturalLanguageGenerator):
    """Rasa's own choice of variations, with the manner that the channel sent with the message in place of its slots.

    The manner may change with every message: a custom slot mapping would cost a call of the action server each time.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The response, filled in; None when the domain lacks it."""
        latest = tracker.latest_message
        manner = ((latest.metadata or {}) if latest else {}).get("manner") or {}
        slots = {**tracker.current_slot_values(), **manner}
        filled: dict[str, Any] | None = self.generate_from_slots(utter_action, slots, output_channel, **kwargs)
        return filled

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from addons.channels.manner_generator import MannerGenerator

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    slots:
      name: {type: text, mappings: [{type: custom}]}
      language: {type: text, initial_value: zh, mappings: [{type: custom}]}
    responses:
      utter_hello:
      - text: 您好，{name}
      - text: Hello {name}
        condition: [{type: slot, name: language, value: en}]
    """
)


async def _said(metadata: dict[str, Any] | None) -> Any:
    tracker = DialogueStateTracker.from_events(
        "sender", [SlotSet("name", "Li"), UserUttered("hi", metadata=metadata)], slots=DOMAIN.slots
    )
    response = await MannerGenerator(EndpointConfig(), DOMAIN).generate("utter_hello", tracker, "local")
    return response and response["text"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("metadata", "text"),
    [
        ({"manner": {"language": "en"}}, "Hello Li"),
        ({"manner": {"language": "zh"}}, "您好，Li"),
        ({}, "您好，Li"),
        (None, "您好，Li"),
    ],
)
async def test_the_variation_is_the_one_for_the_manner_of_the_message(
    metadata: dict[str, Any] | None, text: str
) -> None:
    assert await _said(metadata) == text

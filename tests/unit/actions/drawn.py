"""What leaves for a channel when an action has run: its messages through Rasa's own code, our NLG and our collector."""

import asyncio
import copy
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from addons.channels.manner_generator import MannerGenerator
from addons.channels.output import Collector
from banking.memory import MemoryBank
from tests.unit.actions.stage import Stage

ENGLISH, ELDER = {"language": "en"}, {"elder_mode": True}
FIGURE = re.compile(r"\d[\d,.]*\d|\d")
HAN = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=1)
def _domain() -> Domain:
    return Domain.load("domain.yml")


def sent(stage: Stage, response: str | None = None) -> list[dict[str, Any]]:
    """The messages of the stage's last action, or a response that Rasa says by itself."""
    said = [{"response": response}] if response else copy.deepcopy(stage.messages)
    return asyncio.run(_sent(said, stage))


async def _sent(said: list[dict[str, Any]], stage: Stage) -> list[dict[str, Any]]:
    domain, channel = _domain(), Collector("web")
    tracker = DialogueStateTracker("sender", domain.slots)
    tracker.update(UserUttered("", {"name": "inform"}, metadata={"manner": stage.manner}), domain)
    nlg = MannerGenerator(EndpointConfig(), domain)
    for event in await RemoteAction._utter_responses(said, channel, nlg, tracker):
        await channel.send_response("sender", event.message())
    return channel.messages


def texts(payload: Any) -> Iterator[str]:
    """Every text of a payload that a customer reads."""
    if isinstance(payload, dict):
        for key, value in payload.items():
            yield from () if key in ("type", "state", "tone") else texts(value)
    elif isinstance(payload, list):
        for value in payload:
            yield from texts(value)
    elif isinstance(payload, str):
        yield payload


def figures(*said: str) -> set[str]:
    return {figure for text in said for figure in FIGURE.findall(text)}


def secrets(bank: MemoryBank, stage: Stage) -> set[str]:
    """Ids of the core bank: references, never for eyes."""
    session = str(stage.session)
    found = [*bank.accounts(session), *bank.cards(session), *bank.payees(session), *bank.branches(None)]
    drafts = [stage.slots.get(slot) for slot in ("transfer_draft", "service_draft", "transfer_pending")]
    return {one.id for one in found} | {str(draft) for draft in drafts if draft}


def check(message: dict[str, Any], bank: MemoryBank, stage: Stage) -> dict[str, Any]:
    """A panel with exactly the text's figures and without ids. Returns it."""
    panel: dict[str, Any] = message["custom"]
    assert figures(*texts(panel)) == figures(message["text"])
    written = json.dumps(panel, ensure_ascii=False)
    assert not [secret for secret in secrets(bank, stage) if secret in written]
    assert not re.search(r"\d{15,}", written) and "{" not in "".join(texts(panel))
    assert all(text == text.strip() and text for text in texts(panel))
    return panel

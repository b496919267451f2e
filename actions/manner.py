"""How the customer wants to be spoken to, and what they think of us: language, plain words, anger, a score.

The channel keeps the manner of a conversation (addons/channels/manner.py); here it is only understood and handed over.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.care import ActionRequestHuman
from actions.conversation import did_last
from actions.replies import Replies
from actions.turn import Turn

SCORE = re.compile(r"(?<!\d)([1-5])(?!\d)")
CHINESE_SCORE = re.compile(r"([一二两三四五])\s*(?:分|颗?星)")
GOOD_SCORE = 4


@lru_cache(maxsize=1)
def _words() -> Mapping[str, list[Mapping[Any, list[str]]]]:
    loaded: Mapping[str, list[Mapping[Any, list[str]]]] = yaml.safe_load(
        (Path(__file__).parent / "manner_words.yml").read_text("utf-8")
    )
    return loaded


def _named(group: str, text: str) -> Any | None:
    """The value of the first line of a group one of whose words is in the text."""
    lowered = text.lower()
    lines = ((value, words) for line in _words()[group] for value, words in line.items())
    return next((value for value, words in lines if any(word in lowered for word in words)), None)


class ActionSwitchLanguage(Action):
    """Changes the language that was named; asks when none was that we speak."""

    def name(self) -> str:
        return "action_switch_language"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        say, turn = Replies(dispatcher, domain, "dialogue"), Turn(tracker.latest_message)
        wanted = turn.reference("language_ref") or _named("languages", turn.text)
        if wanted is None:
            say.say("utter_switch_language_ask")
            return []
        say.set_manner(language=wanted)
        say.say(f"utter_language_{wanted.replace('-', '_').lower()}")
        return []


class ActionSetElderMode(Action):
    """Plain words on, or off when the customer wants the usual ones back."""

    def name(self) -> str:
        return "action_set_elder_mode"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        say, turn = Replies(dispatcher, domain, "dialogue"), Turn(tracker.latest_message)
        wanted = _named("elder_mode", turn.text) != "off"
        say.set_manner(elder_mode=wanted)
        say.say("utter_elder_mode_on" if wanted else "utter_elder_mode_off")
        return []


class ActionMeetComplaint(Action):
    """Anger about this assistant: sorry and one way on; the second time in a row straight to a person."""

    def name(self) -> str:
        return "action_meet_complaint"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        say = Replies(dispatcher, domain, "dialogue")
        if did_last(tracker.events, self.name()):
            say.say("utter_complain_bot_again")
            return await ActionRequestHuman().run(dispatcher, tracker, domain)
        say.say("utter_complain_bot")
        return []


class ActionRateService(Action):
    """Thanks for a good score, regret for a bad one, and a question for the score when there was none."""

    def name(self) -> str:
        return "action_rate_service"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        say, score = Replies(dispatcher, domain, "dialogue"), _score(Turn(tracker.latest_message))
        if score is None:
            say.say("utter_rate_service_ask")
        else:
            say.say("utter_rate_service_good" if score >= GOOD_SCORE else "utter_rate_service_bad")
        return []


def _score(turn: Turn) -> int | None:
    """1 to 5, by button, figure or words; None when the message only speaks of rating."""
    pressed = turn.reference("score_ref")
    if pressed is not None:
        return int(pressed) if pressed in ("1", "2", "3", "4", "5") else None
    figure, counted = SCORE.search(turn.text), CHINESE_SCORE.search(turn.text)
    if figure:
        return int(figure[1])
    if counted:
        return {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}[counted[1]]
    value = _named("scores", turn.text)
    return int(value) if value is not None else None

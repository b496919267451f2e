"""A half sentence after an answer: 「那信用卡呢」 is the query before it, with the one thing that changed.

Which query goes on is for the policy to say (data/stories). An action that takes part says `query = True`
(actions/forms.py) and finds in its turn what was asked before, as far as it was not said anew.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from actions.conversation import Conversation
from actions.service_answers import choice_words
from actions.turn import FOUR_DIGITS, Entity, Turn
from actions.words import word_groups

FOLLOWING = frozenset({"inform", "correct_value"})
ELLIPTICAL = re.compile(r"^(?:那|换|还有)|呢$")
"""What a sentence with an intent of its own begins or ends with when it leans on the one before."""

REMEMBERED = 3
"""Queries of a conversation that can be gone back to."""

LONGEST = 500
KINDS = {
    **dict.fromkeys(("card-tail", "accounts", "classes", "cards"), "account"),
    **dict.fromkeys(("spendings", "incomes"), "category"),
    "duration": "time",
    "amount-scope": "amount-of-money",
}
"""Entities and groups of words that say the same kind of thing; all others are kinds of their own."""

Span = tuple[str, int, int]


def take_up(talk: Conversation, action: str) -> None:
    """Give the turn of a query what it left unsaid, and remember the query as it is now."""
    queries: dict[str, Any] = dict(talk.memory["past_queries"] or {})
    before, turn = queries.pop(action, None), talk.turn
    if turn.is_button:
        asked = before or _asked("", turn.intent, ())  # a page of the same, or the query with nothing said
    elif before and _leans(turn, before):
        asked = _merged(turn, before)
        talk.read_as(**asked)
    else:
        asked = _asked(turn.text, turn.intent, turn.entities)
    latest = {**queries, action: asked}
    talk.memory.set(past_queries=dict(list(latest.items())[-REMEMBERED:]))


def _asked(text: str, intent: str, entities: Any) -> dict[str, Any]:
    kept = [dict(entity) for entity in entities if (entity.get("end") or 0) <= LONGEST]
    return {"text": text[:LONGEST], "intent": intent, "entities": kept}


def _leans(turn: Turn, before: Mapping[str, Any]) -> bool:
    if turn.intent in FOLLOWING:
        return True
    return turn.intent == before["intent"] and bool(ELLIPTICAL.search(turn.text.strip()))


def _merged(turn: Turn, before: Mapping[str, Any]) -> dict[str, Any]:
    """The new words, then what is left of the old ones: what was said anew is cut out of them."""
    anew = {kind for kind, _, _ in _spans(turn.text, turn.entities)}
    cuts = [(start, end) for kind, start, end in _spans(before["text"], before["entities"]) if kind in anew]
    kept = [place for place in range(len(before["text"])) if not any(start <= place < end for start, end in cuts)]
    first = len(turn.text) + 1
    moved = {place: first + index for index, place in enumerate(kept)}
    entities = [*turn.entities, *(_at(entity, moved) for entity in before["entities"] if _is_whole(entity, moved))]
    rest = "".join(before["text"][place] for place in kept)
    return _asked(f"{turn.text} {rest}", before["intent"], entities)


def _is_whole(entity: Entity, moved: Mapping[int, int]) -> bool:
    return entity.get("start") in moved and (entity.get("end") or 0) - 1 in moved


def _at(entity: Entity, moved: Mapping[int, int]) -> Entity:
    return {**entity, "start": moved[entity["start"]], "end": moved[entity["end"] - 1] + 1}


def _spans(text: str, entities: Any) -> Iterator[Span]:
    """The pieces of a text that say something a query can be narrowed by."""
    for entity in entities:
        if entity.get("end") is not None:
            yield KINDS.get(entity["entity"], entity["entity"]), entity["start"], entity["end"]
    for digits in FOUR_DIGITS.finditer(text):
        yield "account", *digits.span()
    for kind, words in _vocabulary().items():
        for word in words:
            if (start := text.find(word)) >= 0:
                yield kind, start, start + len(word)


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, frozenset[str]]:
    """Words that actions look for in a text, by what they are about."""
    found: dict[str, frozenset[str]] = {}
    for group, words in [*word_groups().items(), *choice_words().items()]:
        kind = KINDS.get(group, group)
        found[kind] = found.get(kind, frozenset()).union(*words.values())
    return found

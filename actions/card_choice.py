"""Which card is meant: by button, tail, kind, 全部, place in the list, or because there is only one."""

from collections.abc import Sequence

from actions.conversation import Conversation
from actions.payees import place
from actions.words import named, says_all
from banking.model import Card

ALL = "all"


def choose(talk: Conversation, cards: Sequence[Card], candidates: Sequence[Card]) -> tuple[list[Card], str | None]:
    """The cards meant, none when it is not clear; with a tail that no card of the customer has.

    `cards` are all cards of the customer: one that is named is taken whatever its state (the core knows what to say
    of it); `candidates` are those for which the service makes sense.
    """
    turn, text = talk.turn, str(talk.memory["card_said"] or "")
    reference = turn.reference("card_ref")
    if reference:
        return [card for card in cards if reference == card.id or (reference == ALL and card in candidates)], None
    tails = turn.tails(frozenset(card.tail for card in cards))
    if tails:
        found = [card for card in cards if card.tail in tails]
        return found, None if found else tails[-1]
    if talk.memory["card_choice"]:
        return [card for card in cards if card.id in talk.memory["card_choice"]], None
    if says_all(text):
        return list(candidates), None
    return _by_kind(talk, candidates, text), None


def _by_kind(talk: Conversation, candidates: Sequence[Card], text: str) -> list[Card]:
    kind, account_class = named("cards", text), named("classes", text)
    found = [
        card
        for card in candidates
        if (not kind or card.kind == kind) and (not account_class or card.account_class == account_class)
    ]
    if len(found) == 1:
        return found
    chosen = place(text, len(candidates)) if talk.asked == "card_choice" else None
    return [candidates[chosen]] if chosen is not None else []

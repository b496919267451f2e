"""Orders carried out in the turn in which they are asked for: nothing to confirm, no code."""

from collections.abc import Sequence

from actions import pending
from actions.conversation import Conversation
from actions.draft_panels import draft_card, order_unknown
from actions.replies import Button
from actions.session import ask
from banking.model import Draft
from banking.orders import Order
from banking.port import OutcomeUnknown

LONGEST = 200


async def carry_out(talk: Conversation, order: Order, buttons: Sequence[Button] = ()) -> None:
    """Do it and say `utter_<kind>_done` with the core's lines; unknown is said as such and told later.

    Raises BankError when it was not done.
    """
    draft: Draft = await ask("prepare", talk.session, order)
    found: Draft | None
    try:
        found = await ask("confirm", talk.session, draft.id)
    except OutcomeUnknown as error:
        talk.say.error(error)
        found = await pending.find_out(talk.session, draft.id)
    if found is None:
        talk.memory.set(service_pending=draft.id)
        talk.say.say("utter_service_still_unknown", (), order_unknown(talk.say, draft.canonical_text))
    elif found.state == "DONE" and found.result is not None:
        lines = pending.lines(talk.say, found.result.lines)
        talk.say.say(f"utter_{order.kind}_done", buttons, draft_card(talk.say, found), lines=lines)
    else:
        talk.say.say("utter_service_not_done", (), draft_card(talk.say, found), summary=found.canonical_text)


def own_words(talk: Conversation) -> str:
    """What the customer said, for the people who will read the ticket."""
    text = talk.turn.text.strip()
    return talk.say.phrase("phrase_said_by_button") if talk.turn.is_button or not text else text[:LONGEST]

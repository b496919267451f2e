"""Drafts at the core bank, whatever they are for: their one-time code, and giving them up.

A form keeps its draft in `<capability>_draft`, and "accepted" in `<capability>_code` once the core took the code. The
code itself never comes here: the channel hands it to the core (design §3.6).
"""

from actions.conversation import Conversation
from actions.forms import FormOver
from actions.session import ask
from banking.model import Draft
from banking.port import BankRefused, BankUnavailable, DraftClosed, OutcomeUnknown, TooManyCodes

ACCEPTED = "accepted"


async def challenge(talk: Conversation, capability: str, draft: Draft) -> str | None:
    """Send the code once, again when the customer asks.

    Returns the slot to ask for, None when a right code was given.
    """
    if draft.state == "AUTHORISED":
        talk.memory.set(**{f"{capability}_code": ACCEPTED})
        return None
    if draft.state == "DRAFT" or (draft.state == "CHALLENGED" and talk.turn.asks_for_new_code()):
        await _send_code(talk, capability, draft)
    elif draft.state != "CHALLENGED":
        raise DraftClosed(draft.state)
    return f"{capability}_code"


async def _send_code(talk: Conversation, capability: str, draft: Draft) -> None:
    try:
        sent: Draft = await ask("send_code", talk.session, draft.id)
    except TooManyCodes as refusal:
        talk.say.error(refusal)
        if draft.state != "CHALLENGED":
            raise FormOver from None
        return
    if sent.challenge is not None:
        talk.say.say("utter_bank_code_sent", phone=sent.challenge.sent_to)


async def check_code(talk: Conversation, capability: str) -> str | None:
    """After the channel handed a code to the core.

    The draft says whether it was right. Returns what to ask, None when authorised.
    """
    draft: Draft = await ask("draft", talk.session, talk.memory[f"{capability}_draft"])
    if draft.state == "AUTHORISED":
        talk.memory.set(**{f"{capability}_code": ACCEPTED})
        return None
    if draft.state == "LOCKED":
        talk.say.say("utter_bank_code_locked")
        raise FormOver
    if draft.state == "DRAFT":  # a code of an earlier draft: nothing waits for a code now
        talk.say.say("utter_bank_code_dead")
        return talk.asked
    if draft.state != "CHALLENGED":
        raise DraftClosed(draft.state)
    tries_left = draft.challenge.tries_left if draft.challenge else None
    talk.say.say(f"utter_bank_code_{talk.turn.code_result}", tries_left=tries_left)
    return f"{capability}_code"


async def give_up(talk: Conversation, capability: str) -> None:
    """Cancel the open draft.

    One that is over already, or a bank that does not answer, changes nothing: it expires and moves nothing.
    """
    draft_id = talk.memory[f"{capability}_draft"]
    talk.memory.set(**{f"{capability}_draft": None, f"{capability}_drafted": None})
    if not draft_id:
        return
    try:
        await ask("cancel", talk.session, draft_id)
    except (BankUnavailable, OutcomeUnknown, BankRefused):
        return

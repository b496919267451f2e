"""The core bank's draft of a transfer: made, replaced, and walked to its authorisation. No money moves here."""

from actions.conversation import Conversation
from actions.draft_panels import kept, rows_to_confirm
from actions.drafts import challenge, give_up
from actions.forms import FormOver
from actions.replies import account_tail, yuan
from actions.session import ask
from banking.model import Draft
from banking.port import (
    AmountInvalid,
    BankRefused,
    CardNotUsable,
    DraftClosed,
    DraftExpired,
    InsufficientFunds,
    LimitExceeded,
    PayeeUnavailable,
)

DETAILS = ("transfer_account", "transfer_payee", "transfer_amount")


async def keep_draft(talk: Conversation) -> str | None:
    """Make sure the draft is of just these details; a change makes a new one and kills the old with its code.

    Returns the slot to ask for when the core refused because of a detail that the customer can change.
    """
    memory = talk.memory
    details = [memory[name] for name in DETAILS]
    if memory["transfer_draft"] and memory["transfer_drafted"] == details:
        return None
    try:
        draft: Draft = await ask("draft_transfer", talk.session, *details, replaces=memory["transfer_draft"])
    except BankRefused as refusal:
        await give_up(talk, "transfer")
        return await _refused(talk, refusal)
    values = talk.say.transfer_values(draft.transfer) if draft.transfer else {}
    summary = talk.say.phrase("phrase_transfer_summary", summary=draft.canonical_text, **values)
    memory.set(transfer_draft=draft.id, transfer_drafted=details, transfer_summary=summary)
    memory.set(transfer_rows=kept(rows_to_confirm(talk.say, draft.transfer) if draft.transfer else ()))
    memory.set(transfer_confirmed=None, transfer_safe=None, transfer_code=None)
    return None


async def _refused(talk: Conversation, refusal: BankRefused) -> str | None:
    """Say why and ask for the detail that has to change. Raises the refusal when no detail can help."""
    memory, tail = talk.memory, ""
    if isinstance(refusal, (InsufficientFunds, CardNotUsable)):
        tail = account_tail(await ask("accounts", talk.session), memory["transfer_account"])
    if isinstance(refusal, (InsufficientFunds, LimitExceeded, AmountInvalid)):
        talk.say.error(refusal, amount=yuan(memory["transfer_amount"]), tail=tail)
        memory.set(transfer_amount=None)
        return "transfer_amount"
    if isinstance(refusal, PayeeUnavailable):
        talk.say.error(refusal)
        memory.set(transfer_payee=None, transfer_payee_name=None)
        return "transfer_payee"
    if isinstance(refusal, CardNotUsable):
        talk.say.error(refusal, tail=tail)
        raise FormOver
    raise refusal


async def authorise(talk: Conversation) -> str | None:
    """Walk the draft through the customer's decisions.

    Confirm, the scam question, the code. Returns what to ask, None when authorised.
    """
    memory = talk.memory
    if not memory["transfer_confirmed"]:
        return "transfer_confirmed"
    try:
        return await _authorise(talk)
    except (DraftExpired, DraftClosed):
        talk.say.say("utter_transfer_draft_expired")
        memory.set(transfer_draft=None, transfer_drafted=None)
        return await keep_draft(talk) or "transfer_confirmed"


async def _authorise(talk: Conversation) -> str | None:
    memory = talk.memory
    draft: Draft = await ask("draft", talk.session, memory["transfer_draft"])
    if draft.risk_question_open:
        if memory["transfer_safe"] is None:
            return "transfer_safe"
        draft = await ask("answer_risk", talk.session, draft.id, not memory["transfer_safe"])
        if draft.state == "REFUSED":
            talk.say.say("utter_transfer_risk_refused")
            raise FormOver
    return await challenge(talk, "transfer", draft)

"""A transfer or order whose answer was lost: never called failed, found out by asking the core for its draft."""

import asyncio
from collections.abc import Sequence

from actions.conversation import Conversation
from actions.draft_panels import draft_card
from actions.replies import Replies
from actions.session import ask
from actions.transfer_again import remember
from banking.model import Draft, Line
from banking.port import BankError, BankUnavailable, DraftClosed, OutcomeUnknown

QUERY_PAUSES = (0.0, 0.5, 1.0)
"""Seconds before each query; the customer waits for the answer in the same turn, so there are few."""

QUERY_BUDGET = 4.0
"""Seconds for all of them: with the confirm itself a turn stays under ten."""

TRANSFER_ENDINGS = ("utter_transfer_done", "utter_transfer_review", "utter_transfer_not_done")
SERVICE_ENDINGS = ("utter_service_done", "utter_service_review", "utter_service_not_done")
PENDING_SLOTS = ("transfer_pending", "service_pending")
FINAL_STATES = frozenset({"DONE", "REVIEW", "REFUSED", "REJECTED", "CANCELLED", "EXPIRED", "LOCKED"})


async def find_out(session: str, draft_id: str) -> Draft | None:
    """The draft once it is final; None when nobody can tell in time."""
    try:
        return await asyncio.wait_for(_query(session, draft_id), QUERY_BUDGET)
    except asyncio.TimeoutError:
        return None


async def _query(session: str, draft_id: str) -> Draft | None:
    for pause in QUERY_PAUSES:
        await asyncio.sleep(pause)
        try:
            draft: Draft = await ask("draft", session, draft_id)
            if draft.state in FINAL_STATES:
                return draft
            # The lost confirm never arrived, or is still under way: the same key makes a second one harmless.
            return await _as_confirmed(session, draft_id)
        except (BankUnavailable, OutcomeUnknown):
            continue
    return None


async def _as_confirmed(session: str, draft_id: str) -> Draft:
    try:
        confirmed: Draft = await ask("confirm", session, draft_id)
    except (BankUnavailable, OutcomeUnknown):
        raise
    except BankError:
        return await _give_up(session, draft_id)
    return confirmed


async def _give_up(session: str, draft_id: str) -> Draft:
    """Cancel, so that no late request can carry the draft out any more; or learn that it was carried out in between."""
    try:
        draft: Draft = await ask("cancel", session, draft_id)
    except DraftClosed:
        draft = await ask("draft", session, draft_id)
    return draft


async def settle(talk: Conversation) -> None:
    """If an earlier transfer or order is still unknown, look once more and tell.

    A customer who moved on does not want it done late.
    """
    for slot in PENDING_SLOTS:
        if talk.memory[slot]:
            await _settle(talk, slot)


async def _settle(talk: Conversation, slot: str) -> None:
    try:
        draft: Draft = await ask("draft", talk.session, talk.memory[slot])
        if draft.state not in FINAL_STATES:
            draft = await _give_up(talk.session, draft.id)
    except BankError:
        return
    tell(talk, draft)
    talk.memory.set(**{slot: None})


def tell(talk: Conversation, draft: Draft) -> None:
    """Say how it ended: done with its receipt, in review, or not done and nothing changed."""
    transfer = draft.transfer
    done, review, not_done = SERVICE_ENDINGS if transfer is None else TRANSFER_ENDINGS
    values = talk.say.transfer_values(transfer) if transfer else {"summary": draft.canonical_text}
    card = draft_card(talk.say, draft)
    if draft.state == "DONE" and draft.result is not None:
        own = f"utter_{draft.kind}_done"
        shown = lines(talk.say, draft.result.lines)
        receipt_no = draft.result.receipt_no
        if transfer:
            remember(talk, transfer)
        talk.say.say(own if talk.say.knows(own) else done, (), card, receipt_no=receipt_no, lines=shown, **values)
    else:
        talk.say.say(review if draft.state == "REVIEW" else not_done, (), card, **values)


def lines(say: Replies, found: Sequence[Line]) -> str:
    """The core's labels and values, one below the other; each begins a line of its own."""
    return "".join(say.phrase("phrase_service_line", label=line.label, value=line.value) for line in found)

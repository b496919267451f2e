"""What every channel does to a message before Rasa sees it (design §4).

A channel verifies its sender and hands the raw message to `Exchange` (exchange.py), which puts it in the conversation's
queue (turns.py: de-duplication, order, time budget) and then through `receive` here.
"""

import logging
from dataclasses import dataclass, field
from typing import Any

from addons.channels import cleaning, codes
from addons.channels.buttons import ButtonStore
from addons.channels.context import ContextSealer
from addons.channels.conversations import Conversation
from addons.channels.core_client import CodeOutcome, CoreClient, CoreUnavailable
from addons.channels.wording import say, warn_about
from chinese.mask import find_secrets, mask_secrets

RAW_LIMIT, CLEAN_LIMIT = 5_000, 500
# The turn of a one-time code. The intent is the channel's; the code itself never gets here.
CODE_TURN = "/inform"
BUTTON_EXPIRED = "button_expired"
NUMBER_INVALID, NUMBER_UNAVAILABLE = "invalid", "unavailable"
_NO_CODE = "?"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RawMessage:
    """A message as the channel got it: a text, a pressed button, or neither (a picture, a voice note ...)."""

    text: str | None = None
    press: str | None = None
    message_id: str | None = None


@dataclass(frozen=True)
class Inbound:
    """What became of it: `text` and `metadata` go to Rasa; without a text, `notices` are the whole answer.

    `notices` come before the bot's own messages. `refusal` names the reason when nothing goes to Rasa.
    """

    text: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    refusal: str | None = None


@dataclass(frozen=True)
class Services:
    """What `receive` needs: the core bank, the live buttons, the sealer of the customer context."""

    core: CoreClient
    buttons: ButtonStore
    sealer: ContextSealer


async def receive(raw: RawMessage, conversation: Conversation, services: Services) -> Inbound:
    """Turn one raw message into what Rasa may see. Never raises for anything a customer can send.

    Call it inside the conversation's turn: a code counts for the draft the customer saw last.
    """
    if raw.press is not None:
        return _pressed(raw.press, conversation, services)
    if raw.text is None:
        return _refused(conversation, "not_text")
    if len(raw.text) > RAW_LIMIT:
        return _refused(conversation, "too_long", limit=CLEAN_LIMIT)
    text = cleaning.clean(raw.text)
    if not text:
        return _refused(conversation, "empty")
    if len(text) > CLEAN_LIMIT:
        return _refused(conversation, "too_long", limit=CLEAN_LIMIT)
    conversation.manner.hear(text)
    as_code = await _as_code(text, conversation, services)
    return as_code or await _as_text(text, conversation, services)


def _pressed(button: str, conversation: Conversation, services: Services) -> Inbound:
    payload = services.buttons.press(conversation.id, button)
    if payload is None:
        return _refused(conversation, BUTTON_EXPIRED)
    return Inbound(payload, _metadata(conversation, services))


async def _as_code(text: str, conversation: Conversation, services: Services) -> Inbound | None:
    """The turn of a one-time code, handed to the core; None when the message is an ordinary one."""
    code = codes.typed_code(text)
    if code is None or conversation.session is None:
        return None
    well_formed = len(code) == codes.CODE_LENGTH
    try:
        outcome = await services.core.submit_code(conversation.session, code)
    except CoreUnavailable as error:
        logger.warning("one-time code not submitted: %s", error)
        if not well_formed:
            return None
        conversation.submitted.remember(code, certain=False)
        return _code_turn("unavailable", conversation, services)
    if outcome is CodeOutcome.NOT_AWAITED:
        return _not_awaited(code, conversation, services)
    if outcome is CodeOutcome.SESSION_INVALID:
        return _signed_out(conversation) if well_formed else None
    if outcome is CodeOutcome.ACCEPTED:
        conversation.submitted.remember(code, certain=True)
    return _code_turn(outcome.value, conversation, services)


def _not_awaited(code: str, conversation: Conversation, services: Services) -> Inbound | None:
    certain = conversation.submitted.certainty(code)
    if certain is None:
        return None
    if certain:
        return _refused(conversation, "code_already_submitted")
    # The first answer was lost, and now no code is awaited: the core took it then. It decides again on confirm.
    conversation.submitted.remember(code, certain=True)
    return _code_turn("accepted", conversation, services)


def _signed_out(conversation: Conversation) -> Inbound:
    conversation.session = None
    return _refused(conversation, "session_expired")


def _code_turn(outcome: str, conversation: Conversation, services: Services) -> Inbound:
    return Inbound(CODE_TURN, {**_metadata(conversation, services), "code": outcome})


async def _as_text(text: str, conversation: Conversation, services: Services) -> Inbound:
    masked, kinds = mask_secrets(text)
    language = conversation.manner.language
    notices, number = warn_about(kinds, language), await _account_number(text, conversation, services)
    if codes.may_hold_code(masked) and await _code_awaited(conversation, services):
        masked, notices = codes.hide_codes(masked), (*notices, say("code_hidden", language))
    masked = cleaning.without_leading_slash(masked)
    if not masked:
        return Inbound(notices=notices or (say("empty", language),), refusal="empty")
    return Inbound(masked, {**_metadata(conversation, services), **number}, notices)


async def _account_number(text: str, conversation: Conversation, services: Services) -> dict[str, str]:
    """What goes on in place of the one full account number of the message: the core's reference, or what is wrong."""
    numbers = [secret.value for secret in find_secrets(text) if secret.kind == "card_number"]
    if len(numbers) != 1 or conversation.session is None:
        return {}
    try:
        reference = await services.core.hold_number(conversation.session, numbers[0])
    except CoreUnavailable as error:
        logger.warning("account number not handed in: %s", error)
        return {"account_number": NUMBER_UNAVAILABLE}
    return {"account_number": reference or NUMBER_INVALID}


async def _code_awaited(conversation: Conversation, services: Services) -> bool:
    """Whether the core awaits a code of this customer; yes when it cannot be asked, as a code must never be stored."""
    if conversation.session is None:
        return False
    try:
        return await services.core.submit_code(conversation.session, _NO_CODE) is CodeOutcome.MALFORMED
    except CoreUnavailable as error:
        logger.warning("not known whether a one-time code is awaited: %s", error)
        return True


def _metadata(conversation: Conversation, services: Services) -> dict[str, Any]:
    context = services.sealer.seal(conversation.id, conversation.session)
    return {"context": context, "manner": conversation.manner.metadata()}


def _refused(conversation: Conversation, reason: str, **values: object) -> Inbound:
    return Inbound(notices=(say(reason, conversation.manner.language, **values),), refusal=reason)

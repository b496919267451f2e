"""What every channel does to a message before Rasa sees it (design §4).

A channel verifies its sender and hands the raw message to `Exchange` (exchange.py), which puts it in the conversation's
queue (turns.py: de-duplication, order, time budget) and then through `receive` here.
"""

import logging
import re
from dataclasses import dataclass, field, replace
from typing import Any

from addons.channels import cleaning, codes
from addons.channels.buttons import ButtonStore
from addons.channels.context import ContextSealer
from addons.channels.conversations import Conversation, ConversationStore
from addons.channels.core_client import CodeOutcome, CoreClient, CoreUnavailable
from addons.channels.wording import say, warn_about
from addons.stores.store import Store
from chinese.mask import find_secrets, mask_secrets

RAW_LIMIT, CLEAN_LIMIT = 5_000, 500
# The turn of a one-time code. The intent is the channel's; the code itself never gets here.
CODE_TURN = "/inform"
BUTTON_EXPIRED, SESSION_EXPIRED = "button_expired", "session_expired"
NUMBER_INVALID, NUMBER_UNAVAILABLE = "invalid", "unavailable"
HIDDEN = "••••••"
_NO_CODE = "?"
_STARS = re.compile(r"\*{6,}")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RawMessage:
    """A message as the channel got it: a text, a pressed button, or neither (a picture, a voice note ...).

    `desk`: a person could take this customer over at once; the bot then says {type: transfer} instead of a call back.
    """

    text: str | None = None
    press: str | None = None
    message_id: str | None = None
    desk: bool = False


@dataclass(frozen=True)
class Inbound:
    """What became of it: `text` and `metadata` go to Rasa; without a text, `notices` are the whole answer.

    `notices` come before the bot's own messages. `refusal` names the reason when nothing goes to Rasa. `shown` is what
    the customer said as it may be shown and kept, with •••••• for what was hidden; empty when there is nothing to show.
    """

    text: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    refusal: str | None = None
    shown: str = ""


@dataclass(frozen=True)
class Services:
    """What channels share: the core bank, the sealer of the customer context, and the state kept in the store."""

    core: CoreClient
    sealer: ContextSealer
    conversations: ConversationStore
    buttons: ButtonStore
    submitted: codes.SubmittedCodes

    @classmethod
    def over(cls, store: Store, core: CoreClient, context_key: str) -> "Services":
        """Raises ValueError for a `context_key` that is not 32 bytes in base64url (CONTEXT_KEY)."""
        return cls(
            core,
            ContextSealer(context_key),
            ConversationStore(store, context_key),
            ButtonStore(store),
            codes.SubmittedCodes(store, context_key),
        )


async def receive(raw: RawMessage, conversation: Conversation, services: Services) -> Inbound:
    """Turn one raw message into what Rasa may see. Never raises for anything a customer can send.

    Call it inside the conversation's turn: a code counts for the draft the customer saw last. Raises StoreUnavailable.
    """
    if raw.press is not None:
        return await _pressed(raw.press, conversation, services)
    if raw.text is None:
        return _refused(conversation, "not_text")
    if len(raw.text) > RAW_LIMIT:
        return _too_long(conversation, raw.text)
    text = cleaning.clean(raw.text)
    if not text:
        return _refused(conversation, "empty")
    if len(text) > CLEAN_LIMIT:
        return _too_long(conversation, raw.text)
    conversation.manner.hear(text)
    if (as_code := await _as_code(text, conversation, services)) is not None:
        return replace(as_code, shown=HIDDEN)
    inbound, hidden = await _as_text(text, conversation, services)
    return replace(inbound, shown=_starred(hidden) if hidden != text else cleaning.visible(raw.text))


def _too_long(conversation: Conversation, raw: str) -> Inbound:
    """The beginning is shown, so that the customer sees which message it was."""
    begun = mask_secrets(cleaning.clean(raw[:RAW_LIMIT])).text
    refused = _refused(conversation, "too_long", limit=CLEAN_LIMIT)
    return replace(refused, shown=_starred(codes.hide_codes(begun)[:CLEAN_LIMIT]) + "…")


async def _pressed(button: str, conversation: Conversation, services: Services) -> Inbound:
    pressed = await services.buttons.press(conversation.id, button)
    if pressed is None:
        return _refused(conversation, BUTTON_EXPIRED)
    return Inbound(pressed.payload, _metadata(conversation, services), shown=pressed.title)


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
        await services.submitted.remember(conversation.id, code, certain=False)
        return _code_turn("unavailable", conversation, services)
    if outcome is CodeOutcome.NOT_AWAITED:
        return await _not_awaited(code, conversation, services)
    if outcome is CodeOutcome.SESSION_INVALID:
        if not well_formed:
            return None
        await services.conversations.end_sign_in(conversation)
        return _refused(conversation, SESSION_EXPIRED)
    if outcome is CodeOutcome.DEAD and await services.submitted.certainty(conversation.id, code):
        return _refused(conversation, "code_already_submitted")  # on this device or another one
    if outcome is CodeOutcome.ACCEPTED:
        await _taken(code, conversation, services)
    return _code_turn(outcome.value, conversation, services)


async def _not_awaited(code: str, conversation: Conversation, services: Services) -> Inbound | None:
    certain = await services.submitted.certainty(conversation.id, code)
    if certain is None:
        return None
    if certain:
        return _refused(conversation, "code_already_submitted")
    # The first answer was lost, and now no code is awaited: the core took it then. It decides again on confirm.
    await _taken(code, conversation, services)
    return _code_turn("accepted", conversation, services)


async def _taken(code: str, conversation: Conversation, services: Services) -> None:
    await services.submitted.remember(conversation.id, code, certain=True)
    await services.buttons.code_taken(conversation.id)


def _code_turn(outcome: str, conversation: Conversation, services: Services) -> Inbound:
    return Inbound(CODE_TURN, {**_metadata(conversation, services), "code": outcome})


async def _as_text(text: str, conversation: Conversation, services: Services) -> tuple[Inbound, str]:
    """The turn of an ordinary message, and the message with stars for what must not be kept."""
    masked, kinds = mask_secrets(text)
    language = conversation.manner.language
    notices, number = warn_about(kinds, language), await _account_number(text, conversation, services)
    if codes.may_hold_code(masked) and await _code_awaited(conversation, services):
        masked, notices = codes.hide_codes(masked), (*notices, say("code_hidden", language))
    harmless = cleaning.without_leading_slash(masked)
    if not harmless:
        return Inbound(notices=notices or (say("empty", language),), refusal="empty"), masked
    return Inbound(harmless, {**_metadata(conversation, services), **number}, notices), masked


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
        return conversation.customers  # signed out while the message waited: a code of before may be in it
    try:
        return await services.core.submit_code(conversation.session, _NO_CODE) is CodeOutcome.MALFORMED
    except CoreUnavailable as error:
        logger.warning("not known whether a one-time code is awaited: %s", error)
        return True


def _starred(masked: str) -> str:
    return _STARS.sub(HIDDEN, masked)


def _metadata(conversation: Conversation, services: Services) -> dict[str, Any]:
    context = services.sealer.seal(conversation.id, conversation.session)
    return {"context": context, "manner": conversation.manner.metadata()}


def _refused(conversation: Conversation, reason: str, **values: object) -> Inbound:
    return Inbound(notices=(say(reason, conversation.manner.language, **values),), refusal=reason)

"""Who is behind a cookie of the web channel: a visitor, or a customer whose sign-in still holds."""

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from addons.channels import cleaning
from addons.channels.answers import Button, Message
from addons.channels.buttons import ButtonStore, Pressed
from addons.channels.conversations import Conversation, ConversationStore
from addons.channels.core_client import CoreClient, CoreUnavailable, SignedIn, SignInRefused
from addons.channels.web_consent import Consents
from addons.channels.web_keys import WebKeys
from addons.channels.web_log import BOT, CUSTOMER, ConversationLog, Item, item_of
from addons.channels.web_token import TokenChecker, TokenRefused
from addons.channels.wording import say
from addons.stores.store import Store

NAME = "web"
REPLACED_SECONDS = 10.0  # an answer with a new cookie has reached its browser by then, or is lost
LONGEST_OFFER = 20  # characters of the sentence on the button that offers it again

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Visit:
    """A cookie and its conversation; `customer` is what the page may show of who is signed in."""

    token: str
    conversation: Conversation
    customer: dict[str, Any] | None = None

    @property
    def device(self) -> str:
        """Name of the browser that holds the cookie; the cookie does not follow from it."""
        return device_of(self.token)


@dataclass(frozen=True)
class WebSessions:
    """Opens, finds and ends the conversations of cookies. Every method may raise StoreUnavailable."""

    keys: WebKeys
    conversations: ConversationStore
    core: CoreClient
    tokens: TokenChecker
    log: ConversationLog
    buttons: ButtonStore
    consents: Consents
    store: Store

    async def find(self, cookie: str | None) -> Visit | None:
        """Visit of a cookie; None for one that is forged, unknown, too long idle, or whose sign-in has run out."""
        token = self.keys.token(cookie) if cookie else None
        return await self.visit(token) if token else None

    async def visit(self, token: str) -> Visit | None:
        """The same by the token of a cookie that was checked before."""
        conversation = await self.conversations.find(token)
        if conversation is None or not conversation.customers:
            return Visit(token, conversation) if conversation else None
        signed_in = await self.store.get(_signed_in_key(token))
        if signed_in is None or conversation.session is None:
            await self.end(Visit(token, conversation))
            return None
        shown = {"name": json.loads(signed_in)["name"], "elder_mode": conversation.manner.elder_mode}
        return Visit(token, conversation, shown)

    async def open_visitor(self) -> Visit:
        """A new conversation of somebody who is not signed in."""
        conversation, token = await self.conversations.open(NAME, None)
        return Visit(token, conversation)

    async def replaced(self, cookie: str | None) -> bool:
        """Whether a cookie was replaced a moment ago: the new one is on its way to the browser that still sends it."""
        token = self.keys.token(cookie) if cookie else None
        return token is not None and await self.store.get(_replaced_key(token)) is not None

    async def keep_alive(self, visit: Visit) -> None:
        """Count the sign-in's idle time anew: the customer has just done something."""
        if visit.customer is not None and (signed_in := await self.store.get(_signed_in_key(visit.token))):
            await self.store.set(_signed_in_key(visit.token), signed_in, json.loads(signed_in)["seconds"])

    async def sign_in(self, visit: Visit, token: str) -> Visit:
        """Visit, with a new cookie, of the customer whom a sign-in token names; what the visitor said comes along.

        Raises TokenRefused, KeysUnavailable, SignInRefused, CoreUnavailable.
        """
        checked = await self.tokens.check(token, self.keys.binding(visit.token))
        signed_in = await self._redeem(visit, checked.ticket)
        subject = self.keys.pseudonym("customer", checked.subject)
        conversation, new_token = await self.conversations.open(
            NAME, signed_in.session, signed_in.elder_mode, subject=subject
        )
        seconds = max((signed_in.expires_at - datetime.now(timezone.utc)).total_seconds(), 1.0)
        shown = {"name": masked_name(signed_in.name), "elder_mode": conversation.manner.elder_mode}
        await self.store.set(
            _signed_in_key(new_token), json.dumps({"name": shown["name"], "seconds": seconds}), seconds
        )
        await self.consents.copy(visit.conversation.id, conversation.id)
        await self._move_in(visit, conversation, signed_in)
        return Visit(new_token, conversation, shown)

    async def _redeem(self, visit: Visit, ticket: str) -> SignedIn:
        """Two tabs that come back from the sign-in page at once must not share out one visitor."""
        if not await self.store.add(_signing_in_key(visit.token), "1", REPLACED_SECONDS):
            raise TokenRefused("rotated")
        try:
            return await self.core.redeem(ticket)
        except (SignInRefused, CoreUnavailable):
            await self.store.delete(_signing_in_key(visit.token))
            raise

    async def _move_in(self, visit: Visit, conversation: Conversation, signed_in: SignedIn) -> None:
        said_before = await self.log.all(conversation.id)
        if not visit.conversation.customers:  # else somebody else may have been signed in
            said_before = await self.log.all(visit.conversation.id) or said_before
            await self.log.move(visit.conversation.id, conversation.id)
        await self._replace(visit)
        greeting = await self._greeting(conversation, signed_in.name, last_refused(said_before))
        await self.log.add(conversation.id, greeting)

    async def _greeting(self, conversation: Conversation, name: str, refused: str | None) -> Item:
        """Greets, and offers as a button what could not be done before the sign-in."""
        manner = conversation.manner
        if refused is None:
            return item_of(Message(manner.written(say("web.signed_in", manner.language, name=name))))
        title = refused if len(refused) <= LONGEST_OFFER else refused[: LONGEST_OFFER - 1] + "…"
        (button,) = await self.buttons.issue(conversation.id, [Pressed(refused, refused)])
        text = manner.written(say("web.signed_in_again", manner.language, name=name))
        return item_of(Message(text, (Button(title, id=button),)))

    async def sign_out(self, visit: Visit) -> Visit:
        """A new visit of nobody; the customer's conversation stays for when they come back."""
        await self._replace(visit)
        return await self.open_visitor()

    async def _replace(self, visit: Visit) -> None:
        await self.store.set(_replaced_key(visit.token), "1", REPLACED_SECONDS)
        await self.end(visit)

    async def end(self, visit: Visit) -> None:
        """Forget a cookie, and the sign-in that it held."""
        await self.conversations.close(visit.token)
        await self.store.delete(_signed_in_key(visit.token))
        if visit.conversation.session is not None:
            try:
                await self.core.sign_out(visit.conversation.session)
            except CoreUnavailable as error:
                logger.warning(
                    "a customer is signed out here, not at the core, where the session will run out: %s", error
                )


def device_of(token: str) -> str:
    """Digest of a token."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def masked_name(name: str) -> str:
    """张伟 -> *伟, 欧阳娜娜 -> **娜娜: enough to know one's own."""
    shown = 2 if len(name) > 3 else 1
    return "*" * (len(name) - shown) + name[-shown:]


def last_refused(items: list[Item]) -> str | None:
    """The customer's last sentence, if all that it brought was a request to sign in; None when it was hidden."""
    own = next((item for item in reversed(items) if item["from"] == CUSTOMER), None)
    if own is None or "*" in own["text"] or "•" in own["text"]:
        return None
    answers = [item for item in items if item["from"] == BOT and item["reply_to"] == own["id"]]
    asked = any((item.get("custom") or {}).get("type") == "sign_in" for item in answers)
    return cleaning.clean(own["text"]) or None if asked else None


def _signed_in_key(token: str) -> str:
    return f"web:signed-in:{device_of(token)}"


def _signing_in_key(token: str) -> str:
    return f"web:signing-in:{device_of(token)}"


def _replaced_key(token: str) -> str:
    return f"web:replaced:{device_of(token)}"

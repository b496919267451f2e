"""Who is behind an openid: nobody, or the customer who bound it, with the conversation and session of either."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timezone

from addons.channels.conversations import Conversation, ConversationStore
from addons.channels.core_client import CoreClient, CoreUnavailable, SignedIn, SignInRefused
from addons.channels.web_keys import WebKeys
from addons.stores.store import Store

NOBODY_SECONDS = 60.0  # how long the core is not asked again about an openid that nobody has bound
REACHABLE_SECONDS = 7 * 24 * 3600.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Follower:
    """`asked`: whether the bank could be asked who it is; a customer is a visitor while it cannot.

    `owner`: pseudonym of the customer, empty for a visitor. What one owner was told is not for the next one.
    """

    openid: str
    conversation: Conversation
    asked: bool = True
    owner: str = ""

    @property
    def language(self) -> str:
        """Language the follower is spoken to in."""
        return self.conversation.manner.language


class Followers:
    """Followers of one account. An openid stands in no id of a conversation and in no log.

    Every method may raise StoreUnavailable.
    """

    def __init__(
        self, account: str, channel: str, conversations: ConversationStore, core: CoreClient, store: Store, key: str
    ) -> None:
        """`key`: CONTEXT_KEY. Raises ValueError when it is not 32 bytes in base64url."""
        self._account, self._channel = account, channel
        self._conversations, self._core, self._store = conversations, core, store
        self._names = WebKeys(key)

    async def find(self, openid: str) -> Follower:
        """The follower of an openid, signed in at the core if a customer has bound it."""
        follower = await self._find(openid)
        whom = json.dumps([openid, follower.owner])
        await self._store.set(self._reach_key(follower.conversation.id), whom, REACHABLE_SECONDS)
        return follower

    async def hear(self, follower: Follower, text: str) -> None:
        """Take the language of words that are answered without Rasa."""
        async with self._conversations.turn(follower.conversation):
            follower.conversation.manner.hear(text)

    async def reached(self, conversation: str) -> tuple[str, str] | None:
        """Openid and owner whom a conversation of this account reaches; None when it is not known (any more)."""
        whom = await self._store.get(self._reach_key(conversation))
        if whom is None:
            return None
        openid, owner = json.loads(whom)
        return openid, owner

    async def owns(self, openid: str, owner: str) -> bool:
        """Whether a customer has bound an openid at this moment; not so while the core cannot be asked.

        Before anything of a customer's leaves without their asking: the session we hold says nothing about that.
        """
        try:
            signed_in = await self._core.sign_in_wechat(self._account, openid)
        except (SignInRefused, CoreUnavailable) as error:
            logger.warning("something of a customer's is held back: %s", type(error).__name__)
            return False
        await self._sign_out(signed_in.session)
        return self._owner(signed_in) == owner

    async def end_sign_in(self, openid: str) -> None:
        """The core knows the session no more, or another customer is bound now: ask again with the next message."""
        token = self._token(openid)
        await self._conversations.close(token)
        await self._store.delete(self._signed_in_key(token), self._nobody_key(token))

    async def leave(self, openid: str) -> str:
        """The account is not followed any more; the binding stays. Returns the owner, as far as it was known."""
        token = self._token(openid)
        conversation, owner = await self._conversations.find(token), await self._still_signed_in(token)
        if conversation is not None:
            await self._store.delete(self._reach_key(conversation.id))
            if conversation.session is not None:
                await self._sign_out(conversation.session)
        await self.end_sign_in(openid)
        return owner or ""

    async def _find(self, openid: str) -> Follower:
        token = self._token(openid)
        known = await self._conversations.find(token)
        owner = await self._still_signed_in(token)
        if known is not None and known.session is not None and owner is not None:
            return Follower(openid, known, owner=owner)
        visitor = known if known is not None and not known.customers else None
        if visitor is not None and await self._store.get(self._nobody_key(token)):
            return Follower(openid, visitor)
        asked = True
        try:
            return await self._sign_in(openid, token)
        except SignInRefused:
            await self._store.set(self._nobody_key(token), "1", NOBODY_SECONDS)
        except CoreUnavailable as error:
            logger.warning("not known which customer a follower is: %s", error)
            asked = False
        if visitor is None:
            # Two processes may get a follower's first message: it must be one conversation for both.
            name = f"{self._channel}-{self._names.pseudonym('wechat visitor', self._account, openid)[:32]}"
            visitor, _ = await self._conversations.open(self._channel, None, token=token, begins_as=name)
        return Follower(openid, visitor, asked)

    async def _sign_in(self, openid: str, token: str) -> Follower:
        """Raises SignInRefused, CoreUnavailable."""
        signed_in = await self._core.sign_in_wechat(self._account, openid)
        owner = self._owner(signed_in)
        conversation, _ = await self._conversations.open(
            self._channel, signed_in.session, signed_in.elder_mode, owner, token
        )
        seconds = _seconds_left(signed_in)
        await self._store.set(self._signed_in_key(token), f"{seconds} {owner}", seconds)
        return Follower(openid, conversation, owner=owner)

    async def _still_signed_in(self, token: str) -> str | None:
        """The owner, if the session may hold still; its idle time counts anew from now."""
        held = await self._store.get(self._signed_in_key(token))
        if held is None:
            return None
        seconds, _, owner = held.partition(" ")
        await self._store.set(self._signed_in_key(token), held, float(seconds))
        return owner

    def _owner(self, signed_in: SignedIn) -> str:
        return self._names.pseudonym("customer", signed_in.subject)

    async def _sign_out(self, session: str) -> None:
        try:
            await self._core.sign_out(session)
        except CoreUnavailable as error:
            logger.warning("a session was not ended at the core, where it will run out: %s", error)

    def _token(self, openid: str) -> str:
        """What stands for the bearer token of a device: 256 bit that only the holder of CONTEXT_KEY can make."""
        return self._names.pseudonym("wechat openid", self._account, openid)

    def _nobody_key(self, token: str) -> str:
        return f"wechat:nobody:{self._names.pseudonym('key', token)}"

    def _signed_in_key(self, token: str) -> str:
        return f"wechat:signed-in:{self._names.pseudonym('key', token)}"

    def _reach_key(self, conversation: str) -> str:
        return f"wechat:{self._account}:openid-of:{conversation}"


def _seconds_left(signed_in: SignedIn) -> float:
    return max((signed_in.expires_at - datetime.now(timezone.utc)).total_seconds(), 1.0)

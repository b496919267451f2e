"""Binding an openid to a customer: a link for one follower, the bank's sign-in page, a code on the customer's phone.

The code goes into the very chat that asked for the link, never into a page: whoever is lured into signing in under
another one's link binds nothing, unless they read the code out to a stranger as well.
"""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from addons.channels import cleaning, codes
from addons.channels.core_client import BindingRefused, CoreClient, CoreUnavailable
from addons.channels.web_token import KeysUnavailable, TokenChecker, TokenRefused
from addons.channels.wechat_followers import Followers
from addons.channels.wechat_settings import SignInPage
from addons.channels.wording import say
from addons.stores.store import Store

LINK_SECONDS = 5 * 60.0
_LONGEST_CODE = 100  # characters of a message that may be a code with polite words around it

logger = logging.getLogger(__name__)


class BindRefused(Exception):
    """`code` is a key of the page's words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Asking:
    """A code is on its way to `phone`; that and `name` are masked."""

    name: str
    phone: str


@dataclass(frozen=True)
class Bindings:
    """Of one account. Every method may raise StoreUnavailable."""

    account: str
    page: SignInPage
    store: Store
    core: CoreClient
    tokens: TokenChecker
    followers: Followers

    async def link(self, openid: str) -> str:
        """Address of the sign-in page for one follower: good once, for five minutes."""
        binding = secrets.token_urlsafe(32)
        await self.store.set(self._key("link", binding), openid, LINK_SECONDS)
        query = {"return": self.page.returns, "binding": binding, "channel": "wechat"}
        return f"{self.page.url}?{urlencode(query)}"

    async def begin(self, token: str) -> Asking:
        """The customer is back from the sign-in page: send them a code. Raises BindRefused."""
        try:
            checked = await self.tokens.read(token)
        except TokenRefused as refused:
            raise BindRefused(refused.code) from refused
        except KeysUnavailable as error:
            raise BindRefused("unavailable") from error
        openid = await self.store.take(self._key("link", checked.binding))
        if openid is None:
            raise BindRefused("link_used")
        try:
            attempt = await self.core.bind_wechat(checked.ticket, self.account, openid)
        except BindingRefused as refused:
            raise BindRefused(refused.code) from refused
        except CoreUnavailable as error:
            logger.warning("a binding was not begun: %s", error)
            raise BindRefused("unavailable") from error
        await self.store.set(self._attempt_key(openid), attempt.attempt, LINK_SECONDS)
        return Asking(attempt.name_masked, attempt.phone_masked)

    async def awaited(self, openid: str, text: str) -> str | None:
        """The code that a text of the follower is, while one is awaited from this openid."""
        code = codes.typed_code(cleaning.clean(text)) if len(text) <= _LONGEST_CODE else None
        if code is None or len(code) != codes.CODE_LENGTH:
            return None
        return code if await self.store.get(self._attempt_key(openid)) is not None else None

    async def enter(self, openid: str, code: str, language: str) -> str:
        """Bind if the code is right; what to tell the follower."""
        attempt, key = await self.store.get(self._attempt_key(openid)), "attempt_invalid"
        try:
            if attempt is not None:
                name = await self.core.confirm_wechat(attempt, code)
                await self._over(openid)
                return say("wechat.bound", language, name=name)
        except BindingRefused as refused:
            key = refused.code
            if key == "code_wrong":
                return say("wechat_bind.code_wrong", language, tries_left=refused.tries_left)
        except CoreUnavailable as error:  # bound or not: the next message asks the core
            logger.warning("not known whether a WeChat was bound: %s", error)
            await self.followers.end_sign_in(openid)
            return say("wechat_bind.unavailable", language)
        await self._over(openid)
        return say(f"wechat_bind.{key}", language) + say("wechat_bind.again", language)

    async def _over(self, openid: str) -> None:
        await self.store.delete(self._attempt_key(openid))
        await self.followers.end_sign_in(openid)

    def _attempt_key(self, openid: str) -> str:
        return self._key("attempt", openid)

    def _key(self, kind: str, value: str) -> str:
        digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
        return f"wechat:{self.account}:bind-{kind}:{digest}"

"""The WeChat channel: an Official Account, or the customer service of a mini-program."""

import logging

from addons.channels.exchange import OnNewMessage
from addons.channels.wechat_account import Account, House, Line
from addons.channels.wechat_api import WeChatApi
from addons.channels.wechat_channel import AccountChannel, Served
from addons.channels.wechat_compose import Pushed
from addons.channels.wechat_crypto import PushCrypto
from addons.channels.wechat_delivery import Abilities
from addons.channels.wechat_desk import WeChatDesk
from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_menu import WECHAT
from addons.channels.wechat_outcome import Outcome, Sent
from addons.channels.wechat_parse import Push
from addons.channels.wechat_receive import FRESH_SECONDS, Received, Receiver, Refused
from addons.channels.wechat_settings import MENDING, OFFICIAL, PREFIX, WeChatSettings, read_settings
from addons.channels.wechat_token import AccessTokens, stable_token
from addons.channels.wording import say
from addons.stores.store import Store

NAME = "wechat"

logger = logging.getLogger(__name__)


class WeChatChannel(AccountChannel[WeChatSettings]):
    """WeChat pushes what a follower does, and takes the answer to it on the same connection."""

    title, key, prefix, switch, mending = "WeChat", NAME, PREFIX, "WECHAT_APP_ID", MENDING
    read_settings = staticmethod(read_settings)

    @staticmethod
    def receiver(settings: WeChatSettings) -> Receiver:
        """Checks pushes of the account."""
        if not settings.aes_keys:
            logger.warning("WeChat pushes are not encrypted: WECHAT_AES_KEY is not set, which is for tests only")
        crypto = PushCrypto(settings.token, settings.app_id, settings.aes_keys)
        return Receiver(crypto, safe=bool(settings.aes_keys))

    def serve(self, settings: WeChatSettings, house: House, on_new_message: OnNewMessage) -> Served:
        """Put the account together."""
        http = WeChatHttp(settings.api_url)
        account = Account(_line(settings, http, house.store), house, on_new_message)

        async def answer(received: Received, moment: float) -> str:
            if not isinstance(received.what, Push):
                raise Refused(400, "a push of WeCom")
            if received.stale:
                logger.warning("a push was not signed within %d s: late, recorded, or a wrong clock", FRESH_SECONDS)
            return await account.turns.answer(received.what, received.seal, moment, received.stale)

        return Served(account, http, answer)


def _line(settings: WeChatSettings, http: WeChatHttp, store: Store) -> Line:
    official = settings.kind == OFFICIAL
    tokens = AccessTokens(store, settings.app_id, stable_token(http, settings.app_id, settings.secret))
    api = WeChatApi(http, tokens, mini_program=not official)

    async def send(openid: str, message: Pushed, reference: str) -> Outcome:
        return await api.send(openid, message)

    async def notify(openid: str) -> None:
        assert settings.template is not None, "only then it is called"
        outcome = await api.notify(openid, settings.template.id, {settings.template.field: say("wechat.notice")})
        if not isinstance(outcome, Sent):
            logger.warning("a customer was not told of a message that waits: %s", outcome.reason.value)

    return Line(
        name=NAME,
        id=settings.app_id,
        prefix=PREFIX,
        origin=settings.origin,
        can=Abilities(official, settings.may_push, WECHAT if official and settings.may_push else None, official),
        send=send,
        typing=api.typing,
        sign_in=settings.sign_in,
        desk=WeChatDesk(store, settings.app_id, api, settings.desk),
        notify=notify if settings.template is not None else None,
    )

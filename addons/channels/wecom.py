"""WeCom 微信客服 as a channel: a doorbell rings, messages are fetched, answers are sent; the rest is WeChat's."""

import asyncio
import logging
import secrets
import time

from addons.channels.answers import origin
from addons.channels.exchange import OnNewMessage
from addons.channels.wechat_account import Account, House, Line
from addons.channels.wechat_channel import AccountChannel, Served
from addons.channels.wechat_compose import Words, pushes
from addons.channels.wechat_crypto import PushCrypto
from addons.channels.wechat_delivery import Abilities
from addons.channels.wechat_http import WeChatHttp
from addons.channels.wechat_parse import Doorbell
from addons.channels.wechat_receive import Received, Receiver
from addons.channels.wechat_reply import NOTHING
from addons.channels.wechat_token import AccessTokens
from addons.channels.wecom_api import WeComApi, work_token
from addons.channels.wecom_content import MENU
from addons.channels.wecom_desk import Places, WeComDesk
from addons.channels.wecom_inbox import Hands, Inbox
from addons.channels.wecom_messages import Entered
from addons.channels.wecom_sending import Sender
from addons.channels.wecom_settings import MENDING, PREFIX, WeComSettings, read_settings
from addons.channels.wecom_taking import Taking

NAME = "wecom"
WELCOME_SECONDS = 20  # WeCom's

logger = logging.getLogger(__name__)


class WeComChannel(AccountChannel[WeComSettings]):
    """WeCom rings, and is asked what there is."""

    title, key, prefix, switch, mending = "WeCom", NAME, PREFIX, "WECOM_CORP_ID", MENDING
    read_settings = staticmethod(read_settings)

    @staticmethod
    def receiver(settings: WeComSettings) -> Receiver:
        """Checks doorbells of the corporation."""
        return Receiver(PushCrypto(settings.token, settings.corp_id, settings.aes_keys), safe=True, work=True)

    def serve(self, settings: WeComSettings, house: House, on_new_message: OnNewMessage) -> Served:
        """Put the corporation's account together."""
        http = WeChatHttp(settings.api_url)
        corporation = _Corporation(settings, http, house, on_new_message)

        async def answer(received: Received, moment: float) -> str:
            if isinstance(received.what, Doorbell):
                await corporation.inbox.ring(received.what)
            return NOTHING

        return Served(corporation.account, http, answer, corporation.inbox.watch)


class _Corporation:
    """The account with all that WeCom has and WeChat has not."""

    def __init__(self, settings: WeComSettings, http: WeChatHttp, house: House, on_new_message: OnNewMessage) -> None:
        store, corp_id = house.store, settings.corp_id
        tokens = AccessTokens(store, f"wecom {corp_id}", work_token(http, corp_id, settings.secret))
        self._api = api = WeComApi(http, tokens)
        places = Places(store, corp_id, settings.desks[0])
        desk = WeComDesk(store, corp_id, api, places, settings.servicers, self._catch_up)
        sender = Sender(store, corp_id, api, places, desk)
        self.account = Account(_line(settings, sender, desk), house, on_new_message)
        hands = Hands(Taking(self.account, desk), desk, places, self.welcome, sender.bounced)
        self.inbox = Inbox(api, store, corp_id, settings.desks, hands)
        self._tasks: set[asyncio.Task[None]] = set()

    async def _catch_up(self, desk: str) -> None:
        await self.inbox.fetch(desk, doubt=True)

    def welcome(self, entered: Entered) -> None:
        """Greet who may be greeted; a greeting that comes too late is not worth another try."""
        if entered.code and entered.created > time.time() - WELCOME_SECONDS:
            task = asyncio.ensure_future(self._welcome(entered))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _welcome(self, entered: Entered) -> None:
        try:
            greeting = await self.account.turns.greeting(entered.customer, "wechat.welcome")
            (message,) = pushes(greeting.messages, Words("zh", True), MENU, False, 1)
            await self._api.respond(entered.code, message, secrets.token_hex(16))
        except Exception as error:  # ApiError, StoreUnavailable, a fault of ours: the customer has asked nothing yet
            logger.warning("a customer was not welcomed: %s", origin(error))


def _line(settings: WeComSettings, sender: Sender, desk: WeComDesk) -> Line:
    async def typing(customer: str) -> None:
        """微信客服 has nothing of the kind."""

    return Line(
        name=NAME,
        id=settings.corp_id,
        prefix=PREFIX,
        origin=settings.origin,
        can=Abilities(passive=False, push=True, menu=MENU, articles=False),
        send=sender.send,
        typing=typing,
        sign_in=settings.sign_in,
        desk=desk,
    )

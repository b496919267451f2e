"""Messages that were fetched: each is taken once over all processes, and is owed an answer from then on."""

from dataclasses import dataclass, field

from addons.channels.answers import Message
from addons.channels.wechat_account import Account
from addons.channels.wechat_delivery import Work
from addons.channels.wechat_desk import Desk
from addons.channels.wechat_owed import Owed
from addons.channels.wechat_parse import Push
from addons.channels.wechat_quota import Occasion
from addons.stores.store import StoreUnavailable


@dataclass(frozen=True)
class Taking:
    """Of one account. Every method may raise StoreUnavailable; the message can be brought again then."""

    account: Account
    desk: Desk
    _unsure: set[str] = field(default_factory=set)

    async def take(self, push: Push, missed: bool = False) -> bool:
        """Take a message; False for one that was taken before.

        Returns before it is answered, and after it is certain that it will be, whatever becomes of this process.
        `missed`: it is too old to be carried out, which is the answer.
        """
        routes, unsure = self.account.delivery.routes, push.key in self._unsure
        if not unsure and await routes.known(push.key):
            return False
        await self.account.quota.earn(push.openid, Occasion.MESSAGE)
        held = await self.desk.holds(push.openid)
        await self.account.delivery.owed.record(push.key, Owed(push.openid, "", None))
        try:
            first = await routes.take(push.key)
        except StoreUnavailable:
            # It may be ours already. Should it be another's by now, the turn and the message ids are the same for both.
            self._unsure.add(push.key)
            raise
        self._unsure.discard(push.key)
        if not first and not unsure:
            return False
        self.account.turns.start(Work(push, None, 0.0, missed=missed, held=held))
        return True

    async def keep(self, openid: str, messages: tuple[Message, ...]) -> None:
        """Give `messages` with the next answer to the customer."""
        owner = (await self.account.followers.find(openid)).owner
        await self.account.delivery.owed.keep(openid, owner, messages)

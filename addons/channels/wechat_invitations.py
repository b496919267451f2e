"""How a follower is asked to bind: with the greeting, on their own wish, or where the bot asks for a sign-in."""

from dataclasses import dataclass

from addons.channels.answers import Answer, Message
from addons.channels.wechat_binding import Bindings
from addons.channels.wechat_followers import Follower, Followers
from addons.channels.wording import say


@dataclass(frozen=True)
class Invitations:
    """Of one account. Every method may raise StoreUnavailable."""

    followers: Followers
    bindings: Bindings

    async def greet(self, follower: Follower, sentence: str) -> Answer:
        """`sentence`: key of the greeting; a follower whom nobody has bound is told how to."""
        greeting = Message(say(sentence, follower.language))
        if follower.conversation.customers or not follower.asked:
            return Answer((greeting,))
        return Answer((greeting, await self._link(follower, "wechat.bind_offer")))

    async def bind(self, follower: Follower, asked: str) -> Answer:
        """For who asks to be bound, or bound again, in these words."""
        await self.followers.hear(follower, asked)
        if not follower.asked:
            return Answer((Message(say("sign_in.core_unavailable", follower.language)),))
        bound = follower.conversation.customers
        return Answer((await self._link(follower, "wechat.bind_again" if bound else "wechat.bind"),))

    async def enter(self, follower: Follower, code: str) -> Answer:
        """For who sends the code of a binding that is under way."""
        return Answer((Message(await self.bindings.enter(follower.openid, code, follower.language)),))

    async def with_link(self, follower: Follower, answer: Answer) -> tuple[Message, ...]:
        """The answer, and how to bind if the bot asks for a sign-in: that is how one signs in here."""
        rest = tuple(message for message in answer.messages if not _asks_sign_in(message))
        if len(rest) == len(answer.messages) and answer.refusal != "session_expired":
            return answer.messages
        if not follower.asked:
            return (*answer.messages, Message(say("sign_in.core_unavailable", follower.language)))
        if follower.conversation.customers:  # the session has ended at the core: unbound, or idle for too long
            await self.followers.end_sign_in(follower.openid)
            again = await self.followers.find(follower.openid)
            if again.conversation.customers:
                return (*answer.messages, Message(say("wechat.signed_in_again", follower.language)))
            # "Expired, sign in again" would be no true word.
            return (*(() if answer.refusal else rest), await self._link(follower, "wechat.unbound"))
        return (*answer.messages, await self._link(follower, "wechat.bind_needed"))

    async def _link(self, follower: Follower, sentence: str) -> Message:
        title, url = say("wechat.bind_title", follower.language), await self.bindings.link(follower.openid)
        return Message(say(sentence, follower.language), carried={"wechat_link": {"title": title, "url": url}})


def _asks_sign_in(message: Message) -> bool:
    return (message.carried.get("custom") or {}).get("type") == "sign_in"

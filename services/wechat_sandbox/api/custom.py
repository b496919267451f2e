"""Customer-service messages: /cgi-bin/message/custom/send and .../typing (mini-program: .../business/typing)."""

from fastapi import APIRouter

from services.wechat_sandbox import outgoing
from services.wechat_sandbox.accounts import Customer
from services.wechat_sandbox.api.calls import OK, Answer, Call, route
from services.wechat_sandbox.errors import WeChatError

router = APIRouter()
_TYPING_AFTER = 30.0  # seconds of interaction
_TYPING_LASTS = 15.0


def _recipient(call: Call, openid: object) -> Customer:
    """Raises WeChatError 48001, 40003, 45015, 48002."""
    if not call.account.setup.customer_service:
        raise WeChatError(48001)
    customer = call.follower(openid)
    if not customer.subscribed:
        raise WeChatError(45015)
    if customer.refuses:
        raise WeChatError(48002)
    return customer


async def send(call: Call) -> Answer:
    given = call.json()
    customer = _recipient(call, given.get("touser"))
    message = outgoing.read(call.account, given)
    agent = given.get("customservice")
    if agent is not None:
        name = agent.get("kf_account") if isinstance(agent, dict) else None
        if name not in call.account.setup.desk_accounts:
            raise WeChatError(65401)
    now = call.account.clock.now()
    customer.allowance.spend(now)
    customer.typing_until = 0.0
    customer.phone.show(now, "push", message.kind, message.text, message.data)
    return OK


async def typing(call: Call) -> Answer:
    """Official Accounts and mini-programs have an address each: 48001 at the other's."""
    if (call.account.setup.kind == "mini_program") != ("business" in call.api):
        raise WeChatError(48001)
    given = call.json()
    customer = _recipient(call, given.get("touser"))
    command = given.get("command")
    if command not in ("Typing", "CancelTyping"):
        raise WeChatError(40035 if command else 47001)
    now = call.account.clock.now()
    if command == "CancelTyping":
        customer.typing_until = 0.0
        return OK
    if customer.last_at is None or now - customer.last_at > _TYPING_AFTER:
        raise WeChatError(45080)
    if customer.typing_until > now:
        raise WeChatError(45081)
    customer.typing_until = now + _TYPING_LASTS
    return OK


route(router, "/cgi-bin/message/custom/send", send)
route(router, "/cgi-bin/message/custom/typing", typing)
route(router, "/cgi-bin/message/custom/business/typing", typing)

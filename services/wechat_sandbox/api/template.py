"""Template messages: /cgi-bin/message/template/send, with the event that tells how it went."""

from typing import Any

from fastapi import APIRouter

from services.wechat_sandbox import acts, delivering
from services.wechat_sandbox.accounts import Customer
from services.wechat_sandbox.api.calls import OK, Answer, Call, route
from services.wechat_sandbox.errors import WeChatError

router = APIRouter()


async def send(call: Call) -> Answer:
    """A follower who refuses messages is told by the event, not by the answer."""
    given = call.json()
    account = call.account
    setup = account.setup
    if setup.kind != "official" or not setup.customer_service or not setup.templates:
        raise WeChatError(48001)
    customer = call.follower(given.get("touser"))
    if given.get("template_id") not in account.setup.templates:
        raise WeChatError(40037)
    values = _values(given.get("data"))
    if not customer.subscribed:
        raise WeChatError(43004)
    sent = account.new_message_id()
    if not customer.refuses:
        customer.typing_until = 0.0
        data = {"template_id": given["template_id"], "values": values, "url": str(given.get("url", ""))}
        text = "\n".join(f"{name}：{value}" for name, value in values.items())
        customer.phone.show(account.clock.now(), "template", "template", text, data, str(sent))
    _report(call, customer, sent)
    return {**OK, "msgid": sent}


def _values(data: object) -> dict[str, str]:
    """Raises WeChatError 47001, 47003."""
    if not isinstance(data, dict) or not data:
        raise WeChatError(47001, "data")
    values: dict[str, str] = {}
    for name, item in data.items():
        value: Any = item.get("value") if isinstance(item, dict) else None
        if not isinstance(value, str) or not value:
            raise WeChatError(47003, f"data.{name}.value")
        values[name] = value
    return values


def _report(call: Call, customer: Customer, sent: int) -> None:
    status = "failed:user block" if customer.refuses else "success"
    act = acts.event(call.account, customer, "TEMPLATESENDJOBFINISH", {"MsgID": sent, "Status": status})
    delivery = delivering.record(call.account, customer, act)
    call.account.start(delivering.deliver(call.tencent, call.account, customer, act, delivery))


route(router, "/cgi-bin/message/template/send", send)

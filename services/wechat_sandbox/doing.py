"""From a control request or a touch on the page to an act, and from the act to a push."""

from typing import Any

from services.wechat_sandbox import acts, delivering, kf_acts, pushing
from services.wechat_sandbox.accounts import Account, Customer, Tencent
from services.wechat_sandbox.acts import Act, Content
from services.wechat_sandbox.errors import ControlError
from services.wechat_sandbox.wire import Fields


def run_message(account: Account, customer: Customer, kind: str, content: Content) -> Act:
    """Raises ControlError, or WeChatError for a file that is none."""
    if account.setup.kind == "wecom":
        return kf_acts.message(account, customer, kind, content)
    return acts.message(account, customer, kind, content)


def run_event(account: Account, customer: Customer, name: str, extra: Fields) -> Act:
    """Raises ControlError 400 for an event WeCom does not have."""
    if account.setup.kind == "wecom":
        if name != "enter_session":
            raise ControlError(400, "the only event of a WeCom customer is enter_session")
        return kf_acts.enter(account, customer)
    return acts.event(account, customer, name, extra)


def choose(account: Account, customer: Customer, label: str) -> Act:
    """A touch on a choice of a msgmenu. Raises ControlError 404 when the phone shows no such choice."""
    menu_id = customer.phone.menu_choice(label)
    if menu_id is None:
        raise ControlError(404, f"no msgmenu on the phone offers {label}")
    return run_message(account, customer, "text", Content(label, menu_id))


async def do(
    tencent: Tencent, account: Account, customer: Customer, act: Act, wait: bool = False, hold: bool = False
) -> dict[str, Any]:
    """Answers `key`, and the delivery when it is awaited, or the signed request when it is held back."""
    pushed = delivering.perform(account, customer, act)
    if hold:
        return {"key": act.key, "request": pushing.build(account, act.fields, customer.openid).as_json()}
    if not pushed:
        return {"key": act.key, "delivery": None}
    delivery = delivering.record(account, customer, act)
    task = account.start(delivering.deliver(tencent, account, customer, act, delivery))
    if wait:
        await task
    return {"key": act.key, "delivery": delivery.as_json()}

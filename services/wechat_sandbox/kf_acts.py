"""What a customer of WeCom 微信客服 does: an entry in the log that is synced, and the ring of the doorbell."""

import secrets
from typing import Any

from services.wechat_sandbox import delivering, kf
from services.wechat_sandbox.accounts import Account, Customer, Tencent
from services.wechat_sandbox.acts import Act, Content
from services.wechat_sandbox.errors import ControlError
from services.wechat_sandbox.wire import Fields

_CUSTOMER, _AGENT = 3, 5
_CHANGE_TYPES = {"taken": 1, "passed_on": 2, "closed": 3}


def message(account: Account, customer: Customer, kind: str, content: Content) -> Act:
    """Into the log; the returned act is the doorbell. A conversation that has ended begins again."""
    own = _content(account, kind, content)
    entry = {"origin": _CUSTOMER, "msgtype": kind, kind: own} | _who(account, customer)
    if content.message_id:
        entry["msgid"] = content.message_id
    if customer.kf_state == kf.ENDED:
        change_state(account, customer, kf.NEW)
    account.kf.add(entry)
    shows = (kind, content.text, {} if kind == "text" else own)
    return Act(doorbell(account), shows, "message")


def enter(account: Account, customer: Customer) -> Act:
    """The customer opens the conversation; who has not been here for two days may be welcomed."""
    now = account.clock.now()
    latest = max(customer.last_at or 0.0, account.kf.welcomed.get(customer.openid, 0.0))
    welcome = now - latest > kf.WELCOME_APART
    code = {"welcome_code": account.kf.welcome_code(customer.openid)} if welcome else {}
    add_event(account, customer, "enter_session", {"scene": "sandbox", "scene_param": "", **code})
    return Act(doorbell(account), answered=False)


def agent_says(account: Account, customer: Customer, text: str) -> None:
    """Raises ControlError 409 when no agent has the conversation."""
    if customer.kf_state != kf.HUMAN:
        raise ControlError(409, "no agent has this conversation")
    entry = {
        "origin": _AGENT,
        "msgtype": "text",
        "text": {"content": text},
        "servicer_userid": customer.desk.kf_account,
    }
    account.kf.add(entry | _who(account, customer))
    customer.phone.show(account.clock.now(), "agent", "text", text)


def ring(tencent: Tencent, account: Account, customer: Customer) -> None:
    """Tell the callback that there is something to sync."""
    act = Act(doorbell(account), answered=False)
    delivery = delivering.record(account, customer, act)
    account.start(delivering.deliver(tencent, account, customer, act, delivery))


def change_state(account: Account, customer: Customer, state: int, agent: str = "", told: bool = False) -> None:
    """Move a conversation; what an agent has to do with is an event for whoever syncs.

    `told`: with a code for the message that tells the customer.
    """
    before = customer.kf_state
    customer.kf_state = state
    if state == kf.HUMAN:
        how = "passed_on" if before == kf.HUMAN else "taken"
        customer.desk.hold(agent, account.clock.now())
    elif before == kf.HUMAN:
        how, agent = "closed", customer.desk.kf_account or ""
        customer.desk.close()
    else:
        return
    change = {"change_type": _CHANGE_TYPES[how], "new_servicer_userid": agent}
    if told and how != "passed_on":
        change["msg_code"] = account.kf.state_code(customer.openid, state)
    add_event(account, customer, "session_status_change", change)


def add_event(account: Account, customer: Customer, kind: str, extra: dict[str, Any]) -> None:
    who = {"open_kfid": account.setup.open_kfid, "external_userid": customer.openid}
    account.kf.add({"origin": 4, "msgtype": "event", "event": {"event_type": kind, **who, **extra}})


def doorbell(account: Account) -> Fields:
    return {
        "ToUserName": account.setup.app_id,
        "CreateTime": int(account.clock.now()),
        "MsgType": "event",
        "Event": "kf_msg_or_event",
        "Token": account.kf.doorbell_token(),
        "OpenKfId": account.setup.open_kfid,
    }


def _who(account: Account, customer: Customer) -> dict[str, str]:
    return {"open_kfid": account.setup.open_kfid, "external_userid": customer.openid}


def _content(account: Account, kind: str, content: Content) -> dict[str, Any]:
    """Raises ControlError 400 for a kind that customers cannot send here."""
    if kind == "text":
        return {"content": content.text, **({"menu_id": content.menu_id} if content.menu_id is not None else {})}
    if kind in ("image", "voice", "video", "file"):
        return {"media_id": secrets.token_urlsafe(48)}
    if kind == "location":
        return {"latitude": 31.230416, "longitude": 121.473701, "name": content.text or "网点", "address": "上海市"}
    if kind == "link":
        return {"title": content.text or "公告", "desc": "网页", "url": "https://example.com/notice", "pic_url": ""}
    raise ControlError(400, f"a WeCom customer cannot send {kind}")

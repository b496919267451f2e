"""WeCom 微信客服: /cgi-bin/kf/sync_msg, send_msg, send_msg_on_event and service_state/*."""

import re
import secrets
from typing import Any

from fastapi import APIRouter

from services.wechat_sandbox import kf, outgoing
from services.wechat_sandbox.accounts import Customer
from services.wechat_sandbox.api.calls import OK, Answer, Call, route
from services.wechat_sandbox.errors import WeChatError
from services.wechat_sandbox.kf_acts import add_event, change_state, ring

router = APIRouter()
_MESSAGE_ID = re.compile(r"[0-9a-zA-Z_-]{1,32}")


async def sync_msg(call: Call) -> Answer:
    """At most `page_size` of the setup at a time, so that callers have to loop on has_more."""
    _only_wecom(call)
    given = call.json()
    cursor, token, open_kfid = (given.get(name) or "" for name in ("cursor", "token", "open_kfid"))
    limit = given.get("limit", 1000)
    if not all(isinstance(text, str) for text in (cursor, token, open_kfid)) or not isinstance(limit, int):
        raise WeChatError(40058)
    limit = max(1, min(limit or 1000, call.account.setup.page_size))
    following, more, entries = call.account.kf.page(cursor, token, limit, open_kfid or None)
    return {**OK, "next_cursor": following, "has_more": int(more), "msg_list": entries}


async def send_msg(call: Call) -> Answer:
    """Only while the conversation is new or with the bot; a message id that was used before is refused."""
    _only_wecom(call)
    given = call.json()
    customer = _party(call, given, "touser")
    message = outgoing.read(call.account, given)
    message_id = given.get("msgid", secrets.token_urlsafe(24))
    if not isinstance(message_id, str) or not _MESSAGE_ID.fullmatch(message_id):
        raise WeChatError(40058, "msgid")
    if message_id in call.account.kf.sent_ids:
        raise WeChatError(40058, "msgid was used before")
    if customer.kf_state not in (kf.NEW, kf.BOT):
        raise WeChatError(95018)
    now = call.account.clock.now()
    customer.allowance.spend(now, closed=95002, exhausted=95001)
    call.account.kf.sent_ids.add(message_id)
    if customer.refuses:  # told later: an accepted message is not a delivered one
        failed = {"fail_msgid": message_id, "fail_type": 4}
        add_event(call.account, customer, "msg_send_fail", failed)
        ring(call.tencent, call.account, customer)
    else:
        customer.phone.show(now, "push", message.kind, message.text, message.data, message_id)
    return {**OK, "msgid": message_id}


async def send_msg_on_event(call: Call) -> Answer:
    """One message for a code, whatever the quota says."""
    _only_wecom(call)
    given = call.json()
    message_id = given.get("msgid", secrets.token_urlsafe(24))
    if not isinstance(message_id, str) or not _MESSAGE_ID.fullmatch(message_id):
        raise WeChatError(40058, "msgid")
    message = outgoing.read(call.account, given)
    code = call.account.kf.take_code(str(given.get("code", "")))
    customer = call.account.customer(code.openid)
    if message.kind not in code.kinds:
        raise WeChatError(40008, f"msgtype {message.kind!r} for this code")
    if code.state is None:
        call.account.kf.welcomed[customer.openid] = call.account.clock.now()
    elif customer.kf_state != code.state:
        raise WeChatError(95018)
    customer.phone.show(call.account.clock.now(), "push", message.kind, message.text, message.data, message_id)
    return {**OK, "msgid": message_id}


async def get_state(call: Call) -> Answer:
    _only_wecom(call)
    customer = _party(call, call.json(), "external_userid")
    agent = {"servicer_userid": customer.desk.kf_account} if customer.kf_state == kf.HUMAN else {}
    return {**OK, "service_state": customer.kf_state, **agent}


async def trans(call: Call) -> Answer:
    _only_wecom(call)
    given = call.json()
    customer, state = _party(call, given, "external_userid"), given.get("service_state")
    if not isinstance(state, int) or state not in kf.TRANSITIONS.get(customer.kf_state, ()):
        raise WeChatError(95016)
    agent = given.get("servicer_userid")
    if state == kf.HUMAN and not call.account.setup.desk_accounts.get(str(agent)):
        raise WeChatError(95014)
    first = state != customer.kf_state
    change_state(call.account, customer, state, str(agent or ""))
    told = first and state in (kf.POOL, kf.HUMAN, kf.ENDED)
    return {**OK, **({"msg_code": call.account.kf.state_code(customer.openid, state)} if told else {})}


def _only_wecom(call: Call) -> None:
    if call.account.setup.kind != "wecom":
        raise WeChatError(48001)


def _party(call: Call, given: dict[str, Any], name: str) -> Customer:
    if given.get("open_kfid") != call.account.setup.open_kfid:
        raise WeChatError(95000)
    try:
        return call.follower(given.get(name))
    except WeChatError:
        raise WeChatError(40096) from None


route(router, "/cgi-bin/kf/sync_msg", sync_msg)
route(router, "/cgi-bin/kf/send_msg", send_msg)
route(router, "/cgi-bin/kf/send_msg_on_event", send_msg_on_event)
route(router, "/cgi-bin/kf/service_state/get", get_state)
route(router, "/cgi-bin/kf/service_state/trans", trans)

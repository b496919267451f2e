"""WeChat's own desk: /customservice/kfsession/* and /cgi-bin/customservice/getonlinekflist."""

from fastapi import APIRouter

from services.wechat_sandbox.agents import release, take
from services.wechat_sandbox.api.calls import OK, Answer, Call, route
from services.wechat_sandbox.errors import WeChatError

router = APIRouter()
_ONLINE_ON_WEB = 1


def _permit(call: Call) -> None:
    """Raises WeChatError 48001 for an account that WeChat has not verified."""
    if not call.account.setup.customer_service:
        raise WeChatError(48001)


async def create(call: Call) -> Answer:
    """Opens a session at once; the same session again is no error."""
    _permit(call)
    given = call.json()
    customer, name = call.follower(given.get("openid")), given.get("kf_account")
    if name not in call.account.setup.desk_accounts:
        raise WeChatError(65401)
    if not call.account.setup.desk_accounts[name]:
        raise WeChatError(65415)
    if customer.desk.holds(call.account.clock.now()):
        if customer.desk.kf_account != name:
            raise WeChatError(65414)
        return OK
    take(call.tencent, call.account, customer, name)
    return OK


async def close(call: Call) -> Answer:
    given = call.json()
    customer = call.follower(given.get("openid"))
    if not customer.desk.holds(call.account.clock.now()) or customer.desk.kf_account != given.get("kf_account"):
        raise WeChatError(65413)
    release(call.tencent, call.account, customer, "KF")
    return OK


async def get(call: Call) -> Answer:
    customer = call.follower(call.query.get("openid"))
    held = customer.desk.holds(call.account.clock.now())
    return {"createtime": int(customer.desk.since), "kf_account": customer.desk.kf_account if held else ""}


async def online(call: Call) -> Answer:
    _permit(call)
    account, now = call.account, call.account.clock.now()
    busy = [customer.desk.kf_account for customer in account.customers.values() if customer.desk.holds(now)]
    return {
        "kf_online_list": [
            {
                "kf_account": name,
                "status": _ONLINE_ON_WEB,
                "kf_id": str(1001 + index),
                "accepted_case": busy.count(name),
            }
            for index, (name, is_online) in enumerate(account.setup.desk_accounts.items())
            if is_online
        ]
    }


route(router, "/customservice/kfsession/create", create)
route(router, "/customservice/kfsession/close", close)
route(router, "/customservice/kfsession/getsession", get)
route(router, "/cgi-bin/customservice/getonlinekflist", online)

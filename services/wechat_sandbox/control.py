"""Routes for tests: accounts, followers, faults, clocks, and what every phone shows. All behind the control token.

POST   /control/accounts                                  AccountBody -> {"app_id"}
GET    /control/accounts/{app_id}                         counters: calls by API and error code, tokens
PATCH  /control/accounts/{app_id}                         AccountChange: what an operator changes in the console
DELETE /control/accounts/{app_id}
POST   /control/accounts/{app_id}/reset|faults|clock|tokens|verify
DELETE /control/accounts/{app_id}/faults
GET    /control/accounts/{app_id}/deliveries              every push with its attempts
POST   /control/accounts/{app_id}/deliveries/{id}/repeat  the same push again, with the same MsgId
POST   /control/accounts/{app_id}/customers               CustomerBody -> {"openid"}
PATCH  /control/accounts/{app_id}/customers/{openid}
GET    /control/accounts/{app_id}/customers/{openid}?after=0&wait=0   the phone
POST   /control/accounts/{app_id}/customers/{openid}/say|event|press|desk
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Depends, Query, Request, Response

from services.wechat_sandbox import acts, agents, delivering
from services.wechat_sandbox import control_schemas as schemas
from services.wechat_sandbox.access import control_token
from services.wechat_sandbox.accounts import Account, Customer, Tencent
from services.wechat_sandbox.acts import Act
from services.wechat_sandbox.doing import choose, do, run_event, run_message
from services.wechat_sandbox.errors import ControlError
from services.wechat_sandbox.faults import Fault

router = APIRouter(prefix="/control/accounts", dependencies=[Depends(control_token)])
_LONGEST_WAIT = 60.0


def tencent_of(request: Request) -> Tencent:
    found: Tencent = request.app.state.tencent
    return found


def account_of(request: Request, app_id: str) -> Account:
    return tencent_of(request).account(app_id)


def customer_of(request: Request, app_id: str, openid: str) -> Customer:
    return account_of(request, app_id).customer(openid)


@router.post("", status_code=201)
async def create(request: Request, body: schemas.AccountBody) -> dict[str, Any]:
    """Errors: 400, 409."""
    try:
        setup = body.setup()
    except ValueError as error:
        raise ControlError(400, str(error)) from None
    return {"app_id": tencent_of(request).create(setup).setup.app_id}


@router.get("/{app_id}")
async def counters(account: Account = Depends(account_of)) -> dict[str, Any]:
    return {
        "calls": dict(account.calls),
        "tokens_issued": len(account.tokens.stable) + len(account.tokens.classic),
        "customers": list(account.customers),
        "menu": account.menu,
        "now": account.clock.now(),
    }


@router.patch("/{app_id}")
async def change(body: schemas.AccountChange, account: Account = Depends(account_of)) -> dict[str, Any]:
    """Errors: 400."""
    changed = replace(account.setup, **{name: value for name, value in body.dict().items() if value is not None})
    if changed.push_key >= len(changed.aes_keys):
        raise ControlError(400, "push_key names no key of aes_keys")
    account.setup = changed
    return {"app_id": account.setup.app_id}


@router.delete("/{app_id}", status_code=204, response_class=Response)
async def remove(request: Request, app_id: str) -> None:
    tencent_of(request).remove(app_id)


@router.post("/{app_id}/reset", status_code=204, response_class=Response)
async def reset(account: Account = Depends(account_of)) -> None:
    account.stop()
    account.clear()


@router.post("/{app_id}/faults", status_code=204, response_class=Response)
async def add_fault(body: schemas.FaultBody, account: Account = Depends(account_of)) -> None:
    account.faults.add(Fault(**body.dict()))


@router.delete("/{app_id}/faults", status_code=204, response_class=Response)
async def clear_faults(account: Account = Depends(account_of)) -> None:
    account.faults.clear()


@router.post("/{app_id}/clock")
async def move_clock(body: schemas.ClockBody, account: Account = Depends(account_of)) -> dict[str, float]:
    account.clock.advance(body.advance_seconds)
    return {"now": account.clock.now()}


@router.post("/{app_id}/tokens", status_code=204, response_class=Response)
async def end_tokens(body: schemas.TokensBody, account: Account = Depends(account_of)) -> None:
    account.tokens.end_all(body.revoke)


@router.post("/{app_id}/verify")
async def verify(request: Request, account: Account = Depends(account_of)) -> dict[str, Any]:
    """What happens when the operator saves the callback address."""
    problem = await delivering.verify(tencent_of(request), account)
    return {"ok": problem is None, "problem": problem}


@router.get("/{app_id}/deliveries")
async def deliveries(account: Account = Depends(account_of)) -> dict[str, Any]:
    return {"deliveries": [delivery.as_json() for delivery in account.deliveries]}


@router.post("/{app_id}/deliveries/{number}/repeat")
async def repeat(
    request: Request, body: schemas.RepeatBody, number: int, account: Account = Depends(account_of)
) -> dict[str, Any]:
    """The same push again, one after the other or all at once; answers when the last is over. Errors: 404."""
    first = next((delivery for delivery in account.deliveries if delivery.id == number), None)
    if first is None:
        raise ControlError(404, f"no delivery {number}")
    customer, act = account.customer(first.openid), Act(first.fields)
    running = []
    for _ in range(body.times):
        delivery = delivering.record(account, customer, act)
        task = account.start(delivering.deliver(tencent_of(request), account, customer, act, delivery))
        running.append((task, delivery))
        if not body.together:
            await task
    for task, _ in running:
        await task
    return {"deliveries": [delivery.as_json() for _, delivery in running]}


@router.post("/{app_id}/customers", status_code=201)
async def add_customer(body: schemas.CustomerBody, account: Account = Depends(account_of)) -> dict[str, str]:
    """Errors: 409."""
    return {"openid": account.add_customer(body.nickname, body.openid, body.subscribed).openid}


@router.patch("/{app_id}/customers/{openid}", status_code=204, response_class=Response)
async def change_customer(body: schemas.CustomerChange, customer: Customer = Depends(customer_of)) -> None:
    for name, value in body.dict().items():
        if value is not None:
            setattr(customer, name, value)


@router.get("/{app_id}/customers/{openid}")
async def phone(
    after: int = Query(0, ge=0),
    wait: float = Query(0.0, ge=0, le=_LONGEST_WAIT),
    account: Account = Depends(account_of),
    customer: Customer = Depends(customer_of),
) -> dict[str, Any]:
    """What the phone shows after a number; waits for the first of it."""
    shown = await customer.phone.after(after, wait)
    now = account.clock.now()
    return {
        "shown": [item.as_json() for item in shown],
        "quota_left": customer.allowance.left(now),
        "typing": customer.typing_until > now,
        "subscribed": customer.subscribed,
        "desk": customer.desk.state,
        "kf_state": customer.kf_state,
    }


@dataclass(frozen=True)
class Hand:
    """Whoever touches a follower's phone, with all it takes to carry out what he does."""

    request: Request
    app_id: str
    openid: str

    async def do(self, find: Callable[[Account, Customer], Act], options: schemas.ActBody) -> dict[str, Any]:
        tencent = tencent_of(self.request)
        account = tencent.account(self.app_id)
        customer = account.customer(self.openid)
        return await do(tencent, account, customer, find(account, customer), options.wait, options.hold)


@router.post("/{app_id}/customers/{openid}/say")
async def say(body: schemas.MessageBody, hand: Hand = Depends()) -> dict[str, Any]:
    """Errors: 400, 404."""
    return await hand.do(lambda account, customer: run_message(account, customer, body.kind, body.content()), body)


@router.post("/{app_id}/customers/{openid}/event")
async def event(body: schemas.EventBody, hand: Hand = Depends()) -> dict[str, Any]:
    """Errors: 400, 404."""
    return await hand.do(lambda account, customer: run_event(account, customer, body.event, body.extra), body)


@router.post("/{app_id}/customers/{openid}/press")
async def press(body: schemas.PressBody, hand: Hand = Depends()) -> dict[str, Any]:
    """Errors: 404."""
    if body.choice is not None:
        label = body.choice
        return await hand.do(lambda account, customer: choose(account, customer, label), body)
    return await hand.do(lambda account, customer: acts.menu_press(account, customer, body.name or ""), body)


@router.post("/{app_id}/customers/{openid}/desk", status_code=204, response_class=Response)
async def desk(request: Request, app_id: str, openid: str, body: schemas.DeskBody) -> None:
    """What an agent at WeChat's own desk does. Errors: 409."""
    account = account_of(request, app_id)
    agents.do(tencent_of(request), account, account.customer(openid), body.do, body.kf_account, body.text)

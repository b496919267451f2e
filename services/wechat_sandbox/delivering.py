"""Deliver what a follower did to the callback as Tencent does: five seconds, retries, and the phone afterwards."""

import asyncio
import time

import aiohttp

from services.wechat_sandbox import pushing, replies
from services.wechat_sandbox.accounts import Account, Customer, Tencent
from services.wechat_sandbox.acts import Act
from services.wechat_sandbox.crypto import CryptoError
from services.wechat_sandbox.deliveries import Attempt, Delivery
from services.wechat_sandbox.phones import FAILURE
from services.wechat_sandbox.pushing import PushRequest
from services.wechat_sandbox.replies import BadReply, Reply
from services.wechat_sandbox.wire import WireError

_LONGEST_ANSWER = 1 << 20
_RETRIED = ("timeout", "unreachable")


def perform(account: Account, customer: Customer, act: Act) -> bool:
    """What the act changes on Tencent's side at once. Returns whether the callback hears of it."""
    now = account.clock.now()
    event = act.fields.get("Event")
    if act.grants:
        customer.last_at = now
        customer.allowance.grant(act.grants, now)
    if event in ("subscribe", "unsubscribe"):
        customer.subscribed = event == "subscribe"
    if act.shows:
        kind, text, data = act.shows
        customer.phone.show(now, "customer", kind, text, data, act.key)
    return event is not None or not customer.desk.holds(now)


def record(account: Account, customer: Customer, act: Act) -> Delivery:
    delivery = Delivery(len(account.deliveries) + 1, customer.openid, act.key, act.fields)
    account.deliveries.append(delivery)
    return delivery


async def deliver(tencent: Tencent, account: Account, customer: Customer, act: Act, delivery: Delivery) -> None:
    """Push until something came back or the retries are used up; then the phone shows what there is to show."""
    reply: Reply | None = None
    for _ in range(1 + account.setup.retries):
        request = pushing.build(account, act.fields, customer.openid)
        attempt, reply = await _attempt(tencent, account, customer, request)
        delivery.attempts.append(attempt)
        if attempt.outcome not in _RETRIED:
            break
    _settle(account, customer, act, delivery.attempts[-1], reply)
    delivery.done = True


async def verify(tencent: Tencent, account: Account) -> str | None:
    """The check of the callback when its address is saved in the console. Returns the problem, if any."""
    url, expected = pushing.build_verification(account)
    try:
        status, answer = await _exchange(tencent, account, "GET", url, None, {})
    except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
        return f"no answer ({type(error).__name__})"
    if status != 200:
        return f"HTTP {status}"
    return None if answer == expected.encode() else "the answer is not echostr"


async def _attempt(
    tencent: Tencent, account: Account, customer: Customer, request: PushRequest
) -> tuple[Attempt, Reply | None]:
    started = time.monotonic()
    headers = {"Content-Type": request.content_type, "User-Agent": "Mozilla/4.0", "Pragma": "no-cache"}
    try:
        status, body = await _exchange(tencent, account, "POST", request.url, request.body, headers)
    except asyncio.TimeoutError:
        return Attempt(time.monotonic() - started, "timeout"), None
    except (aiohttp.ClientError, OSError) as error:
        return Attempt(time.monotonic() - started, "unreachable", problem=type(error).__name__), None
    seconds = time.monotonic() - started
    try:
        reply = _understand(account, customer, request, status, body)
    except (BadReply, WireError, CryptoError) as error:
        return Attempt(seconds, "bad", status, str(error)), None
    if reply is None:
        return Attempt(seconds, "success" if body else "silent", status), None
    return Attempt(seconds, "transfer" if reply.kind == "transfer" else "passive", status), reply


async def _exchange(
    tencent: Tencent, account: Account, method: str, url: str, body: bytes | None, headers: dict[str, str]
) -> tuple[int, bytes]:
    """Leaving the block early, by the time limit too, closes the connection."""
    assert tencent.http is not None, "the stand-in is not open"
    limit = aiohttp.ClientTimeout(total=account.setup.timeout_seconds)
    async with tencent.http.request(
        method, url, data=body, headers=headers, timeout=limit, allow_redirects=False
    ) as response:
        answer = b""
        async for chunk in response.content.iter_chunked(1 << 16):
            answer += chunk
            if len(answer) > _LONGEST_ANSWER:
                raise aiohttp.ClientPayloadError("too large")
        return response.status, answer


def _understand(account: Account, customer: Customer, request: PushRequest, status: int, body: bytes) -> Reply | None:
    """The reply, or None for an empty body or `success`. Raises BadReply, WireError or CryptoError."""
    if status != 200:
        raise BadReply(f"HTTP {status}")
    if body in (b"", b"success"):
        return None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise WireError("not UTF-8") from None
    if account.setup.kind == "wecom":
        raise BadReply("a doorbell is answered with success or nothing")
    return replies.read(account, customer.openid, pushing.open_answer(account, request, text))


def _settle(account: Account, customer: Customer, act: Act, last: Attempt, reply: Reply | None) -> None:
    now = account.clock.now()
    if reply is not None and reply.kind == "transfer":
        if "Event" not in act.fields:  # events must never be forwarded: the desk ignores them
            customer.desk.queue(reply.data["kf_account"], now)
    elif reply is not None and act.answered and customer.subscribed:
        customer.typing_until = 0.0
        customer.phone.show(now, "passive", reply.kind, reply.text, reply.data, act.key)
    elif last.outcome in ("timeout", "unreachable", "bad") and act.answered:
        customer.phone.show(now, "error", "text", FAILURE, {}, act.key)

"""The channels' client of the core bank, against a real HTTP server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from addons.channels.core_client import (
    BindingRefused,
    CodeOutcome,
    CoreClient,
    CoreUnavailable,
    SignedIn,
    SignInRefused,
)

pytestmark = pytest.mark.asyncio
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
CUSTOMER = {"name": "张伟", "elder_mode": False}
SIGNED_IN = {
    "session": "s" * 40,
    "auth_level": 1,
    "customer": CUSTOMER,
    "subject": "abc",
    "expires_at": "2026-11-22T12:00:00+08:00",
}


class Core:
    """Serves one handler for every path and keeps the requests."""

    def __init__(self) -> None:
        self.handler: Handler = answering(200, {})
        self.requests: list[tuple[str, str, dict[str, str], Any]] = []
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self.server = TestServer(app)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        self.requests.append((request.method, request.path, dict(request.headers), body))
        return await self.handler(request)


def answering(status: int, body: Any) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status)

    return handler


def refusing(status: int, code: str, **details: Any) -> Handler:
    return answering(status, {"error": {"code": code, "message": "", "details": details}})


async def no_content(request: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


@pytest_asyncio.fixture
async def core() -> AsyncIterator[Core]:
    core = Core()
    await core.server.start_server()
    yield core
    await core.server.close()


@pytest_asyncio.fixture
async def client(core: Core) -> AsyncIterator[CoreClient]:
    client = CoreClient(str(core.server.make_url("/")), "token", aiohttp.ClientTimeout(total=0.3, sock_connect=0.2))
    yield client
    await client.close()


async def test_sign_in(core: Core, client: CoreClient) -> None:
    core.handler = answering(201, SIGNED_IN)
    signed_in = await client.sign_in("zhangwei", "demo", "w1")
    assert (signed_in.session, signed_in.name, signed_in.elder_mode) == ("s" * 40, "张伟", False)
    assert signed_in.subject == "abc"
    assert signed_in.expires_at.utcoffset() is not None
    method, path, headers, body = core.requests[0]
    assert (method, path, body) == (
        "POST",
        "/v1/sessions",
        {"login": "zhangwei", "password": "demo", "world": "w1"},
    )
    assert headers["Authorization"] == "Bearer token"


@pytest.mark.parametrize(("status", "code"), [(401, "bad_credentials"), (429, "sign_in_locked")])
async def test_sign_in_refused(status: int, code: str, core: Core, client: CoreClient) -> None:
    core.handler = refusing(status, code)
    with pytest.raises(SignInRefused) as refused:
        await client.sign_in("zhangwei", "x")
    assert refused.value.code == code


async def test_a_ticket_is_redeemed_for_a_session(core: Core, client: CoreClient) -> None:
    core.handler = answering(201, SIGNED_IN)
    signed_in = await client.redeem("a-ticket")
    assert (signed_in.session, signed_in.subject) == ("s" * 40, "abc")
    method, path, headers, body = core.requests[0]
    assert (method, path, body) == ("POST", "/v1/sessions", {"ticket": "a-ticket", "channel": "web"})
    assert headers["Authorization"] == "Bearer token"
    await client.redeem("a-ticket", "wechat")
    assert core.requests[1][3]["channel"] == "wechat"


async def test_a_ticket_that_is_not_taken(core: Core, client: CoreClient) -> None:
    core.handler = refusing(401, "ticket_invalid")
    with pytest.raises(SignInRefused) as refused:
        await client.redeem("a-ticket")
    assert refused.value.code == "ticket_invalid"


@pytest.mark.parametrize("broken", [{"subject": None}, {"subject": ""}, {"subject": 7}, {"customer": None}])
async def test_a_sign_in_without_a_subject_is_none(broken: dict[str, Any], core: Core, client: CoreClient) -> None:
    core.handler = answering(201, SIGNED_IN | broken)
    for call in (client.sign_in("zhangwei", "demo"), client.redeem("a-ticket")):
        with pytest.raises(CoreUnavailable):
            await call


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        (answering(200, {"draft_id": "d", "kind": "transfer"}), CodeOutcome.ACCEPTED),
        (refusing(403, "code_wrong"), CodeOutcome.WRONG),
        (refusing(403, "code_expired"), CodeOutcome.EXPIRED),
        (refusing(403, "code_locked"), CodeOutcome.LOCKED),
        (refusing(422, "code_malformed"), CodeOutcome.MALFORMED),
        (refusing(409, "no_open_challenge"), CodeOutcome.NOT_AWAITED),
        (refusing(409, "code_dead"), CodeOutcome.DEAD),
        (refusing(401, "session_invalid"), CodeOutcome.SESSION_INVALID),
    ],
)
async def test_submit_code(handler: Handler, expected: CodeOutcome, core: Core, client: CoreClient) -> None:
    core.handler = handler
    assert await client.submit_code("session", "123456") is expected
    assert core.requests[0][2]["X-Customer-Session"] == "session" and core.requests[0][3] == {"code": "123456"}


async def hang(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(2)
    return web.Response()


async def drop(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def html(request: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>", content_type="text/html")


async def huge(request: web.Request) -> web.StreamResponse:
    return web.json_response({"draft_id": "x" * 200_000})


FAULTS = {
    "hang": hang,
    "drop": drop,
    "html": html,
    "huge": huge,
    "list": answering(200, [1]),
    "500": answering(500, {}),
    "503": refusing(503, "core_down"),
    "our token": refusing(401, "service_unauthorized"),
    "redirect": answering(302, {}),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_everything_else_is_unavailable(fault: str, core: Core, client: CoreClient) -> None:
    core.handler = FAULTS[fault]
    with pytest.raises(CoreUnavailable):
        await client.submit_code("session", "123456")
    with pytest.raises(CoreUnavailable):
        await client.sign_in("zhangwei", "demo")
    with pytest.raises(CoreUnavailable):
        await client.redeem("a-ticket")
    with pytest.raises(CoreUnavailable):
        await client.sign_out("session")
    with pytest.raises(CoreUnavailable):
        await client.sign_in_wechat("wx1", "openid")
    with pytest.raises(CoreUnavailable):
        await client.bind_wechat("ticket", "wx1", "openid")
    with pytest.raises(CoreUnavailable):
        await client.confirm_wechat("wa_x", "123456")
    with pytest.raises(CoreUnavailable):
        await client.unbind_wechat("wx1", "openid")


async def test_refused_connection(core: Core, client: CoreClient) -> None:
    await core.server.close()
    with pytest.raises(CoreUnavailable):
        await client.submit_code("session", "123456")


async def test_sign_out(core: Core, client: CoreClient) -> None:
    core.handler = no_content
    await client.sign_out("session")
    core.handler = refusing(401, "session_invalid")
    await client.sign_out("session")
    assert core.requests[0][:2] == ("DELETE", "/v1/sessions/current")


async def test_an_account_number_becomes_a_reference(core: Core, client: CoreClient) -> None:
    core.handler = answering(201, {"reference": "an_abc", "bank": "本行", "tail": "4466"})
    assert await client.hold_number("s", "6291880000000034466") == "an_abc"
    method, path, headers, body = core.requests[-1]
    assert (method, path, body) == ("POST", "/v1/account-numbers", {"number": "6291880000000034466"})
    assert headers["X-Customer-Session"] == "s"


async def test_a_number_that_is_none_and_one_nobody_took(core: Core, client: CoreClient) -> None:
    core.handler = refusing(422, "account_number_invalid")
    assert await client.hold_number("s", "1") is None
    for handler in (refusing(401, "session_invalid"), refusing(503, "core_down"), answering(201, {})):
        core.handler = handler
        with pytest.raises(CoreUnavailable):
            await client.hold_number("s", "6291880000000034466")


BEGUN = {"attempt": "wa_abc", "name_masked": "*娜", "phone_masked": "138****0002", "expires_at": "2026-11-22T12:05:00Z"}


async def test_a_bound_openid_opens_a_session(core: Core, client: CoreClient) -> None:
    core.handler = answering(201, SIGNED_IN)
    signed_in = await client.sign_in_wechat("wx1", "openid")
    assert isinstance(signed_in, SignedIn) and (signed_in.session, signed_in.subject) == ("s" * 40, "abc")
    method, path, headers, body = core.requests[0]
    assert (method, path, body) == ("POST", "/v1/sessions", {"wechat": {"app_id": "wx1", "openid": "openid"}})
    assert headers["Authorization"] == "Bearer token"
    core.handler = refusing(404, "not_bound")
    with pytest.raises(SignInRefused) as refused:
        await client.sign_in_wechat("wx1", "openid")
    assert refused.value.code == "not_bound"


async def test_binding_begins_with_a_ticket(core: Core, client: CoreClient) -> None:
    core.handler = answering(201, BEGUN)
    begun = await client.bind_wechat("a-ticket", "wx1", "openid")
    assert (begun.attempt, begun.name_masked, begun.phone_masked) == ("wa_abc", "*娜", "138****0002")
    assert begun.expires_at.utcoffset() is not None
    method, path, _, body = core.requests[0]
    assert (method, path) == ("POST", "/v1/wechat-bindings")
    assert body == {"ticket": "a-ticket", "app_id": "wx1", "openid": "openid"}


@pytest.mark.parametrize("broken", [{"attempt"}, {"expires_at"}, set(BEGUN)])
async def test_an_attempt_of_another_form_is_none(broken: set[str], core: Core, client: CoreClient) -> None:
    core.handler = answering(201, {name: value for name, value in BEGUN.items() if name not in broken})
    with pytest.raises(CoreUnavailable):
        await client.bind_wechat("a-ticket", "wx1", "openid")


@pytest.mark.parametrize(("status", "code"), [(401, "ticket_invalid"), (429, "too_many_codes")])
async def test_binding_that_does_not_begin(status: int, code: str, core: Core, client: CoreClient) -> None:
    core.handler = refusing(status, code)
    with pytest.raises(BindingRefused) as refused:
        await client.bind_wechat("a-ticket", "wx1", "openid")
    assert (refused.value.code, refused.value.tries_left) == (code, None)


async def test_a_code_completes_the_binding(core: Core, client: CoreClient) -> None:
    core.handler = answering(200, {"name_masked": "*娜"})
    assert await client.confirm_wechat("wa_abc", "123456") == "*娜"
    assert core.requests[0][:2] == ("POST", "/v1/wechat-bindings/wa_abc/confirm")
    assert core.requests[0][3] == {"code": "123456"}
    await client.confirm_wechat("../sessions?", "123456")
    assert core.requests[1][1] == "/v1/wechat-bindings/../sessions?/confirm", "one segment, whatever a browser sent"


@pytest.mark.parametrize(
    ("handler", "code", "tries_left"),
    [
        (refusing(403, "code_wrong", tries_left=3), "code_wrong", 3),
        (refusing(403, "code_wrong", tries_left="3"), "code_wrong", None),
        (refusing(403, "code_expired"), "code_expired", None),
        (refusing(403, "code_locked"), "code_locked", None),
        (refusing(422, "code_malformed"), "code_malformed", None),
        (refusing(404, "attempt_invalid"), "attempt_invalid", None),
    ],
)
async def test_a_code_that_is_not_taken(
    handler: Handler, code: str, tries_left: int | None, core: Core, client: CoreClient
) -> None:
    core.handler = handler
    with pytest.raises(BindingRefused) as refused:
        await client.confirm_wechat("wa_abc", "123456")
    assert (refused.value.code, refused.value.tries_left) == (code, tries_left)


async def test_unbinding_tells_whether_there_was_a_binding(core: Core, client: CoreClient) -> None:
    core.handler = no_content
    assert await client.unbind_wechat("wx1", "openid") is True
    assert core.requests[0][:2] == ("DELETE", "/v1/wechat-bindings")
    assert core.requests[0][3] == {"app_id": "wx1", "openid": "openid"}
    core.handler = refusing(404, "not_bound")
    assert await client.unbind_wechat("wx1", "openid") is False

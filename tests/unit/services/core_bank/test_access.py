"""Service tokens, roles, customer sessions; another customer's objects answer as unknown ones."""

import pytest

from tests.unit.services.core_bank.harness import TOKENS, Customer, World, bearer, error_of, new_world

ANY_ID = "dr_unknown"
# method, path, body, the roles that may
# for visitors too
PUBLIC_ROUTES = [
    ("POST", "/v1/visitor-tickets", {"kind": "give_feedback", "text": "谢谢", "key": "matrix"}, {"actions"}),
    ("GET", "/v1/instalment-offers?amount_fen=100000", None, {"actions", "channel"}),
    ("GET", "/v1/rewards", None, {"actions", "channel"}),
    ("GET", "/v1/credit-card-products", None, {"actions", "channel"}),
    ("GET", "/v1/branches", None, {"actions", "channel"}),
    ("GET", "/v1/exchange-rates", None, {"actions", "channel"}),
    ("GET", "/v1/deposit-rates", None, {"actions", "channel"}),
    ("GET", "/v1/wealth/products", None, {"actions", "channel"}),
    ("GET", "/v1/wealth/risk-questions", None, {"actions", "channel"}),
    ("GET", "/v1/loan-products", None, {"actions", "channel"}),
]
ROUTES = [
    *PUBLIC_ROUTES,
    ("POST", "/v1/sessions", {"login": "nobody", "password": "x"}, {"channel"}),
    ("GET", "/v1/sessions/current", None, {"actions", "channel"}),
    ("GET", "/v1/accounts", None, {"actions", "channel"}),
    ("GET", f"/v1/accounts/{ANY_ID}", None, {"actions", "channel"}),
    ("GET", "/v1/cards", None, {"actions", "channel"}),
    ("GET", f"/v1/cards/{ANY_ID}", None, {"actions", "channel"}),
    ("POST", f"/v1/cards/{ANY_ID}/freeze", {}, {"actions"}),
    ("POST", f"/v1/cards/{ANY_ID}/loss-report", {}, {"actions"}),
    ("GET", "/v1/card-features", None, {"actions", "channel"}),
    ("GET", "/v1/card-orders", None, {"actions", "channel"}),
    ("GET", "/v1/tickets", None, {"actions", "channel"}),
    ("GET", "/v1/transactions", None, {"actions", "channel"}),
    ("GET", "/v1/payees", None, {"actions", "channel"}),
    ("GET", "/v1/spending?from=2026-01-01&to=2026-02-01", None, {"actions", "channel"}),
    ("GET", "/v1/transaction-terms", None, {"actions", "channel"}),
    ("GET", "/v1/restrictions", None, {"actions", "channel"}),
    ("GET", "/v1/limits", None, {"actions", "channel"}),
    ("GET", "/v1/credit-cards", None, {"actions", "channel"}),
    ("GET", f"/v1/credit-cards/{ANY_ID}/statement", None, {"actions", "channel"}),
    ("GET", "/v1/points", None, {"actions", "channel"}),
    ("GET", "/v1/card-applications", None, {"actions", "channel"}),
    ("GET", "/v1/transfers", None, {"actions", "channel"}),
    ("GET", "/v1/scheduled-transfers", None, {"actions", "channel"}),
    ("POST", "/v1/account-numbers", {"number": "6291880000000034466"}, {"channel"}),
    ("POST", "/v1/drafts", {"kind": "unfreeze_card", "card_id": ANY_ID}, {"actions"}),
    ("GET", "/v1/drafts", None, {"actions", "channel"}),
    ("GET", f"/v1/drafts/{ANY_ID}", None, {"actions", "channel"}),
    ("POST", f"/v1/drafts/{ANY_ID}/risk-answer", {"suspicious": False}, {"actions"}),
    ("POST", f"/v1/drafts/{ANY_ID}/challenge", None, {"actions"}),
    ("POST", f"/v1/drafts/{ANY_ID}/confirm", {}, {"actions"}),
    ("POST", f"/v1/drafts/{ANY_ID}/cancel", None, {"actions"}),
    ("POST", "/v1/codes", {"code": "123456"}, {"channel"}),
    ("POST", f"/v1/reviews/{ANY_ID}", {"approve": True, "reviewer": "li.jing"}, {"operator"}),
    ("POST", "/sandbox/worlds", {"world": "demo"}, {"sandbox"}),
    ("DELETE", "/sandbox/worlds/nowhere", None, {"sandbox"}),
    ("POST", "/sandbox/worlds/nowhere/reset", None, {"sandbox"}),
    ("PUT", "/sandbox/worlds/nowhere/fault", {"kind": "none"}, {"sandbox"}),
    ("POST", "/sandbox/worlds/nowhere/clock", {"advance_seconds": 0}, {"sandbox"}),
    ("GET", "/sandbox/worlds/nowhere/sms", None, {"sandbox"}),
    ("GET", "/sandbox/worlds/nowhere/ledger", None, {"sandbox"}),
    ("GET", "/sandbox/invariants", None, {"sandbox"}),
    ("GET", "/v1/branches/sh-jingan/slots?day=2026-01-01", None, {"actions", "channel"}),
    ("GET", "/v1/appointments", None, {"actions", "channel"}),
    ("GET", "/v1/bill-accounts", None, {"actions", "channel"}),
    ("GET", "/v1/profile", None, {"actions", "channel"}),
    ("GET", "/v1/consents", None, {"actions", "channel"}),
    ("DELETE", "/v1/sessions/current", None, {"channel"}),
    ("POST", "/v1/wechat-bindings", {"app_id": "wx", "openid": "o", "ticket": "t"}, {"channel"}),
    ("POST", f"/v1/wechat-bindings/{ANY_ID}/confirm", {"code": "123456"}, {"channel"}),
    ("DELETE", "/v1/wechat-bindings", {"app_id": "wx", "openid": "o"}, {"channel"}),
    ("GET", "/v1/time-deposits", None, {"actions", "channel"}),
    ("GET", "/v1/wealth/risk-profile", None, {"actions", "channel"}),
    ("GET", "/v1/wealth/holdings", None, {"actions", "channel"}),
    ("GET", "/v1/loans", None, {"actions", "channel"}),
    ("GET", "/v1/loan-applications", None, {"actions", "channel"}),
]
CUSTOMER_ROUTES = [
    route
    for route in ROUTES
    if route not in PUBLIC_ROUTES and ("actions" in route[3] or route[1] in ("/v1/codes", "/v1/sessions/current"))
]


def ids(routes: list) -> list[str]:
    return [f"{method} {path}" for method, path, *_ in routes]


def test_the_matrix_lists_every_route(quiet_world: World) -> None:
    app = quiet_world.client.app
    known = {(route.path, method) for route in app.routes for method in route.methods}  # type: ignore[attr-defined]
    # and /health, the one-time links of documents, the pages of PINs, of one-time links and for signing in with two
    # methods each, the public keys, the phone and its messages
    assert len(known) == len(ROUTES) + 11


@pytest.mark.parametrize(("method", "path", "body", "allowed"), ROUTES, ids=ids(ROUTES))
def test_each_route_knows_its_roles(
    quiet_world: World, method: str, path: str, body: object, allowed: set[str]
) -> None:
    zhangwei = quiet_world.sign_in("zhangwei")
    for role in TOKENS:
        response = zhangwei.request(method, path, body, role=role, key="a key")
        assert (response.status_code == 403 and error_of(response)[1] == "forbidden_role") == (role not in allowed)


@pytest.mark.parametrize(("method", "path", "body", "allowed"), ROUTES, ids=ids(ROUTES))
def test_no_route_opens_without_a_service_token(
    quiet_world: World, method: str, path: str, body: object, allowed: set[str]
) -> None:
    for header in ("", "Bearer ", "Bearer wrong", f"Basic {TOKENS['actions']}", TOKENS["actions"]):
        response = quiet_world.client.request(
            method, path, json=body, headers={"Authorization": header} if header else {}
        )
        assert error_of(response)[:2] == (401, "service_unauthorized")


@pytest.mark.parametrize(("method", "path", "body", "allowed"), CUSTOMER_ROUTES, ids=ids(CUSTOMER_ROUTES))
def test_customer_routes_need_a_session(
    quiet_world: World, method: str, path: str, body: object, allowed: set[str]
) -> None:
    role = sorted(allowed)[0]
    for session in ({}, {"X-Customer-Session": ""}, {"X-Customer-Session": "made up"}):
        headers = bearer(role) | session | {"Idempotency-Key": "a key"}
        response = quiet_world.client.request(method, path, json=body, headers=headers)
        assert error_of(response)[:2] == (401, "session_invalid")


def test_health_is_open(quiet_world: World) -> None:
    assert quiet_world.client.get("/health").json() == {"status": "ok", "database": "ok", "sandbox": True}


def test_unknown_routes_and_methods_are_told_apart(quiet_world: World) -> None:
    headers = bearer("actions")
    assert error_of(quiet_world.client.get("/v1/nothing", headers=headers))[:2] == (404, "not_found")
    assert error_of(quiet_world.client.put("/v1/accounts", headers=headers))[:2] == (405, "method_not_allowed")


def test_other_customers_objects_answer_as_unknown_ones(world: World, zhangwei: Customer, lina: Customer) -> None:
    account, card = zhangwei.account("6789")["id"], zhangwei.card("6789")["id"]
    payee, draft = zhangwei.payee("5566")["id"], zhangwei.authorised()
    own = lina.transfer_request(100, payee="6789", account="3344")
    attempts = [
        ("GET", "/v1/accounts/{}", account, None),
        ("GET", "/v1/transactions?account_id={}", account, None),
        ("GET", "/v1/cards/{}", card, None),
        ("POST", "/v1/cards/{}/freeze", card, {}),
        ("POST", "/v1/cards/{}/loss-report", card, {}),
        ("GET", "/v1/drafts/{}", draft, None),
        ("POST", "/v1/drafts/{}/risk-answer", draft, {"suspicious": True}),
        ("POST", "/v1/drafts/{}/challenge", draft, None),
        ("POST", "/v1/drafts/{}/confirm", draft, {}),
        ("POST", "/v1/drafts/{}/cancel", draft, None),
    ]
    for method, path, foreign, body in attempts:
        theirs = lina.request(method, path.format(foreign), body, key=foreign)
        nobodys = lina.request(method, path.format("unknown"), body, key="unknown")
        assert theirs.status_code == 404 and theirs.content == nobodys.content
    fields = {"from_account_id": account, "payee_id": payee, "replaces": draft}
    for name, foreign in fields.items():
        theirs = lina.post("/v1/drafts", {**own, name: foreign})
        assert theirs.status_code == 404
        assert theirs.content == lina.post("/v1/drafts", {**own, name: "unknown"}).content
    assert lina.post("/v1/drafts", {"kind": "unfreeze_card", "card_id": card}).status_code == 404
    assert zhangwei.state(draft) == "AUTHORISED" and world.ledger()["cards"]["zhangwei/6789"] == "active"


def test_worlds_do_not_see_each_other(world: World, zhangwei: Customer) -> None:
    other = new_world(world.client)
    twin = other.sign_in("zhangwei")
    assert error_of(twin.request("GET", f"/v1/accounts/{zhangwei.account('6789')['id']}"))[1] == "account_not_found"
    zhangwei.confirm(zhangwei.authorised())
    assert other.balance("lina/3344") == 8_000_00

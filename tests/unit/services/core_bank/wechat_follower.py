"""A follower of the bank's WeChat account, as the channel asks the core about one."""

from __future__ import annotations

import secrets
from typing import Any

import sqlalchemy as sa
from httpx import Response

from services.core_bank.tables import audit, customers, world_names
from tests.unit.services.core_bank.browser import Browser, claims_of
from tests.unit.services.core_bank.harness import Customer, World, bearer, error_of

BINDINGS = "/v1/wechat-bindings"
APP = "wx0123456789abcdef"


class Follower:
    """Somebody's WeChat, as the channel knows it, and what the channel asks the core about it."""

    def __init__(self, world: World, app_id: str = APP) -> None:
        self.world = world
        self.id = {"app_id": app_id, "openid": secrets.token_urlsafe(21)}

    def ask(self, method: str, path: str, body: Any) -> Response:
        return self.world.client.request(method, path, json=body, headers=bearer("channel"))

    def begin(self, login: str = "lina", world: World | None = None) -> Response:
        return self.ask("POST", BINDINGS, {**self.id, "ticket": ticket_of(world or self.world, login)})

    def attempt(self, login: str = "lina") -> str:
        response = self.begin(login)
        assert response.status_code == 201, response.text
        return str(response.json()["attempt"])

    def confirm(self, attempt: str, code: str) -> Response:
        return self.ask("POST", f"{BINDINGS}/{attempt}/confirm", {"code": code})

    def bind(self, login: str = "lina") -> None:
        response = self.confirm(self.attempt(login), self.world.last_code(login))
        assert response.status_code == 200, response.text

    def unbind(self) -> Response:
        return self.ask("DELETE", BINDINGS, self.id)

    def try_sign_in(self) -> Response:
        return self.ask("POST", "/v1/sessions", {"wechat": self.id})

    def sign_in(self, login: str = "lina") -> Customer:
        response = self.try_sign_in()
        assert response.status_code == 201, response.text
        return Customer(self.world, login, response.json()["session"])

    def is_nobody(self) -> bool:
        response = self.try_sign_in()
        return response.status_code == 404 and error_of(response) == (404, "not_bound", {})


def ticket_of(world: World, login: str, channel: str = "wechat") -> str:
    return str(claims_of(world, Browser(world, {"channel": channel}).token(login))["ticket"])


def texts(world: World, login: str) -> list[str]:
    return [message["text"] for message in world.sandbox("GET", f"/sms?login={login}").json()["messages"]]


def events(world: World, login: str) -> list[str]:
    query = (
        sa.select(audit.c.event)
        .join(customers, customers.c.id == audit.c.customer_id)
        .join(world_names, world_names.c.world_id == customers.c.world_id)
        .where(world_names.c.name == world.name, customers.c.login == login, audit.c.event.like("wechat%"))
        .order_by(audit.c.id)
    )
    with world.client.app.state.bank.db.read() as conn:  # type: ignore[attr-defined]
        return list(conn.execute(query).scalars())


def bound_at(customer: Customer) -> str | None:
    moment: str | None = customer.get("/v1/profile")["wechat_bound_at"]
    return moment

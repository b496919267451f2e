"""Accounts, their followers and what the followers' phones show. All state of the stand-in, in memory."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from services.wechat_sandbox.clock import Clock
from services.wechat_sandbox.crypto import Sealer
from services.wechat_sandbox.deliveries import Delivery
from services.wechat_sandbox.desk import Desk
from services.wechat_sandbox.errors import ControlError
from services.wechat_sandbox.faults import Faults
from services.wechat_sandbox.kf import KfState
from services.wechat_sandbox.media import Library
from services.wechat_sandbox.phones import Phone
from services.wechat_sandbox.quota import Allowance
from services.wechat_sandbox.tokens import Tokens

KINDS = ("official", "mini_program", "wecom")


@dataclass
class Setup:
    """What the operator of the account entered in Tencent's console, and how this stand-in is to behave.

    `app_id` is the CorpID of a `wecom` account. `aes_keys` are the current EncodingAESKey and, while rotating, the
    previous one; `push_key` says which of them seals pushes. `timeout_seconds` and `retries` are Tencent's 5 and 3.
    """

    app_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_keys: list[str] = field(repr=False)
    callback_url: str
    kind: str = "official"
    mode: str = "safe"
    body: str = "xml"
    push_key: int = 0
    original_id: str = "gh_zhanggui0001"
    name: str = "掌柜银行"
    timeout_seconds: float = 5.0
    retries: int = 3
    customer_service: bool = True
    templates: list[str] = field(default_factory=list)
    desk_accounts: dict[str, bool] = field(default_factory=dict)
    open_kfid: str = "wkZhangguiKf0001"
    page_size: int = 1000
    token_seconds: float = 7200.0


@dataclass
class Customer:
    """One follower. `refuses`: he turned the account's messages off, which is 48002 for whoever sends one."""

    openid: str
    nickname: str
    subscribed: bool = True
    refuses: bool = False
    phone: Phone = field(default_factory=Phone)
    allowance: Allowance = field(default_factory=Allowance)
    last_at: float | None = None
    typing_until: float = 0.0
    desk: Desk = field(default_factory=Desk)
    kf_state: int = 4


class Account:
    """One account with everything that happened to it; accounts know nothing of each other."""

    def __init__(self, setup: Setup, base_url: str) -> None:
        self.setup = setup
        self.base_url = base_url
        self.clock = Clock()
        self.faults = Faults()
        self._tasks: set[asyncio.Task[None]] = set()
        self.clear()

    def clear(self) -> None:
        """Forget customers, tokens, media, faults, counters and the menu; the setup and the clock stay."""
        self.faults.clear()
        self.customers: dict[str, Customer] = {}
        self.tokens = Tokens(self.clock, self.setup.token_seconds)
        self.library = Library(self.clock)
        self.deliveries: list[Delivery] = []
        self.calls: Counter[str] = Counter()
        self.menu: dict[str, Any] | None = None
        self.kf = KfState(self.clock)
        self._message_ids = 24000000000000000 + secrets.randbelow(10**15)

    def sealer(self, key: int | None = None) -> Sealer:
        return Sealer(self.setup.aes_keys[self.setup.push_key if key is None else key], self.setup.app_id)

    def customer(self, openid: str) -> Customer:
        """Raises ControlError 404."""
        found = self.customers.get(openid)
        if found is None:
            raise ControlError(404, f"{openid} is no customer of {self.setup.app_id}")
        return found

    def add_customer(self, nickname: str, openid: str | None = None, subscribed: bool = True) -> Customer:
        """Raises ControlError 409 for an openid that exists."""
        openid = openid or "o" + secrets.token_urlsafe(21).replace("-", "A")[:27]
        if openid in self.customers:
            raise ControlError(409, f"{openid} exists")
        customer = self.customers[openid] = Customer(openid, nickname, subscribed)
        return customer

    def new_message_id(self) -> int:
        """A 64-bit number, as the documentation of official accounts has it."""
        self._message_ids += 1 + secrets.randbelow(1000)
        return self._message_ids

    def start(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Run in the background; the reference is kept until it is done."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()


class Tencent:
    """All accounts and the HTTP client that pushes."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.accounts: dict[str, Account] = {}
        self.http: aiohttp.ClientSession | None = None

    def account(self, app_id: str) -> Account:
        """Raises ControlError 404."""
        found = self.accounts.get(app_id)
        if found is None:
            raise ControlError(404, f"no account {app_id}")
        return found

    def create(self, setup: Setup) -> Account:
        """Raises ControlError 409 for an AppID that exists."""
        if setup.app_id in self.accounts:
            raise ControlError(409, f"account {setup.app_id} exists")
        account = self.accounts[setup.app_id] = Account(setup, self.base_url)
        return account

    def remove(self, app_id: str) -> None:
        self.account(app_id).stop()
        del self.accounts[app_id]

    def of_token(self, token: str) -> Account | None:
        return next((account for account in self.accounts.values() if account.tokens.knows(token)), None)

    async def open(self) -> None:
        """Every push has its own connection, as Tencent's do: a time limit then closes it for good."""
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        self.http = aiohttp.ClientSession(connector=connector, auto_decompress=False)

    async def close(self) -> None:
        for account in self.accounts.values():
            account.stop()
        if self.http is not None:
            await self.http.close()

"""The running assistant, a bank of one's own, and customers with browsers: what the tests are played on."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

from tests.browser.bank_site import BankSite
from tests.browser.chat_page import ChatPage
from tests.browser.witness import Witness
from tools.converse_bank import Ledger, SandboxBank
from tools.stack import Stack

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
_WORLDLY = re.compile(r"/sandbox/(sign-in|phone)(\?|$)")


@dataclass(frozen=True)
class Site:
    """The running assistant; `listed` is a site of the bank that may frame the chat, `unlisted` one that may not."""

    stack: Stack
    bank: SandboxBank
    listed: BankSite
    unlisted: BankSite

    @property
    def origin(self) -> str:
        """Of the chat page."""
        return self.stack.rasa_url

    @property
    def var(self) -> Path:
        """Folder of everything that the assistant keeps."""
        return self.stack.var

    @property
    def known(self) -> tuple[str, ...]:
        """Beginnings of all addresses that a browser may ask for."""
        core, own = self.stack.core_bank_url, self.origin
        around = (f"{self.listed.origin}/", f"{self.unlisted.origin}/")
        bank = (f"{core}/sandbox/sign-in", f"{core}/sandbox/phone")
        return (f"{own}/chat/", f"{own.replace('http', 'ws', 1)}/chat/", *bank, *around)


@dataclass(frozen=True)
class World:
    """A private copy of the demo bank."""

    name: str
    bank: SandboxBank

    def ledger(self) -> Ledger:
        """As it stands."""
        return self.bank.ledger(self.name)

    def moved(self, before: Ledger) -> dict[str, int]:
        """What has changed since, in fen by `login/tail`."""
        after = self.ledger().accounts
        return {account: after[account] - fen for account, fen in before.accounts.items() if after[account] != fen}

    def code(self, login: str = "zhangwei") -> str:
        """The one-time code that was sent last."""
        return self.bank.codes(self.name, login)[-1]

    def fault(self, kind: str) -> None:
        """Break the bank; "none" mends it."""
        self.bank.set_fault(self.name, kind)


@dataclass(frozen=True)
class Customer:
    """Somebody with a browser; `chat` is the first tab."""

    context: BrowserContext
    witness: Witness
    chat: ChatPage

    def another_tab(self) -> ChatPage:
        """A second tab, not opened yet."""
        return ChatPage(self.context.new_page(), self.chat.origin)

    def phone(self, site: Site, login: str = "zhangwei") -> Page:
        """The demo phone as a page of its own, with the messages to one customer."""
        page = self.context.new_page()
        page.goto(f"{site.stack.core_bank_url}/sandbox/phone?customer={login}")
        return page


NewCustomer = Callable[..., Customer]


def put_into_world(context: BrowserContext, world: str) -> None:
    """The bank's own pages show the demo bank; in tests they show the world of the test."""

    def rewrite(route: Route) -> None:
        url = route.request.url
        if "world=" in url:
            route.fallback()
        else:
            route.continue_(url=f"{url}{'&' if '?' in url else '?'}world={world}")

    context.route(_WORLDLY, rewrite)

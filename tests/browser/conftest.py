"""A real Chromium on the real assistant: model, actions, sandbox bank, web channel, built page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.bank_site import bank_sites
from tests.browser.chat_page import ChatPage
from tests.browser.stage import DESKTOP, Customer, NewCustomer, Site, World, put_into_world
from tests.browser.witness import Witness
from tests.debian import program
from tools.converse_bank import SandboxBank
from tools.stack import Stack
from tools.train import ensure_model
from tools.web_build import ensure_page

# A profile of nobody, without Chromium's own traffic.
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
]
PATIENCE = 30_000  # ms; the machine may be busy


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the screenshots of the main job go."""
    parser.addoption("--screenshots", type=Path, default=None, help="folder for screenshots of the chat page")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Everything, started once."""
    ensure_page()
    stack = Stack(tmp_path_factory.mktemp("browser"), ensure_model())
    with bank_sites(stack.rasa_url) as (listed, unlisted):
        stack.environment["WEB_EMBED_ORIGINS"] = listed.origin
        with stack:
            bank = SandboxBank(stack.core_bank_url, stack.environment["CORE_BANK_TOKEN_SANDBOX"])
            yield Site(stack, bank, listed, unlisted)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = program("chromium", "chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def world(site: Site) -> Iterator[World]:
    """A bank of the test's own; its books are looked at in the end."""
    world = World(site.bank.create_world(), site.bank)
    yield world
    world.fault("none")
    broken = site.bank.broken_invariants()
    site.bank.delete_world(world.name)
    assert not broken, broken


@pytest.fixture
def new_customer(site: Site, world: World, chromium: Browser) -> Iterator[NewCustomer]:
    """Makes customers with browsers of their own, on a computer unless told otherwise.

    In the end none of the browsers may have seen a violation of the policy, an error, or a request to a stranger.
    """
    customers: list[Customer] = []

    def make(**options: Any) -> Customer:
        settings = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce", **DESKTOP, **options}
        context = chromium.new_context(**settings)
        context.set_default_timeout(PATIENCE)
        put_into_world(context, world.name)
        witness = Witness(context, site.known)
        customers.append(Customer(context, witness, ChatPage(context.new_page(), site.origin)))
        return customers[-1]

    yield make
    for customer in customers:
        customer.context.close()
    faults = [fault for customer in customers for fault in customer.witness.found]
    assert not faults, "\n".join(faults)


@pytest.fixture
def customer(new_customer: NewCustomer) -> Customer:
    """A visitor on a computer who has agreed to the privacy notice."""
    customer = new_customer()
    customer.chat.open().agree()
    return customer


@pytest.fixture
def zhangwei(customer: Customer) -> Customer:
    """The same, signed in."""
    customer.chat.sign_in("zhangwei")
    return customer

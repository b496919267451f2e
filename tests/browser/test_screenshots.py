"""Screenshots of the main job, into var/screenshots; `python -m tools screenshots` renews those of docs/screenshots."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.stage import DESKTOP, PHONE, NewCustomer, World
from tools.console import ROOT

VIEWS: dict[str, dict[str, Any]] = {
    "phone-light": PHONE,
    "phone-dark": {**PHONE, "color_scheme": "dark"},
    "desktop-light": DESKTOP,
    "desktop-dark": {**DESKTOP, "color_scheme": "dark"},
    "narrow-light": {**PHONE, "viewport": {"width": 320, "height": 568}},
}
SHOWN = {  # in docs/: few, but each look and each step of the job
    *("phone-light-welcome", "phone-light-confirmation", "phone-light-code", "phone-light-receipt"),
    *("phone-dark-receipt", "desktop-light-code", "desktop-dark-receipt", "phone-light-elder"),
}


class Album:
    """Writes pictures; those of the documentation into their own folder, when there is one."""

    def __init__(self, view: str, shown: Path | None) -> None:
        self._view, self._shown = view, shown

    def take(self, chat: ChatPage, step: str) -> None:
        """Picture of the page as it stands, when nothing on it moves any more."""
        name = f"{self._view}-{step}"
        expect(chat.typing).to_have_count(0)
        chat.page.evaluate("() => document.activeElement?.blur()")
        raw = chat.page.screenshot(animations="disabled", caret="hide")
        _save(raw, ROOT / "var" / "screenshots" / f"{name}.png")
        if self._shown and name in SHOWN:
            _save(raw, self._shown / f"{name}.png")


def _save(raw: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(raw)).convert("RGB").save(path, optimize=True)


@pytest.mark.parametrize("view", VIEWS)
def test_pictures_of_the_main_job(
    new_customer: NewCustomer, world: World, view: str, request: pytest.FixtureRequest
) -> None:
    album = Album(view, request.config.getoption("--screenshots"))
    chat = new_customer(**VIEWS[view]).chat.open()
    album.take(chat, "privacy")
    chat.agree()
    album.take(chat, "welcome")
    chat.sign_in("zhangwei")
    chat.ask("查一下余额", "52,318.66")
    album.take(chat, "balance")
    chat.ask("给李娜转500", "确认")
    album.take(chat, "confirmation")
    chat.choice("确认").click()
    expect(chat.code).to_be_visible()
    if "desktop" in view:
        expect(chat.page.frame_locator("iframe").get_by_text(world.code(), exact=True)).to_be_visible()
    album.take(chat, "code")
    chat.enter_code(world.code())
    expect(chat.newest).to_contain_text("回单")
    album.take(chat, "receipt")


def test_picture_of_elder_mode(new_customer: NewCustomer, request: pytest.FixtureRequest) -> None:
    chat = new_customer(**PHONE).chat.open().agree().sign_in("wangfang")
    chat.ask("给儿子转10块钱", "10.00")
    Album("phone-light", request.config.getoption("--screenshots")).take(chat, "elder")

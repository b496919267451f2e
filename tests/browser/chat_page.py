"""The chat page as a customer meets it: by what is written and read out, not by how it is built."""

import re

from playwright.sync_api import FrameLocator, Locator, Page, expect

DEMO_NAMES = {"zhangwei": "张伟", "lina": "李娜", "wangfang": "王芳", "zhaolei": "赵磊"}
Place = Page | FrameLocator


class ChatPage:
    """One tab on the chat page, or the page inside the widget's frame."""

    def __init__(self, page: Page, origin: str, place: Place | None = None) -> None:
        self.page, self.origin, self.place = page, origin, place or page
        self.log = self.place.get_by_role("log")
        self.composer = self.place.get_by_role("textbox", name=re.compile("^(输入消息|Message)$"))
        self.send = self.place.get_by_role("button", name=re.compile("^(发送|Send)$"))
        self.banner = self.place.locator(".banners")
        self.code = self.place.get_by_role("textbox", name="输入 6 位短信验证码")
        self.typing = self.log.get_by_text("掌柜正在输入")
        self.dialog = self.place.get_by_role("dialog")

    def open(self, query: str = "") -> "ChatPage":
        """Load the page; it is ready when it can be typed into, or asks for consent."""
        self.page.goto(f"{self.origin}/chat/{query}")
        expect(self.online.or_(self.agreement).first).to_be_visible()
        return self

    @property
    def online(self) -> Locator:
        """The header says that the line is up."""
        return self.place.locator(".top", has=self.page.locator("[data-link=online]"))

    @property
    def agreement(self) -> Locator:
        """The button that agrees to the privacy notice."""
        return self.place.get_by_role("button", name=re.compile("^(同意并开始|Agree and start)$"))

    def agree(self) -> "ChatPage":
        """Agree to the privacy notice."""
        self.agreement.click()
        expect(self.agreement).to_be_hidden()
        return self

    def say(self, text: str) -> None:
        """Type and send; does not wait for the answer."""
        self.composer.fill(text)
        self.send.click()

    def ask(self, text: str, answered: str | re.Pattern[str]) -> Locator:
        """Type, send, and wait for an answer with these words; returns its last message."""
        before = self.log.locator("[data-from]").count()
        self.say(text)
        expect(self.log.locator("[data-from]").nth(before)).to_be_visible()
        expect(self.newest).to_contain_text(answered)
        return self.newest

    @property
    def newest(self) -> Locator:
        """The last message that is not the customer's own."""
        return self.log.locator("[data-from]").last

    @property
    def own(self) -> Locator:
        """The customer's own messages, also those on their way."""
        return self.log.locator(".Message.right")

    def choice(self, title: str) -> Locator:
        """The newest button of this title in the conversation."""
        return self.log.get_by_role("button", name=title, exact=True).last

    def header(self, name: str | re.Pattern[str]) -> Locator:
        """A button of the page's header; a text is its whole name."""
        return self.place.locator(".top").get_by_role("button", name=name, exact=True)

    def sign_in(self, login: str) -> "ChatPage":
        """By the header, and one tap on the sign-in page."""
        self.header(re.compile("^(登录|Sign in)$")).click()
        return self.choose_customer(login)

    def choose_customer(self, login: str) -> "ChatPage":
        """On the sign-in page: tap a demo customer, and come back."""
        self.page.get_by_role("button", name=re.compile(f"^{DEMO_NAMES[login]}")).click()
        expect(self.header(re.compile("退出登录"))).to_be_visible()
        expect(self.online).to_be_visible()
        return self

    def up_to_code(self, text: str, confirm: str = "确认") -> None:
        """Ask for something that moves money, and confirm it."""
        self.say(text)
        self.choice(confirm).click()
        expect(self.code).to_be_visible()

    def enter_code(self, code: str) -> None:
        """Type a one-time code into the masked entry, and confirm it."""
        self.code.fill(code)
        self.place.get_by_role("button", name="确认提交").click()

    def settings(self) -> Locator:
        """Open the menu."""
        self.header(re.compile("^(菜单|Menu)$")).click()
        return self.dialog

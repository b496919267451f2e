"""Bodies of the control routes. Lengths are bounded; what a field means is said where it is not plain."""

from typing import Any, Literal

from pydantic import BaseModel, Extra, Field, validator

from services.wechat_sandbox import acts, crypto, faults
from services.wechat_sandbox.accounts import Setup

_ID = r"^[A-Za-z0-9_-]{1,64}$"


class Body(BaseModel):
    class Config:
        extra = Extra.forbid


def _aes_key(value: str) -> str:
    if not crypto.is_aes_key(value):
        raise ValueError("an EncodingAESKey is 43 characters of A-Z a-z 0-9")
    return value


class AccountBody(Body):
    """As `accounts.Setup`; a field that is left out has its value there."""

    app_id: str = Field(regex=_ID)
    secret: str = Field(min_length=8, max_length=128)
    token: str = Field(regex=r"^[A-Za-z0-9_-]{3,64}$")
    aes_keys: list[str] = Field(min_items=1, max_items=2)
    callback_url: str = Field(regex=r"^https?://", max_length=500)
    kind: Literal["official", "mini_program", "wecom"] = "official"
    mode: Literal["plain", "compatible", "safe"] = "safe"
    body: Literal["xml", "json"] = "xml"
    push_key: int = Field(0, ge=0, le=1)
    original_id: str | None = Field(None, regex=_ID)
    name: str | None = Field(None, max_length=40)
    timeout_seconds: float | None = Field(None, ge=0.05, le=10)
    retries: int | None = Field(None, ge=0, le=5)
    customer_service: bool | None = None
    templates: list[str] | None = Field(None, max_items=50)
    desk_accounts: dict[str, bool] | None = Field(None, description="name -> whether the agent is online")
    open_kfid: str | None = Field(None, regex=_ID)
    page_size: int | None = Field(None, ge=1, le=1000)
    token_seconds: float | None = Field(None, ge=1, le=7200)

    _check_keys = validator("aes_keys", each_item=True, allow_reuse=True)(_aes_key)

    def setup(self) -> Setup:
        """Raises ValueError for a combination Tencent does not have."""
        given = {name: value for name, value in self.dict().items() if value is not None}
        if self.kind == "wecom" and (self.mode, self.body) != ("safe", "xml"):
            raise ValueError("a wecom account is always in safe mode with XML")
        if self.push_key >= len(self.aes_keys):
            raise ValueError("push_key names no key of aes_keys")
        return Setup(**given)


class AccountChange(Body):
    """A change in the console; everything else stays."""

    callback_url: str | None = Field(None, regex=r"^https?://", max_length=500)
    aes_keys: list[str] | None = Field(None, min_items=1, max_items=2)
    mode: Literal["plain", "compatible", "safe"] | None = None
    body: Literal["xml", "json"] | None = None
    push_key: int | None = Field(None, ge=0, le=1)
    timeout_seconds: float | None = Field(None, ge=0.05, le=10)
    retries: int | None = Field(None, ge=0, le=5)
    customer_service: bool | None = None
    templates: list[str] | None = None
    desk_accounts: dict[str, bool] | None = None
    page_size: int | None = Field(None, ge=1, le=1000)

    _check_keys = validator("aes_keys", each_item=True, allow_reuse=True)(_aes_key)


class CustomerBody(Body):
    nickname: str = Field("关注者", max_length=40)
    openid: str | None = Field(None, regex=_ID)
    subscribed: bool = True


class CustomerChange(Body):
    subscribed: bool | None = None
    refuses: bool | None = None


class ActBody(Body):
    """`wait`: answer when the push is over. `hold`: push nothing, answer the signed request, to be tampered with."""

    wait: bool = False
    hold: bool = False


class MessageBody(ActBody):
    """`message_id` replaces the number Tencent would give; `extra` are fields put over those of the kind."""

    kind: str = "text"
    text: str = Field("", max_length=100_000)
    menu_id: str | None = Field(None, max_length=256, description="a click in a msgmenu that need not exist")
    recognition: str | None = Field(None, description="of a voice message; null: not switched on")
    message_id: str | None = Field(None, max_length=128)
    extra: dict[str, Any] = Field(default_factory=dict)

    @validator("kind")
    def _is_kind(cls, value: str) -> str:
        if value not in acts.KINDS:
            raise ValueError(f"one of {', '.join(acts.KINDS)}")
        return value

    def content(self) -> acts.Content:
        return acts.Content(self.text, self.menu_id, self.recognition, self.message_id, self.extra)


class EventBody(ActBody):
    """Any name: a connector must not stumble over an event that Tencent invents tomorrow."""

    event: str = Field(regex=r"^[A-Za-z_]{1,40}$")
    extra: dict[str, Any] = Field(default_factory=dict)


class PressBody(ActBody):
    """One of the two: an item of the account's menu, or a choice of a msgmenu that the phone shows."""

    name: str | None = None
    choice: str | None = None


class RepeatBody(Body):
    times: int = Field(1, ge=1, le=20)
    together: bool = False


class DeskBody(Body):
    """`say` shows an agent's text on the phone."""

    do: Literal["take", "close", "switch", "say"]
    kf_account: str = "desk@bank"
    text: str = Field("", max_length=2000)


class FaultBody(Body):
    api: str = Field("*", description="path without /cgi-bin/, such as message/custom/send")
    kind: str
    times: int = Field(1, ge=1, le=1_000_000)
    errcode: int = -1
    seconds: float = Field(0.0, ge=0, le=120)

    @validator("kind")
    def _is_kind(cls, value: str) -> str:
        if value not in faults.KINDS:
            raise ValueError(f"one of {', '.join(faults.KINDS)}")
        return value


class ClockBody(Body):
    advance_seconds: float


class TokensBody(Body):
    """`revoke`: 40001, as if another program had fetched a newer one; otherwise 42001."""

    revoke: bool = False

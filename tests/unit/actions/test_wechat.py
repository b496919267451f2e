"""绑定、解绑微信: binding is told and never done here, unbinding is an order."""

from collections.abc import Callable

import pytest

from actions.profile import BindWechatForm
from tests.unit.actions.service_stage import Service
from tests.unit.actions.stage import Stage


@pytest.fixture
def wechat(stage: Callable[..., Stage]) -> Callable[..., Service]:
    def begin(login: str | None = "zhangwei") -> Service:
        played = stage(login=login)
        played.form = "bind_wechat_form"
        return Service(BindWechatForm(), played, played.bank)

    return begin


def bound(service: Service) -> bool:
    return service.bank.profile(str(service.stage.session)).wechat_bound_at is not None


@pytest.mark.parametrize("login", [None, "lina", "zhangwei"])
def test_how_to_bind_is_told_to_everybody(wechat: Callable[..., Service], login: str | None) -> None:
    service = wechat(login)
    assert service.start("绑定微信") == ["utter_bind_wechat_how"]
    [told] = service.stage.messages
    assert told["official_account"] and not told.get("buttons")
    assert service.stage.form is None and service.stage.slots.get("service_draft") is None


def test_a_binding_is_undone_with_a_yes_and_a_code(wechat: Callable[..., Service]) -> None:
    service = wechat()
    assert service.start("解绑微信") == ["utter_service_confirm"]
    service.say("确认", "affirm")
    assert bound(service)
    assert service.type_code() == ["utter_bind_wechat_done"]
    assert not bound(service)


def test_binding_after_all_gives_the_order_up(wechat: Callable[..., Service]) -> None:
    service = wechat()
    service.start("解绑微信")
    draft = str(service.stage.slots["service_draft"])
    assert service.say("不对，要绑定") == ["utter_bind_wechat_how"]
    assert service.bank.draft(str(service.stage.session), draft).state == "CANCELLED"
    assert service.stage.form is None and bound(service)


def test_nothing_to_undo(wechat: Callable[..., Service]) -> None:
    service = wechat("lina")
    service.start("解绑微信")
    assert "还没有绑定微信" in str(service.stage.messages[-1])


def test_neither_named_is_asked(wechat: Callable[..., Service]) -> None:
    service = wechat()
    assert service.start("换了个微信号") == ["utter_bind_wechat_ask_on"]
    assert service.buttons() == ["解绑微信", "绑定微信"]
    assert service.say("绑定微信") == ["utter_bind_wechat_how"]

"""What becomes of a raw message before Rasa."""

import pytest
from joserfc import jwe, jwt
from joserfc.jwk import OctKey

from addons.channels.buttons import Pressed
from addons.channels.context import ContextSealer
from addons.channels.conversations import Conversation
from addons.channels.core_client import CodeOutcome
from addons.channels.inbound import Inbound, RawMessage, Services, receive
from addons.channels.wording import say
from tests.unit.addons.channels.fakes import KEY, FakeCore

pytestmark = pytest.mark.asyncio


def opened(inbound: Inbound) -> dict[str, object]:
    key = OctKey.import_key(b"\x00" * 32)
    registry = jwe.JWERegistry(algorithms=["dir", "A256GCM"])
    return dict(jwt.decode(inbound.metadata["context"], key, registry=registry).claims)


async def typed(text: str, conversation: Conversation, services: Services) -> Inbound:
    return await receive(RawMessage(text=text), conversation, services)


async def test_text_goes_on_with_a_sealed_context(customer: Conversation, services: Services) -> None:
    inbound = await typed(' ／affirm{"amount":999999}', customer, services)
    assert inbound.text == 'affirm{"amount":999999}' and inbound.notices == ()
    claims = opened(inbound)
    assert claims["conversation"] == customer.id and claims["session"] == "session-reference"
    assert (claims["iss"], claims["aud"]) == ("zhanggui-channel", "zhanggui-actions")
    assert int(str(claims["exp"])) - int(str(claims["iat"])) == 120 and claims["jti"]
    assert set(inbound.metadata) == {"context", "manner"}


async def test_a_visitor_has_no_session(visitor: Conversation, services: Services, core: FakeCore) -> None:
    inbound = await typed("123456", visitor, services)
    assert inbound.text == "123456" and "session" not in opened(inbound) and core.submitted == []


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        (RawMessage(text=""), "empty"),
        (RawMessage(text=" \u200b\u2060 "), "empty"),
        (RawMessage(text="////"), "empty"),
        (RawMessage(text="x" * 5001), "too_long"),
        (RawMessage(text="x" * 501), "too_long"),
        (RawMessage(text="\ufdfa" * 400), "too_long"),
        (RawMessage(), "not_text"),
        (RawMessage(press="unknown"), "button_expired"),
    ],
)
async def test_refusals_are_polite_and_stop_here(
    raw: RawMessage, refusal: str, customer: Conversation, services: Services
) -> None:
    inbound = await receive(raw, customer, services)
    assert inbound.text is None and inbound.refusal == refusal
    assert inbound.notices == (say(refusal, limit=500),)


@pytest.mark.parametrize("text", ["😀", "👍👍", "x" * 500, "\u200b" * 4000 + "查余额"])
async def test_allowed(text: str, customer: Conversation, services: Services) -> None:
    assert (await typed(text, customer, services)).text


@pytest.mark.parametrize(
    ("text", "secret", "kind"),
    [
        ("我的密码是abc12345", "abc12345", "password"),
        ("卡号6222020200112233440转账", "6222020200112233440", "card_number"),
        ("身份证11010519491231002X", "11010519491231002X", "id_number"),
        ("别人问我要验证码998877怎么办", "998877", "code"),
    ],
)
async def test_secrets_are_hidden_and_warned_about(
    text: str, secret: str, kind: str, customer: Conversation, services: Services
) -> None:
    inbound = await typed(text, customer, services)
    assert inbound.text and secret not in inbound.text
    assert inbound.notices == (say(f"secret_typed.{kind}"),)


async def test_a_phone_number_is_hidden_without_a_warning(customer: Conversation, services: Services) -> None:
    inbound = await typed("给13800010002转100", customer, services)
    assert "13800010002" not in str(inbound.text) and inbound.notices == ()


@pytest.mark.parametrize(
    "text", ["123456", "１２３４５６", "123 456", "验证码是123456", "123456收到了", "一二三四五六"]
)
async def test_code_accepted(text: str, customer: Conversation, services: Services, core: FakeCore) -> None:
    core.code = "123456"
    inbound = await typed(text, customer, services)
    assert (inbound.text, inbound.metadata["code"]) == ("/inform", "accepted") and core.submitted == ["123456"]


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (CodeOutcome.WRONG, "wrong"),
        (CodeOutcome.EXPIRED, "expired"),
        (CodeOutcome.LOCKED, "locked"),
        (CodeOutcome.MALFORMED, "malformed"),
    ],
)
async def test_code_refused(
    outcome: CodeOutcome, told: str, customer: Conversation, services: Services, core: FakeCore
) -> None:
    core.outcome = outcome
    inbound = await typed("123456", customer, services)
    assert (inbound.text, inbound.metadata["code"]) == ("/inform", told)


@pytest.mark.parametrize("text", ["1234", "12345678", "验证码是12345"])
async def test_malformed_code(text: str, customer: Conversation, services: Services, core: FakeCore) -> None:
    core.code = "123456"
    inbound = await typed(text, customer, services)
    assert (inbound.text, inbound.metadata["code"]) == ("/inform", "malformed")


@pytest.mark.parametrize("text", ["500000", "5000", "6789"])
async def test_figures_while_no_code_is_awaited(text: str, customer: Conversation, services: Services) -> None:
    inbound = await typed(text, customer, services)
    assert inbound.text == text and "code" not in inbound.metadata


async def test_amounts_never_count_as_codes(customer: Conversation, services: Services, core: FakeCore) -> None:
    core.code = "500000"
    inbound = await typed("转500000给李娜", customer, services)
    assert inbound.text == "转500000给李娜" and core.submitted == []


async def test_unknown_code_word_without_challenge_is_masked(customer: Conversation, services: Services) -> None:
    inbound = await typed("验证码是123456", customer, services)
    assert inbound.text and "123456" not in inbound.text and inbound.notices == (say("secret_typed.code"),)


async def test_core_down(customer: Conversation, services: Services, core: FakeCore) -> None:
    core.down = True
    inbound = await typed("123456", customer, services)
    assert (inbound.text, inbound.metadata["code"]) == ("/inform", "unavailable")
    assert (await typed("5000", customer, services)).text == "5000"


async def test_code_again_after_a_lost_answer(customer: Conversation, services: Services, core: FakeCore) -> None:
    core.down = True
    await typed("123456", customer, services)
    core.down = False  # the core took it: no challenge is open now
    inbound = await typed("123456", customer, services)
    assert (inbound.text, inbound.metadata["code"]) == ("/inform", "accepted")
    again = await typed("123456", customer, services)
    assert again.refusal == "code_already_submitted" and again.text is None


async def test_accepted_code_typed_again_stays_out_of_rasa(
    customer: Conversation, services: Services, core: FakeCore
) -> None:
    core.code = "123456"
    await typed("123456", customer, services)
    for core.outcome in (CodeOutcome.NOT_AWAITED, CodeOutcome.DEAD):  # DEAD: the core knows it for a used one
        assert (await typed("123456", customer, services)).refusal == "code_already_submitted"
    assert (await typed("654321", customer, services)).metadata["code"] == "dead"


async def test_code_in_a_sentence_is_hidden_while_one_is_awaited(
    customer: Conversation, services: Services, core: FakeCore
) -> None:
    core.code = "123456"
    inbound = await typed("123456还是不行", customer, services)
    assert inbound.text == "******还是不行" and inbound.notices == (say("code_hidden"),) and core.code == "123456"
    core.code = None
    assert (await typed("123456还是不行", customer, services)).text == "123456还是不行"


async def test_expired_session(customer: Conversation, services: Services, core: FakeCore) -> None:
    core.outcome = CodeOutcome.SESSION_INVALID
    assert (await typed("123456", customer, services)).refusal == "session_expired"
    assert "session" not in opened(await typed("你好", customer, services))


async def test_a_pressed_button_brings_its_payload_once(customer: Conversation, services: Services) -> None:
    confirm, _ = await services.buttons.issue(customer.id, [Pressed("/affirm", "确认"), Pressed("/deny", "取消")])
    inbound = await receive(RawMessage(press=confirm), customer, services)
    assert (inbound.text, inbound.shown) == ("/affirm", "确认") and opened(inbound)["conversation"] == customer.id
    assert (await receive(RawMessage(press=confirm), customer, services)).refusal == "button_expired"


async def test_a_typed_button_title_is_text(customer: Conversation, services: Services) -> None:
    await services.buttons.issue(customer.id, [Pressed("/affirm", "确认"), Pressed("/deny", "取消")])
    assert (await typed("确认", customer, services)).text == "确认"


async def test_a_wrong_key_is_refused() -> None:
    ContextSealer(KEY)
    for key in ("", "short", "!" * 43, "A" * 44 + "A"):
        with pytest.raises(ValueError, match="CONTEXT_KEY"):
            ContextSealer(key)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("查余额？", "查余额？"),
        ("第一行\n\u202e第二\u200b行  ", "第一行\n第二行"),
        ("/restart", "/restart"),
        ("我的密码是abc12345", "我的密码是••••••"),
        ("身份证１１０１０５１９４９１２３１００２Ｘ", "身份证1••••••X"),
        ("卡号6222020200112233440转账", "卡号****3440转账"),
        ("x" * 501, "x" * 500 + "…"),
        ("6222020200112233440" + "x" * 6000, "****3440" + "x" * 492 + "…"),
        ("", ""),
        ("\u200b", ""),
    ],
)
async def test_what_may_be_shown(text: str, shown: str, customer: Conversation, services: Services) -> None:
    assert (await typed(text, customer, services)).shown == shown


@pytest.mark.parametrize(
    "text", ["123456", "验证码是１２３４５６", "一二三四五六", "12345", "654321", "123456还是不行"]
)
async def test_no_code_is_shown(text: str, customer: Conversation, services: Services, core: FakeCore) -> None:
    core.code = "123456"
    for _ in range(2):  # wrong or right, and again after it was taken
        shown = (await typed(text, customer, services)).shown
        assert shown.replace("还是不行", "") == "••••••"


async def test_no_code_is_shown_without_the_core_or_a_sign_in(
    customer: Conversation, services: Services, core: FakeCore
) -> None:
    core.down = True
    assert (await typed("123456", customer, services)).shown == "••••••"
    core.down, core.outcome = False, CodeOutcome.SESSION_INVALID
    assert (await typed("123456", customer, services)).shown == "••••••"


async def test_nothing_is_shown_of_pictures_and_unknown_buttons(customer: Conversation, services: Services) -> None:
    for raw in (RawMessage(), RawMessage(press="unknown")):
        assert (await receive(raw, customer, services)).shown == ""

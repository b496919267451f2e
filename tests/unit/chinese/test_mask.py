"""What must not be stored, in every spelling; and what must stay readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinese import find_secrets, mask_card, mask_id, mask_phone, mask_secrets

CARD, PHONE, ID = "6222021234567890128", "13800010001", "11010519491231002X"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
SPELLED = str.maketrans("0123456789", "零一二三四五六七八九")

MASKED = [
    (f"卡号{CARD}余额", "卡号****0128余额", "card_number"),
    ("6222 0212 3456 7890 128", "****0128", "card_number"),
    ("6222-0212-3456-7890-128", "****0128", "card_number"),
    ("6222　0212　3456　7890　128", "****0128", "card_number"),
    ("6222\u200b0212\u200b3456\u200b7890\u200b128", "****0128", "card_number"),
    ("6222021234567890129", "****0129", "card_number"),
    ("6222 0212 3456 7890", "****7890", "card_number"),
    (f"身份证{ID}", "身份证1****************X", "id_number"),
    ("110105 19491231 002x", "1****************X", "id_number"),
    (f"手机{PHONE}", "手机138****0001", "phone_number"),
    ("138 0001 0001", "138****0001", "phone_number"),
    ("138-0001-0001", "138****0001", "phone_number"),
    (f"+86{PHONE}", "+86138****0001", "phone_number"),
    (f"1000给{PHONE}", "1000给138****0001", "phone_number"),
    ("密码是123456", "密码是******", "password"),
    ("密码：abc123", "密码：******", "password"),
    ("取款密码 1 2 3 4 5 6", "取款密码 ******", "password"),
    ("Password:hunter2!", "Password:******", "password"),
    ("把123456设为密码", "把******设为密码", "password"),
    ("密码改成888888", "密码改成******", "password"),
    ("验证码482913", "验证码******", "code"),
    ("验证码是：482 913", "验证码是：******", "code"),
    ("482913是我的验证码", "******是我的验证码", "code"),
    ("验证码四八二九一三", "验证码******", "code"),
    ("验证码收到了，是482913", "验证码收到了，是******", "code"),
    ("CVV 123", "CVV ******", "code"),
]

KEPT = [
    "转5000，验证码没收到",
    "密码输错3次",
    "密码忘了怎么办",
    "转12345678901.00元",
    "2026-01-01 2026-02-28",
    "20260101-20260228",
    "尾号6789转500",
    "给李娜转100000",
    "95588",
    "1380001000",
    "",
    "订单202603050001",
]


@pytest.mark.parametrize(("text", "masked", "kind"), MASKED)
def test_secret_is_masked(text: str, masked: str, kind: str) -> None:
    assert mask_secrets(text) == (masked, (kind,))


@pytest.mark.parametrize("text", KEPT)
def test_ordinary_text_is_kept(text: str) -> None:
    assert mask_secrets(text) == (text, ())


def test_all_kinds_at_once() -> None:
    masked = mask_secrets(f"卡{CARD}密码123456手机{PHONE}")
    assert masked.text == "卡****0128密码******手机138****0001"
    assert masked.kinds == ("card_number", "password", "phone_number")


def test_secret_values_come_without_separators() -> None:
    assert [(s.kind, s.value) for s in find_secrets("验证码 48 29 13 手机138-0001-0001")] == [
        ("code", "482913"),
        ("phone_number", PHONE),
    ]


def test_display_masks() -> None:
    assert (mask_card(CARD), mask_phone(PHONE), mask_id(ID)) == ("****0128", "138****0001", "1****************X")


@given(
    secret=st.sampled_from([CARD, PHONE, ID]),
    style=st.sampled_from(["", " ", "-", "full", "spelled"]),
    before=st.text("你好转给的卡号，。 ", max_size=8),
    after=st.text("余额多少？，。 ", max_size=8),
)
def test_no_style_of_digits_gets_through(secret: str, style: str, before: str, after: str) -> None:
    written = secret
    if style == "full":
        written = secret.translate(FULL_WIDTH)
    elif style == "spelled" and secret != ID:
        written = secret.translate(SPELLED)
    elif style in (" ", "-") and secret == CARD:
        written = style.join(secret[i : i + 4] for i in range(0, len(secret), 4))
    masked = mask_secrets(before + written + after)
    assert masked.kinds and written not in masked.text
    assert mask_secrets(masked.text) == (masked.text, ())


def test_a_card_number_whose_beginning_passes_luhn_too_is_hidden_whole() -> None:
    assert mask_secrets("6291 8800 0000 0034 466").text == "****4466"

"""Against the worked example of the documentation, against wechatpy and openssl."""

import base64
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto

from services.wechat_sandbox.crypto import CryptoError, Sealer, is_aes_key, same, signature
from tests.unit.services.wechat_sandbox.harness import AES_KEY, OTHER_KEY

APP_ID = "wx5823bf96d3bd56c7"
RAW_KEY = base64.b64decode(AES_KEY + "=")


def openssl(*options: str, data: bytes) -> bytes:
    arguments = ["openssl", "enc", "-aes-256-cbc", "-nopad", "-K", RAW_KEY.hex(), "-iv", RAW_KEY[:16].hex(), *options]
    return subprocess.run(arguments, input=data, capture_output=True, check=True).stdout


def sealed_by_hand(full: bytes) -> str:
    """The 32-byte padding done here, the cipher by openssl."""
    missing = 32 - len(full) % 32
    return base64.b64encode(openssl("-e", data=full + bytes([missing]) * missing)).decode()


def test_the_documentation_s_worked_example() -> None:
    made = signature("AAAAA", "1714036504", "1514711492")
    assert made == "f464b24fc39322e44b38aa78f5edd27bd1441696"
    assert same(made, "f464b24fc39322e44b38aa78f5edd27bd1441696")
    assert not same(made, "f464b24fc39322e44b38aa78f5edd27bd1441697")
    assert not same(made, None)


def test_a_known_message_is_sealed_byte_for_byte() -> None:
    message = "<xml><Content>您好]]></Content></xml>".encode()
    full = b"0123456789abcdef" + len(message).to_bytes(4, "big") + message + APP_ID.encode()
    assert Sealer(AES_KEY, APP_ID).seal(message, b"0123456789abcdef") == sealed_by_hand(full)


@given(st.binary(max_size=300))
def test_wechatpy_opens_what_is_sealed_and_the_other_way_round(message: bytes) -> None:
    text = base64.b64encode(message).decode()
    other = PrpCrypto(RAW_KEY)
    assert other.decrypt(Sealer(AES_KEY, APP_ID).seal(text.encode()), APP_ID) == text
    assert Sealer(AES_KEY, APP_ID).open(other.encrypt(text, APP_ID).decode()) == text.encode()


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 14, 27, 28, 29, 45])
def test_every_length_of_padding(length: int) -> None:
    sealer = Sealer(AES_KEY, APP_ID)
    assert sealer.open(sealer.seal(b"x" * length)) == b"x" * length


def padded(full: bytes, padding: bytes) -> str:
    return base64.b64encode(openssl("-e", data=full + padding)).decode()


MESSAGE = b"r" * 16 + (2).to_bytes(4, "big") + b"hi"


@pytest.mark.parametrize(
    ("sealed", "why"),
    [
        ("不是", "base64"),
        ("", "0 bytes"),
        ("AAAA", "3 bytes"),
        (sealed_by_hand(MESSAGE + b"wxother"), "not the account's"),
        (sealed_by_hand(MESSAGE), "not the account's"),
        (sealed_by_hand(b"r" * 16 + (99).to_bytes(4, "big") + APP_ID.encode()), "length"),
        (sealed_by_hand(b"short"), "too short"),
        (padded(b"r" * 31, b"\x00"), "padding"),
        (padded(b"r" * 31, b"\x21"), "padding"),
        (padded(b"r" * 30, b"\x01\x02"), "padding"),
        (Sealer(OTHER_KEY, APP_ID).seal(b"hi", b"r" * 16), "wrong"),
    ],
)
def test_what_cannot_be_opened_is_refused_with_its_reason(sealed: str, why: str) -> None:
    with pytest.raises(CryptoError, match=why):
        Sealer(AES_KEY, APP_ID).open(sealed)


def test_a_key_is_43_letters_and_digits() -> None:
    assert is_aes_key(AES_KEY)
    for text in (AES_KEY[:-1], AES_KEY + "A", AES_KEY[:-1] + "-", AES_KEY + "\n"):
        assert not is_aes_key(text)
    with pytest.raises(ValueError, match="43"):
        Sealer("short", APP_ID)

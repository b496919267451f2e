"""Signatures and AES of WeChat, against a second implementation written here from the protocol text."""

import base64
import hashlib
import struct

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from addons.channels.wechat_crypto import NotAuthentic, PushCrypto

TOKEN, APPID = "AAAAA", "wxba5fad812f8e6fb9"
KEY, PREVIOUS = "A" * 21 + "b1" * 11, "Zz9" * 14 + "k"
TIME, NONCE = "1714112445", "415670741"
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def sign(*parts: str, token: str = TOKEN) -> str:
    return hashlib.sha1("".join(sorted([token, *parts])).encode()).hexdigest()


def cbc(aes_key: str) -> Cipher:
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def encrypt(text: str | bytes, aes_key: str = KEY, receiver: str = APPID, salt: bytes = b"0123456789abcdef") -> str:
    message = text if isinstance(text, bytes) else text.encode()
    full = salt + struct.pack(">I", len(message)) + message + receiver.encode()
    padding = 32 - len(full) % 32
    return encrypt_raw(full + bytes([padding]) * padding, aes_key)


def encrypt_raw(blocks: bytes, aes_key: str = KEY) -> str:
    encryptor = cbc(aes_key).encryptor()
    return base64.b64encode(encryptor.update(blocks) + encryptor.finalize()).decode()


def decrypt(encrypted: str, aes_key: str = KEY) -> tuple[str, str]:
    """Text and receiver; asserts the padding."""
    decryptor = cbc(aes_key).decryptor()
    full = decryptor.update(base64.b64decode(encrypted, validate=True)) + decryptor.finalize()
    padding = full[-1]
    assert 1 <= padding <= 32 and full.endswith(bytes([padding]) * padding) and len(full) % 32 == 0
    full = full[:-padding]
    (length,) = struct.unpack(">I", full[16:20])
    return full[20 : 20 + length].decode(), full[20 + length :].decode()


@pytest.fixture
def crypto() -> PushCrypto:
    return PushCrypto(TOKEN, APPID, [KEY, PREVIOUS])


def test_url_verification_of_the_official_example() -> None:
    known = sign("1714036504", "1514711492")
    assert known.startswith("f464b24f") and known.endswith("1696")
    PushCrypto("AAAAA", APPID).verify(known, "1714036504", "1514711492")


@pytest.mark.parametrize("wrong", ["", "0" * 40, "f464", "签名", "\ud800", sign(TIME, NONCE).upper()])
def test_wrong_signature(crypto: PushCrypto, wrong: str) -> None:
    with pytest.raises(NotAuthentic):
        crypto.verify(wrong, TIME, NONCE)


def test_signature_is_bound_to_token_time_and_nonce(crypto: PushCrypto) -> None:
    good = sign(TIME, NONCE)
    crypto.verify(good, TIME, NONCE)
    for time, nonce in ((TIME + "1", NONCE), (TIME, NONCE + "1"), (TIME, "\ud800")):
        with pytest.raises(NotAuthentic):
            crypto.verify(good, time, nonce)
    with pytest.raises(NotAuthentic):
        PushCrypto("BBBBB", APPID).verify(good, TIME, NONCE)


@given(WORDS)
def test_opens_what_another_implementation_encrypted(text: str) -> None:
    encrypted = encrypt(text)
    opened = PushCrypto(TOKEN, APPID, [KEY]).open(encrypted, sign(TIME, NONCE, encrypted), TIME, NONCE)
    assert (opened.text, opened.key) == (text, 0)


@given(WORDS, st.sampled_from([0, 1]))
def test_another_implementation_opens_what_it_seals(text: str, key: int) -> None:
    sealed = PushCrypto(TOKEN, APPID, [KEY, PREVIOUS]).seal(text, key, 1714112445)
    assert decrypt(sealed.encrypt, [KEY, PREVIOUS][key]) == (text, APPID)
    assert sealed.timestamp == "1714112445"
    assert sealed.signature == sign(sealed.timestamp, sealed.nonce, sealed.encrypt)


def test_sealing_is_exact_to_the_byte() -> None:
    salted = PushCrypto(TOKEN, APPID, [KEY], salt=lambda: b"0123456789abcdef")
    sealed = salted.seal("<xml>好</xml>", 0, 1714112445, NONCE)
    assert sealed.encrypt == encrypt("<xml>好</xml>")
    assert (sealed.nonce, sealed.signature) == (NONCE, sign(TIME, NONCE, sealed.encrypt))


def test_each_reply_has_its_own_salt_and_nonce(crypto: PushCrypto) -> None:
    sealed = [crypto.seal("同", 0, 1) for _ in range(20)]
    assert len({one.encrypt for one in sealed}) == len({one.nonce for one in sealed}) == 20


def test_previous_key_still_opens_and_is_named(crypto: PushCrypto) -> None:
    encrypted = encrypt("旧", PREVIOUS)
    opened = crypto.open(encrypted, sign(TIME, NONCE, encrypted), TIME, NONCE)
    assert (opened.text, opened.key) == ("旧", 1)


@pytest.mark.parametrize("receiver", ["wx0000000000000000", "", APPID + "x", APPID[:-1]])
def test_push_to_another_account_is_refused(crypto: PushCrypto, receiver: str) -> None:
    encrypted = encrypt("hi", receiver=receiver)
    with pytest.raises(NotAuthentic):
        crypto.open(encrypted, sign(TIME, NONCE, encrypted), TIME, NONCE)


def test_plain_signature_does_not_do_for_an_encrypted_push(crypto: PushCrypto) -> None:
    with pytest.raises(NotAuthentic):
        crypto.open(encrypt("hi"), sign(TIME, NONCE), TIME, NONCE)


def test_tampered_push_is_refused(crypto: PushCrypto) -> None:
    encrypted = encrypt("hi")
    good = sign(TIME, NONCE, encrypted)
    crypto.open(encrypted, good, TIME, NONCE)
    changed = ("B" if encrypted[0] == "A" else "A") + encrypted[1:]
    for values in ((changed, good, TIME, NONCE), (encrypted, good, "1", NONCE), (encrypted, good, TIME, "1")):
        with pytest.raises(NotAuthentic):
            crypto.open(*values)


@given(st.one_of(st.text(max_size=80), st.binary(max_size=200).map(lambda raw: base64.b64encode(raw).decode())))
def test_signed_rubbish_is_not_authentic(rubbish: str) -> None:
    try:
        signature = sign(TIME, NONCE, rubbish)
    except UnicodeEncodeError:
        signature = "0" * 40
    with pytest.raises(NotAuthentic):
        PushCrypto(TOKEN, APPID, [KEY, PREVIOUS]).open(rubbish, signature, TIME, NONCE)


@given(st.binary(min_size=1, max_size=12).map(lambda raw: (raw * 200)[: 16 * (len(raw) % 9 + 1)]))
def test_well_formed_ciphertext_of_rubbish_is_not_authentic(blocks: bytes) -> None:
    encrypted = encrypt_raw(blocks)
    with pytest.raises(NotAuthentic):
        PushCrypto(TOKEN, APPID, [KEY]).open(encrypted, sign(TIME, NONCE, encrypted), TIME, NONCE)


def test_bytes_that_are_no_text_are_refused(crypto: PushCrypto) -> None:
    encrypted = encrypt(b"\xff\xfe")
    with pytest.raises(NotAuthentic):
        crypto.open(encrypted, sign(TIME, NONCE, encrypted), TIME, NONCE)


def test_too_large_is_refused_before_any_work(crypto: PushCrypto) -> None:
    encrypted = encrypt("字" * 50_000)
    with pytest.raises(NotAuthentic, match="too large"):
        crypto.open(encrypted, sign(TIME, NONCE, encrypted), TIME, NONCE)


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 44, "A" * 42 + "!", "A" * 43 + "\n"])
def test_unusable_key_is_named_but_not_shown(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey") as refused:
        PushCrypto(TOKEN, APPID, [KEY, key])
    assert not key or key not in str(refused.value)


@pytest.mark.parametrize(("token", "appid"), [("", APPID), (TOKEN, "")])
def test_empty_settings_are_refused(token: str, appid: str) -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        PushCrypto(token, appid)

"""What the web channel refuses to start with."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from rasa.core.channels.callback import CallbackInput
from rasa.core.channels.rest import RestInput
from rasa.core.channels.socketio import SocketIOInput
from rasa.core.run import _create_app_without_api
from rasa.server import create_app
from rasa.shared.exceptions import RasaException
from sanic import Sanic

from addons.channels.web import WebChannel
from addons.channels.web_checks import check_app, check_channels, check_settings
from addons.channels.web_settings import WebSettings, read_settings

_numbers = count()
ENVIRONMENT = {
    "ZHANGGUI_SANDBOX": "0",
    "CORE_BANK_URL": "http://127.0.0.1:8100",
    "WEB_ORIGINS": "https://chat.bank.example, https://m.bank.example",
    "WEB_EMBED_ORIGINS": "https://www.bank.example",
    "WEB_TRUSTED_PROXIES": "10.0.0.5, 2001:db8::/32",
    "WEB_SIGN_IN_URL": "https://bank.example/sign-in",
    "WEB_SIGN_IN_KEYS_URL": "https://bank.example/keys.json",
    "WEB_SIGN_IN_ISSUER": "https://bank.example",
    "WEB_MESSAGES_A_MINUTE": "100",
}


@pytest.fixture
def settings() -> WebSettings:
    return read_settings(ENVIRONMENT)


@pytest.fixture(autouse=True)
def several_apps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa gives all its apps one name, which Sanic wants once."""
    monkeypatch.setattr(Sanic, "_app_registry", {})


def test_settings_of_a_bank(settings: WebSettings) -> None:
    check_settings(settings)
    assert settings.origins == ("https://chat.bank.example", "https://m.bank.example")
    assert settings.secure and settings.cookie.startswith("__Secure-") and settings.phone_url is None
    assert [str(network) for network in settings.proxies] == ["10.0.0.5/32", "2001:db8::/32"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"WEB_ORIGINS": ""}, "WEB_ORIGINS is empty"),
        ({"WEB_ORIGINS": "*"}, r"WEB_ORIGINS is \*"),
        ({"WEB_ORIGINS": "https://a.example,*"}, r"WEB_ORIGINS is \*"),
        ({"WEB_ORIGINS": "bank.example"}, "not an origin"),
        ({"WEB_ORIGINS": "https://bank.example/"}, "not an origin"),
        ({"WEB_EMBED_ORIGINS": "https://*"}, "not an origin"),
        ({"WEB_EMBED_ORIGINS": "https://a.example; script-src *"}, "not an origin"),
        ({"WEB_ORIGINS": "http://bank.example"}, "served over https"),
        ({"WEB_SIGN_IN_URL": ""}, "WEB_SIGN_IN_URL is not set"),
        ({"WEB_SIGN_IN_KEYS_URL": ""}, "WEB_SIGN_IN_KEYS_URL is not set"),
        ({"WEB_SIGN_IN_KEYS_URL": "https://core/sandbox/sign-in/keys.json"}, "the sandbox's own"),
        ({"WEB_SIGN_IN_KEYS_URL": "http://bank.example/keys.json"}, "must be https"),
        ({"WEB_TRUSTED_PROXIES": "all"}, "no address or network"),
        ({"WEB_MESSAGES_A_MINUTE": "many"}, "whole number"),
    ],
)
def test_settings_that_are_refused(change: dict[str, str], expected: str) -> None:
    with pytest.raises(RasaException, match=expected) as refused:
        check_settings(read_settings({**ENVIRONMENT, **change}))
    assert "\n" not in str(refused.value)


def test_the_sandbox_may_use_plain_http() -> None:
    sandbox = {**ENVIRONMENT, "ZHANGGUI_SANDBOX": "1", "WEB_ORIGINS": "http://127.0.0.1:5005"}
    settings = read_settings(sandbox)
    check_settings(settings)
    assert settings.phone_url == "http://127.0.0.1:8100/sandbox/phone" and settings.cookie == "zhanggui_chat"


def test_an_open_api_is_refused() -> None:
    with pytest.raises(RasaException, match="enable-api has no authentication"):
        check_app(create_app(cors_origins=None))


@pytest.mark.parametrize("guard", [{"auth_token": "t" * 32}, {"jwt_secret": "s" * 32, "jwt_method": "HS256"}])
def test_a_guarded_api_is_fine(guard: dict[str, Any]) -> None:
    check_app(create_app(cors_origins=None, **guard))


@pytest.mark.parametrize("origins", ["*", ["*"], ["https://bank.example", "*"], ".*"])
def test_every_origin_is_refused(origins: Any) -> None:
    with pytest.raises(RasaException, match="lets every site ask"):
        check_app(_create_app_without_api(origins))


@pytest.mark.parametrize("origins", [None, [], ["https://bank.example"]])
def test_named_origins_are_fine(origins: Any) -> None:
    check_app(_create_app_without_api(origins))


@pytest.mark.parametrize("channel", [RestInput(), CallbackInput(None), SocketIOInput()])
def test_rasas_open_channels_are_for_the_sandbox(channel: Any, settings: WebSettings) -> None:
    with pytest.raises(RasaException, match=f"lists {channel.name()}"):
        check_channels([channel], settings)
    check_channels([channel], replace(settings, sandbox=True))


def test_the_channel_needs_its_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name, value in {**ENVIRONMENT, "CHANNEL_DB": f"{tmp_path}/c.db", "CORE_BANK_TOKEN_CHANNEL": "t"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CONTEXT_KEY", "A" * 43)
    assert WebChannel.from_credentials(None).name() == "web"
    for name, value in (("CONTEXT_KEY", ""), ("CONTEXT_KEY", "short"), ("CORE_BANK_TOKEN_CHANNEL", "")):
        with monkeypatch.context() as changed:
            changed.setenv(name, value)
            with pytest.raises(RasaException, match=name):
                WebChannel.from_credentials(None)

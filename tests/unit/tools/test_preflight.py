import os
import socket
from pathlib import Path

import pytest

from tools import environment, preflight
from tools.sandbox import ensure_secrets
from tools.stack import free_ports


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A sandbox in which nothing is wrong."""
    bound = preflight.PORTS | preflight.SANDBOX_PORTS
    ports = dict(zip(bound, map(str, free_ports(len(bound)))))
    found = {"ZHANGGUI_VAR": str(tmp_path), **ports, **ensure_secrets(tmp_path)}
    environment.fill(found)
    return found


@pytest.fixture
def real(env: dict[str, str]) -> dict[str, str]:
    """The same outside the sandbox, with secrets of its own."""
    own = {name: f"{name:x<43}"[:43] for name in environment.SECRETS}
    web = {
        "WEB_ORIGINS": "https://chat.bank.example",
        "WEB_SIGN_IN_URL": "https://bank.example/sign-in",
        "WEB_SIGN_IN_KEYS_URL": "https://bank.example/sign-in/keys.json",
        "RASA_CREDENTIALS": f"{environment.ROOT}/credentials.yml",
    }
    return {**env, **own, **web, "CONTEXT_KEY": "A" * 43, "ZHANGGUI_SANDBOX": "0"}


def test_nothing_to_say_when_nothing_is_wrong(env: dict[str, str], real: dict[str, str]) -> None:
    assert preflight.problems(env) == []
    assert preflight.problems(real) == []
    assert preflight.problems({**real, "REDIS_URL": "redis://:hunter2@redis:6379/0"}) == [], "optional, and no secret"


def test_a_wecom_account_that_the_channel_would_refuse(real: dict[str, str]) -> None:
    account = {"WECOM_CORP_ID": "ww1", "WECOM_SECRET": "s", "WECOM_TOKEN": "t", "WECOM_AES_KEY": "e" * 43}
    wecom = {**account, "WECOM_KFID": "wk1", "WECHAT_ORIGIN": "https://chat.bank.example"}
    assert preflight.problems({**real, **wecom}) == []
    (line,) = preflight.problems({**real, **wecom, "WECOM_KFID": ""})
    assert line.startswith("WECOM_KFID is not set")
    (line,) = preflight.problems({**real, **wecom, "WECOM_AES_KEY": "short"})
    assert "EncodingAESKey" in line and "short" not in line
    (line,) = preflight.problems({**real, "WECOM_SECRET": "s"})
    assert "without WECOM_CORP_ID" in line


ONLY_THERE = [row for row in environment.TABLE if row.sandbox_only]


def test_what_only_the_sandbox_needs_is_asked_for_there_only(env: dict[str, str], real: dict[str, str]) -> None:
    names = {row.name for row in ONLY_THERE}
    assert {"WEB_SIGN_IN_KEY", "WEB_SIGN_IN_RETURNS", "CORE_BANK_TOKEN_SANDBOX", "WECHAT_SANDBOX_TOKEN"} <= names
    assert not names & {"CORE_BANK_TOKEN_CHANNEL", "CONTEXT_KEY", "WEB_SIGN_IN_URL", "WEB_SIGN_IN_ISSUER"}
    unset = dict.fromkeys(names, "")
    assert preflight.problems({**real, **unset}) == []
    assert [line.split()[0] for line in preflight.missing_variables({**env, **unset})] == [r.name for r in ONLY_THERE]


@pytest.mark.parametrize("name", [row.name for row in ONLY_THERE if row.secret])
def test_a_leftover_of_the_sandbox_is_no_weakness(name: str, env: dict[str, str], real: dict[str, str]) -> None:
    assert preflight.problems({**real, name: env[name]}) == []
    assert preflight.problems({**real, name: "short"}) == []


def test_a_value_that_is_no_answer_leaves_out_nothing(env: dict[str, str]) -> None:
    undecided = {**env, "ZHANGGUI_SANDBOX": "yes", "WEB_SIGN_IN_KEY": ""}
    assert any(line.startswith("WEB_SIGN_IN_KEY is not set") for line in preflight.problems(undecided))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"CONTEXT_KEY": ""}, "CONTEXT_KEY is not set"),
        ({"CONTEXT_KEY": "c2hvcnQ"}, "CONTEXT_KEY is not 32 bytes"),
        ({"ZHANGGUI_SANDBOX": "yes"}, "ZHANGGUI_SANDBOX is 'yes'"),
        ({"ZHANGGUI_TIMEZONE": "Mars/Base"}, "ZHANGGUI_TIMEZONE is 'Mars/Base'"),
        ({"REDIS_URL": "http://:hunter2@redis"}, "REDIS_URL is no Redis address"),
        ({"CHANNEL_DB": ""}, "CHANNEL_DB is not set"),
        ({"WEB_ORIGINS": "*"}, "WEB_ORIGINS is *: every site"),
        ({"WEB_ORIGINS": "https://bank.example/chat"}, "WEB_ORIGINS: 'https://bank.example/chat' is not an origin"),
        ({"WEB_TRUSTED_PROXIES": "nginx"}, "WEB_TRUSTED_PROXIES: 'nginx' is no address"),
        ({"WEB_MESSAGES_A_MINUTE": "0"}, "WEB_MESSAGES_A_MINUTE is '0': it must be"),
        ({"RASA_PORT": "http"}, "RASA_PORT is 'http', not a port"),
        ({"RASA_PORT": "70000"}, "RASA_PORT is '70000', not a port"),
        ({"RASA_HOST": "0.0.0.0"}, "RASA_HOST is 0.0.0.0: the sandbox is for this machine only"),
        ({"CORE_BANK_HOST": "bank.example"}, "CORE_BANK_HOST is 'bank.example', not an IP address"),
        ({"ZHANGGUI_VAR": "/dev/null/var"}, "ZHANGGUI_VAR is /dev/null/var, which cannot be written"),
    ],
)
def test_a_mistake_is_one_line(env: dict[str, str], change: dict[str, str], expected: str) -> None:
    (line,) = preflight.problems({**env, **change})
    assert line.startswith(expected)
    assert "\n" not in line and "hunter2" not in line
    assert ": " in line, "what is wrong, then how to mend it"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"CORE_BANK_CODE_KEY": "secret"}, "CORE_BANK_CODE_KEY has 6 characters"),
        ({"WEB_ORIGINS": "http://chat.bank.example"}, "WEB_ORIGINS has http://chat.bank.example: outside the sandbox"),
        ({"WEB_SIGN_IN_URL": "https://x/sandbox/sign-in"}, "WEB_SIGN_IN_URL is the sandbox's own"),
        ({"WEB_SIGN_IN_KEYS_URL": "http://bank.example/keys"}, "WEB_SIGN_IN_KEYS_URL is http://bank.example/keys"),
        ({"RASA_HOST": "0.0.0.0"}, "RASA_HOST is 0.0.0.0, every interface"),
        ({"SANIC_HOST": "::"}, "SANIC_HOST is ::, every interface"),
    ],
)
def test_a_mistake_outside_the_sandbox(real: dict[str, str], change: dict[str, str], expected: str) -> None:
    (line,) = preflight.problems({**real, **change})
    assert line.startswith(expected)


def test_the_sandbox_secret_is_refused_outside(env: dict[str, str], real: dict[str, str]) -> None:
    (line,) = preflight.problems({**real, "ACTION_SERVER_TOKEN": env["ACTION_SERVER_TOKEN"]})
    assert line.startswith("ACTION_SERVER_TOKEN is the sandbox's own secret")


def test_rasas_open_channels_are_for_the_sandbox(env: dict[str, str], real: dict[str, str], tmp_path: Path) -> None:
    credentials = tmp_path / "credentials.yml"
    credentials.write_text("rest:\nsocketio:\naddons.channels.web.WebChannel:\n")
    named = {"RASA_CREDENTIALS": str(credentials)}
    assert list(preflight.open_channels(env | named)) == []
    first, second = preflight.open_channels(real | named)
    assert first.startswith(f"{credentials} lists rest, ") and second.startswith(f"{credentials} lists socketio, ")


def test_the_local_channel_is_for_the_sandbox(env: dict[str, str], real: dict[str, str]) -> None:
    (line,) = preflight.open_channels(real | {"RASA_CREDENTIALS": env["RASA_CREDENTIALS"]})
    assert "lists the local channel" in line and line.endswith("set RASA_CREDENTIALS to credentials.yml")
    assert list(preflight.open_channels(real)) == list(preflight.open_channels(env)) == []


def test_a_file_of_channels_that_is_none(env: dict[str, str], tmp_path: Path) -> None:
    (line,) = preflight.open_channels(env | {"RASA_CREDENTIALS": str(tmp_path / "missing.yml")})
    assert "lists no channel" in line


def test_a_busy_port_names_its_holder_and_the_variable(env: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(env["RASA_PORT"])))
        other.listen()
        (line,) = preflight.problems(env)
    assert line.startswith(f"port {env['RASA_PORT']} is in use (pid {os.getpid()}: ")
    assert line.endswith("or set RASA_PORT to a free port")


def test_one_port_for_two(env: dict[str, str]) -> None:
    (line,) = preflight.problems({**env, "RASA_PORT": env["CORE_BANK_PORT"]})
    assert line.startswith("RASA_PORT and CORE_BANK_PORT are both ")

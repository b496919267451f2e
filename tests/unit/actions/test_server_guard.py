"""The action server as rasa-sdk starts it: nobody without the token, nothing of the customer in an error."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
import requests

from tools.stack import free_ports

CARD = "6222020200112233445"
CALL = {"next_action": "no_such_action", "sender_id": "s", "tracker": {"slots": {"card": CARD}}, "version": "3.6.21"}
TOKEN = "a-token-of-this-test"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    port = free_ports(1)[0]
    environment = os.environ | {"ACTION_SERVER_TOKEN": TOKEN, "SANIC_HOST": "127.0.0.1"}
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str) -> None:
    for _ in range(150):
        try:
            requests.get(f"{url}/health", timeout=1)
            return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise TimeoutError(url)


@pytest.mark.parametrize(
    "headers", [{}, {"x-action-token": "wrong"}, {"x-action-token": ""}, {"Authorization": f"Bearer {TOKEN}"}]
)
def test_a_call_without_the_token_is_refused(server: str, headers: dict[str, str]) -> None:
    assert requests.post(f"{server}/webhook", json=CALL, headers=headers, timeout=5).status_code == 401
    assert requests.get(f"{server}/actions", headers=headers, timeout=5).status_code == 401


def test_a_call_with_the_token_is_served(server: str) -> None:
    answer = requests.get(f"{server}/actions", headers={"x-action-token": TOKEN}, timeout=5)
    assert {"name": "action_transfer_money"} in answer.json()


def test_an_error_holds_nothing_of_the_request(server: str) -> None:
    broken = CALL | {"next_action": "action_cancel_service"}  # a tracker that misses most of its parts
    answer = requests.post(f"{server}/webhook", json=broken, headers={"x-action-token": TOKEN}, timeout=5)
    assert answer.status_code == 500
    assert CARD not in answer.text


def test_a_compressed_body_is_refused(server: str) -> None:
    headers = {"x-action-token": TOKEN, "Content-Encoding": "deflate"}
    assert requests.post(f"{server}/webhook", data=b"x", headers=headers, timeout=5).status_code == 415


def test_without_a_configured_token_the_server_does_not_start() -> None:
    environment = os.environ | {"ACTION_SERVER_TOKEN": ""}
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(free_ports(1)[0])]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert result.returncode != 0
    assert "ACTION_SERVER_TOKEN is not set" in result.stderr

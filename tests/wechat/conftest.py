"""The WeChat channel in real processes (channels.md §7): started once for all tests."""

from collections.abc import Iterator

import pytest

from tests.wechat.actions_between import ActionsBetween
from tests.wechat.site import Site, eventually
from tools.converse_bank import SandboxBank
from tools.stack import START_LIMIT, Stack, answers, free_ports, procfile
from tools.train import ensure_model
from tools.wechat_client import Phone, Tencent

PREVIOUS_AES_KEY = "Zz9" * 14 + "k"
SETTINGS = {
    "WECHAT_AES_KEY_PREVIOUS": PREVIOUS_AES_KEY,
    "WECHAT_DESK": "1",
    "WECHAT_NOTICE_TEMPLATE": "zhanggui_demo_template:thing1",
    "WECOM_CORP_ID": "ww1234567890abcdef",
    "WECOM_SECRET": "s3cr3t-of-wecom",
    "WECOM_TOKEN": "token-of-wecom",
    "WECOM_AES_KEY": "e" * 43,
    "WECOM_KFID": "wkZhanggui1",
    "WECOM_SERVICERS": "agent",
}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> Iterator[Site]:
    """Everything, started once."""
    between, other = free_ports(2)
    commands = procfile()
    commands["rasa_2"] = f"export RASA_PORT={other}; {commands['rasa']}"
    stack = Stack(tmp_path_factory.mktemp("wechat"), ensure_model(), commands)
    env = stack.environment
    actions = ActionsBetween(between, env["ACTION_SERVER_URL"].removesuffix("/webhook"))
    env.update(SETTINGS, WECOM_API_URL=env["WECHAT_SANDBOX_URL"], REDIS_URL=redis_server)
    env.update(ACTION_SERVER_URL=f"http://127.0.0.1:{between}/webhook")
    other_url = env["RASA_URL"].rpartition(":")[0] + f":{other}"
    with actions.running(), stack:
        eventually(lambda: answers(f"{other_url}/wechat/"), START_LIMIT)
        tencent = Tencent(stack.wechat_url, env["WECHAT_SANDBOX_TOKEN"])
        account = tencent.account(env["WECHAT_APP_ID"])
        account.call("PATCH", body={"aes_keys": [env["WECHAT_AES_KEY"], PREVIOUS_AES_KEY]})
        bank = SandboxBank(stack.core_bank_url, env["CORE_BANK_TOKEN_SANDBOX"])
        yield Site(stack, bank, tencent, account, actions, other_url)


@pytest.fixture
def phone(site: Site) -> Iterator[Phone]:
    """A new follower's; no fault is left behind."""
    yield site.phone()
    site.account.call("DELETE", "/faults")


@pytest.fixture
def world(site: Site) -> Iterator[str]:
    """A bank of the test's own."""
    name = site.bank.create_world()
    yield name
    assert site.bank.broken_invariants() == ""
    site.bank.delete_world(name)

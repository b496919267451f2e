"""docs/wechat.md names the variables, log lines and error codes that there are."""

from __future__ import annotations

import re

import pytest

from addons.channels.wechat_outcome import REASONS, Reason
from tools.console import ROOT
from tools.environment import TABLE

TEXT = (ROOT / "docs/wechat.md").read_text(encoding="utf-8")
NAMES = re.compile(r"\b(?:WECHAT|WECOM)_[A-Z_]*[A-Z]\b")
SOURCES = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "addons/channels").glob("we*.py"))]


def log_lines() -> list[str]:
    """What the tables say that the log says."""
    cells = [line.split("|")[1] for line in TEXT.splitlines() if line.startswith("| ")]
    quoted = [one for cell in cells for one in re.findall(r"`([^`]+)`", cell)]
    return [line for line in quoted if re.match(r"(a|an|no|not|messages|WeCom) \w+ ", line)]


def pieces(line: str) -> list[str]:
    """The fixed parts of a line: what stands for a value, or comes from below, is left out."""
    told = line.removeprefix("a request was refused (403): ").removeprefix("a request was refused (413): ")
    return [part.strip() for part in re.split(r"…|\b300 s", told) if part.strip()]


def test_every_variable_is_explained_and_none_is_invented() -> None:
    rows = {row.name for row in TABLE if NAMES.fullmatch(row.name) and not row.sandbox_only}
    assert rows == set(NAMES.findall(TEXT))


@pytest.mark.parametrize("line", log_lines())
def test_log_lines_are_those_of_the_code(line: str) -> None:
    for piece in pieces(line):
        assert any(piece in source for source in SOURCES), piece


def test_there_are_log_lines() -> None:
    assert len(log_lines()) > 12


def test_error_codes_that_an_operator_can_mend_are_there() -> None:
    ours = {Reason.CREDENTIALS, Reason.IP_NOT_LISTED, Reason.NO_PERMISSION, Reason.DAILY_LIMIT, Reason.QUOTA_SPENT}
    codes = {code for code, reason in REASONS.items() if reason in ours}
    assert {str(code) for code in codes} <= set(re.findall(r"[0-9]{5}", TEXT))


def test_addresses_are_those_of_the_channels() -> None:
    from addons.channels.wechat import WeChatChannel
    from addons.channels.wecom import WeComChannel

    for channel in (WeChatChannel, WeComChannel):
        for page in ("webhook", "bind"):
            assert f"{{WECHAT_ORIGIN}}{channel.prefix}/{page}" in TEXT

import logging
import os
from pathlib import Path

import pytest

from actions.facts import FACTS, Facts


def _write(path: Path, text: str, seconds: int) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (seconds, seconds))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "facts.yml"


def test_a_text_gets_the_facts_that_it_names(path: Path) -> None:
    _write(path, "hotline: {value: 400-1}\nfee: {value: 2元}\n", 1)
    assert Facts(path).named_in("请拨{hotline}，您的余额是{available}。") == {"hotline": "400-1"}


def test_the_file_is_read_again_when_it_changes_and_only_then(path: Path) -> None:
    _write(path, "fee: {value: 2元}\n", 1)
    facts = Facts(path)
    first = facts.values()
    assert facts.values() is first
    _write(path, "fee: {value: 3元}\n", 2)
    assert facts.values() == {"fee": "3元"}


@pytest.mark.parametrize("broken", ["fee: {value", "fee: 2元\n", "fee: {what: 手续费}\n", "- fee\n", ""])
def test_a_broken_change_leaves_what_was_known(path: Path, broken: str, caplog: pytest.LogCaptureFixture) -> None:
    _write(path, "fee: {value: 2元}\n", 1)
    facts = Facts(path)
    facts.values()
    _write(path, broken, 2)
    with caplog.at_level(logging.ERROR):
        assert facts.values() == {"fee": "2元"}
    assert "last good state" in caplog.text


def test_a_file_that_was_never_good_is_an_error_only_for_texts_that_name_something(path: Path) -> None:
    facts = Facts(path)
    assert facts.named_in("您好。") == {}
    with pytest.raises(FileNotFoundError):
        facts.named_in("请拨{hotline}。")


def test_the_facts_of_this_project_can_be_read() -> None:
    assert FACTS.values()["deposit_insurance_limit"] == "50万元"

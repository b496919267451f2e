"""The checks on the project itself, and what they take for granted about it."""

import asyncio
import logging

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from tools.checks import findings
from tools.checks.examples import TOKEN
from tools.checks.project import Project
from tools.console import ROOT


def test_domain_data_and_actions_are_sound() -> None:
    errors = [str(found) for found in findings(Project(ROOT)) if not found.warning]
    assert errors == []


def test_the_checks_cut_text_like_the_tokenizer() -> None:
    source = (ROOT / "addons" / "components" / "character_tokenizer.py").read_text(encoding="utf-8")
    assert f'r"{TOKEN.pattern}"' in source


def test_the_action_server_can_register_every_action(caplog: pytest.LogCaptureFixture) -> None:
    """rasa_sdk makes one object of each concrete class: one without a name keeps the server from starting."""
    caplog.set_level(logging.INFO, logger="rasa_sdk.executor")
    executor = ActionExecutor()
    executor.register_package("actions")
    registered = set(executor.actions)
    assert all(asyncio.iscoroutinefunction(run) or callable(run) for run in executor.actions.values())
    assert set(Project(ROOT).defined("actions")) <= registered


def test_config_has_an_assistant_id() -> None:
    """Without one Rasa writes a random one into config.yml at every training."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    assert config["assistant_id"]

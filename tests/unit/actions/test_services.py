"""Every service: its questions have wording, its form and rules are there. Corrections, switches, faults of one."""

import importlib
import pkgutil
from pathlib import Path

import pytest
import yaml

import actions
from actions.field_form import services
from actions.service_form import ServiceForm
from tests.unit.actions.stage import DOMAIN

ROOT = Path(__file__).parents[3]
for module in pkgutil.iter_modules(actions.__path__):
    importlib.import_module(f"actions.{module.name}")
SERVICES = services()


@pytest.mark.parametrize("intent", SERVICES)
def test_every_service_has_its_wording_form_and_rules(intent: str) -> None:
    service = SERVICES[intent]
    responses = DOMAIN["responses"]
    assert [field.name for field in service.fields if service.question(field.name) not in responses] == []
    assert DOMAIN["forms"][f"{intent}_form"]["required_slots"] == ["service_answer", "service_code", "service_retry"]
    assert f"phrase_reading_{intent}" in responses
    if isinstance(service, ServiceForm):
        assert {field.name for field in service.fields} >= set(service.mends.values())


def test_every_service_starts_and_ends_by_a_rule() -> None:
    files = (ROOT / "data" / "rules").glob("*.yml")
    rules = [rule for path in files for rule in yaml.safe_load(path.read_text("utf-8"))["rules"]]
    starting = {step["active_loop"] for rule in rules for step in rule["steps"] if step.get("active_loop")}
    ending = {
        condition.get("active_loop")
        for rule in rules
        for condition in rule.get("condition", [])
        if rule["steps"][-1].get("action") == "action_finish_service"
    }
    forms = {f"{intent}_form" for intent in SERVICES}
    assert forms - starting == set()
    assert forms - ending == set()

"""What the conversation tests never met, from a tracker store."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tools.coverage import gaps, port_errors, topics
from tools.coverage_paths import PATHS, Seen, read

Event = dict[str, Any]
FORM = "repay_credit_card_form"
START = [{"event": "active_loop", "name": FORM}]
REJECTED = {"event": "action_execution_rejected", "name": FORM}


def user(intent: str, topic: str | None = None) -> Event:
    selected = {"faq": {"response": {"intent_response_key": topic}}} if topic else {}
    return {"event": "user", "parse_data": {"intent": {"name": intent}, "response_selector": selected}}


def slot(name: str, value: Any) -> Event:
    return {"event": "slot", "name": name, "value": value}


def action(name: str) -> Event:
    return {"event": "action", "name": name}


def bot(reply: str) -> Event:
    return {"event": "bot", "metadata": {"utter_action": reply}}


def seen(tmp_path: Path, *events: Event) -> Seen:
    with sqlite3.connect(tmp_path / "tracker.db") as connection:
        connection.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, data TEXT)")
        rows = [("a", json.dumps(event)) for event in events]
        connection.executemany("INSERT INTO events (sender_id, data) VALUES (?, ?)", rows)
    connection.close()
    return read(tmp_path / "tracker.db")


def test_intents_topics_actions_and_replies(tmp_path: Path) -> None:
    found = seen(tmp_path, user("greet"), action("utter_greet"), bot("utter_greet"), user("faq", "faq/etc"))
    assert found.intents == {"greet", "faq/etc"}
    assert found.actions == {"utter_greet"}
    assert found.replies == {"utter_greet"}


@pytest.mark.parametrize(
    ("path", "events"),
    [
        ("at_once", [*START, slot("service_asked", "confirm")]),
        ("at_once", [*START, slot("requested_slot", "card_code")]),
        ("step_by_step", [*START, slot("service_asked", "amount_fen"), slot("requested_slot", "service_answer")]),
        ("correction", [*START, user("correct_value")]),
        ("correction", [*START, slot("service_drafted", {"a": 1}), slot("service_drafted", {"a": 2})]),
        ("cancel", [*START, action("action_cancel_service")]),
        (
            "question_between",
            [
                *START,
                {"event": "action_execution_rejected", "name": FORM},
                action("action_check_balance"),
                action(FORM),
            ],
        ),
        ("refusal", [*START, slot("service_asked", "confirm"), user("deny")]),
        ("bank_failure", [*START, slot("requested_slot", "service_retry")]),
        ("bank_failure", [*START, {"event": "active_loop", "name": None}, bot("utter_service_outcome_unknown")]),
    ],
)
def test_paths_of_a_form(path: str, events: list[Event], tmp_path: Path) -> None:
    assert path in seen(tmp_path, *events).paths[FORM]


def test_no_path_by_chance(tmp_path: Path) -> None:
    events = [
        *START,
        slot("service_asked", "amount_fen"),
        user("inform"),
        action(FORM),
        slot("service_drafted", {"a": 1}),
    ]
    assert seen(tmp_path, *events).paths == {FORM: {"step_by_step"}}


def test_gaps_and_needless_excuses() -> None:
    domain = {"intents": ["greet", {"faq": {}}], "actions": ["action_a", "validate_x", "utter_b"], "forms": {FORM: {}}}
    met = Seen({"greet"}, set(), {f"utter_bank_{error}" for error in port_errors()}, {FORM: set(PATHS) - {"cancel"}})
    excused = {"intents": {"greet": "why"}, "paths": {FORM: {"refusal": "why"}}}
    assert gaps(domain, ["faq/etc"], met, excused) == [
        "intent faq/etc: no case",
        "intent greet: excused and was met",
        "action action_a: no case",
        f"form {FORM}: no case where cancelled",
        f"form {FORM}: refusal is excused and was met",
    ]


def test_the_names_of_the_port() -> None:
    assert {"insufficient_funds", "not_possible", "unavailable", "outcome_unknown"} <= set(port_errors())
    assert "faq/etc" in topics()

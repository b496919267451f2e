"""What a conversation of the tracker store shows: its intents, actions, replies, and the paths of its forms."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Event = dict[str, Any]

PATHS = {
    "at_once": "all said at once",
    "step_by_step": "step by step",
    "correction": "corrected",
    "cancel": "cancelled",
    "question_between": "a question in between, and back",
    "refusal": "refused at the confirmation",
    "bank_failure": "the core bank fails",
}
"""The seven paths of design §6."""

CONFIRMATIONS = ("transfer_confirmed", "confirm")
FAILURES = ("unavailable", "outcome_unknown", "still_unknown", "utter_transfer_unknown")


@dataclass
class Seen:
    """What was met in all conversations."""

    intents: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    replies: set[str] = field(default_factory=set)
    paths: dict[str, set[str]] = field(default_factory=dict)


@dataclass
class Episode:
    """One form from its start on."""

    form: str
    asked: list[str | None] = field(default_factory=list)
    drafted: list[Any] = field(default_factory=list)
    rejected: bool = False


def read(database: Path) -> Seen:
    """Everything that the conversations of a tracker store show. Raises sqlite3.Error."""
    seen = Seen()
    for events in conversations(database):
        _Reader(seen).read(events)
    return seen


def conversations(database: Path) -> Iterator[list[Event]]:
    """The events of each conversation, in their order. Raises sqlite3.Error."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        found: dict[str, list[Event]] = {}
        for sender, data in connection.execute("SELECT sender_id, data FROM events ORDER BY id"):
            found.setdefault(sender, []).append(json.loads(data))
    finally:
        connection.close()
    yield from found.values()


class _Reader:
    """Walks through one conversation."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._episode: Episode | None = None
        self._last: Episode | None = None
        self._intent = ""

    def read(self, events: list[Event]) -> None:
        for event in events:
            handler = getattr(self, f"_on_{event['event']}", None)
            if handler is not None:
                handler(event)

    def _on_user(self, event: Event) -> None:
        parsed = event.get("parse_data") or {}
        self._intent = str((parsed.get("intent") or {}).get("name"))
        self._seen.intents.add(_topic(parsed) if self._intent == "faq" else self._intent)
        if self._episode is None:
            self._last = None
        elif self._intent == "correct_value":
            self._mark("correction")
        elif self._intent == "deny" and self._episode.asked and self._episode.asked[-1] in CONFIRMATIONS:
            self._mark("refusal")

    def _on_action(self, event: Event) -> None:
        name = str(event.get("name"))
        self._seen.actions.add(name)
        if name == "action_cancel_service":
            self._mark("cancel")
        if self._episode and self._episode.rejected and name == self._episode.form:
            self._mark("question_between")
            self._episode.rejected = False

    def _on_action_execution_rejected(self, event: Event) -> None:
        if self._episode and event.get("name") == self._episode.form:
            self._episode.rejected = True

    def _on_active_loop(self, event: Event) -> None:
        if self._episode and not self._episode.asked:
            self._mark("at_once")
        self._last = self._episode or self._last
        self._episode = Episode(str(event["name"])) if event.get("name") else None

    def _on_slot(self, event: Event) -> None:
        name, value, episode = str(event["name"]), event.get("value"), self._episode
        if episode is None:
            return
        if name.endswith("_drafted") and value is not None:
            episode.drafted.append(value)
            if any(value != other for other in episode.drafted):
                self._mark("correction")
        if name == "service_asked" and value is not None:
            self._asked(episode, str(value))
        elif name == "requested_slot" and value != "service_answer":
            self._asked(episode, value)

    def _asked(self, episode: Episode, name: str | None) -> None:
        if not episode.asked:
            answered = name is None or name in CONFIRMATIONS or name.endswith(("_code", "_safe"))
            self._mark("at_once" if answered else "step_by_step")
        if name and name.endswith("_retry"):
            self._mark("bank_failure")
        episode.asked.append(name)

    def _on_bot(self, event: Event) -> None:
        name = str((event.get("metadata") or {}).get("utter_action") or "")
        self._seen.replies.add(name)
        if name.endswith(FAILURES):
            self._mark("bank_failure")

    def _mark(self, path: str) -> None:
        episode = self._episode or self._last
        if episode is not None:
            self._seen.paths.setdefault(episode.form, set()).add(path)


def _topic(parsed: Event) -> str:
    selected = (parsed.get("response_selector") or {}).get("faq") or {}
    return str((selected.get("response") or {}).get("intent_response_key") or "faq")

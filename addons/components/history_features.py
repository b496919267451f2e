"""What a conversation looks like to the linear history policy: a few named numbers for each prediction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

Features = dict[str, float]
SILENT = frozenset({ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME})
FADING = 0.6
"""What an action weighs against the distinct one that came after it; chosen by leaving stories out, as `C` was."""

BEGINNING = "nothing"
"""Stands before the first action: the less was done, the more it weighs."""

REMEMBERED = 6
"""Distinct actions that count; older ones weigh next to nothing."""


@dataclass
class Moment:
    """A conversation up to one prediction."""

    intent: str | None = None
    entities: frozenset[str] = frozenset()
    now: list[str] = field(default_factory=list)
    past: list[str] = field(default_factory=list)
    loop: str | None = None

    def take(self, event: Event) -> None:
        """Go on by one event."""
        if isinstance(event, UserUttered):
            self.past = [*self.past, *self.now]
            self.now = []
            self.intent = event.intent_name
            self.entities = frozenset(str(entity.get("entity")) for entity in event.entities)
        elif isinstance(event, ActiveLoop):
            self.loop = event.name
        elif isinstance(event, ActionExecuted) and event.action_name and event.action_name not in SILENT:
            self.now.append(event.action_name)

    def features(self) -> Features:
        """Before the first action of a turn: the intent, with each kind of entity, after each action done before.

        Later in the turn nothing but the action just done.
        """
        if self.now:
            return {f"now={self.now[-1]}": 1.0}
        found = {f"{self.intent}": 1.0}
        found |= {f"{self.intent} with {entity}": 1.0 for entity in self.entities or {"nothing"}}
        for rank, action in enumerate([*_distinct_latest(self.past), BEGINNING]):
            found[f"{self.intent} after {action}"] = FADING**rank
        return found


def _distinct_latest(actions: list[str]) -> list[str]:
    return list(dict.fromkeys(reversed(actions)))[:REMEMBERED]


def moment_of(tracker: DialogueStateTracker) -> Moment:
    """Where a conversation stands now; what was reverted or restarted does not count."""
    moment = Moment()
    for event in tracker.applied_events():
        moment.take(event)
    return moment


def examples(trackers: Iterable[DialogueStateTracker], domain: Domain) -> list[tuple[Features, str, str]]:
    """(features, action, intent) of all predictions that are no form's: not inside one, not what it ends with."""
    found = []
    for tracker in trackers:
        moment = Moment()
        for event in tracker.applied_events():
            if isinstance(event, ActionExecuted) and _is_free(moment, event, domain):
                found.append((moment.features(), str(event.action_name), str(moment.intent)))
            moment.take(event)
    return found


def _is_free(moment: Moment, event: ActionExecuted, domain: Domain) -> bool:
    after_form = bool(moment.now) and moment.now[-1] in domain.form_names
    return moment.intent is not None and moment.loop is None and not after_form and not event.unpredictable

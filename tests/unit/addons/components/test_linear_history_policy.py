from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates

from addons.components.finetuning import FinetuningUnsupported
from addons.components.linear_history_policy import LinearHistoryPolicy

DOMAIN = Domain.from_dict(
    {
        "intents": ["balance", "rate", "thank", "inform", "deny", "transfer", "cancel"],
        "entities": ["tail", "currency"],
        "actions": ["show_balance", "show_rate", "action_transfer"],
        "forms": {"transfer_form": {"required_slots": []}},
        "responses": {name: [{"text": "好"}] for name in ("utter_thank", "utter_nothing", "utter_default")},
    }
)
BALANCE, RATE, THANK = ("balance", "show_balance"), ("rate", "show_rate"), ("thank", "utter_thank")
STORIES = [
    [BALANCE, ("inform tail", "show_balance")],
    [RATE, ("inform currency", "show_rate")],
    [BALANCE, RATE, ("inform currency", "show_rate")],
    [RATE, BALANCE, ("inform tail", "show_balance")],
    [("inform tail", "utter_default")],
    [("inform currency", "utter_default")],
    [BALANCE, ("deny", "utter_nothing")],
    [("transfer", "transfer_form"), ("inform tail", "transfer_form"), ("deny", "transfer_form")],
]


def _said(words: str) -> UserUttered:
    intent, *kinds = words.split()
    return UserUttered("", {"name": intent}, [{"entity": kind, "value": "1"} for kind in kinds])


def _events(turns: list[tuple[str, str]]) -> list[Event]:
    events: list[Event] = [ActionExecuted("action_listen")]
    for words, action in turns:
        events += [_said(words), ActionExecuted(action)]
        if action == "transfer_form":
            events.append(ActiveLoop("transfer_form"))
        events.append(ActionExecuted("action_listen"))
    return events


def _tracker(events: list[Event], **flags: bool) -> TrackerWithCachedStates:
    tracker = TrackerWithCachedStates.from_events("story", events, DOMAIN.slots)
    assert isinstance(tracker, TrackerWithCachedStates)
    for name, value in flags.items():
        setattr(tracker, name, value)
    return tracker


def _trained(bench: Any, stories: list[list[tuple[str, str]]] = STORIES) -> LinearHistoryPolicy:
    bench.create(LinearHistoryPolicy).train([_tracker(_events(story)) for story in stories], DOMAIN)
    loaded: LinearHistoryPolicy = bench.load(LinearHistoryPolicy)
    return loaded


def _next(policy: LinearHistoryPolicy, turns: list[tuple[str, str]], *more: Event) -> str | None:
    """The action it is for, None when it has no opinion."""
    tracker = _tracker([*_events(turns), *more])
    prediction = policy.predict_action_probabilities(tracker, DOMAIN)
    if not any(prediction.probabilities):
        return None
    return str(DOMAIN.action_names_or_texts[prediction.max_confidence_index])


@pytest.mark.parametrize(
    ("before", "words", "action"),
    [
        ([BALANCE, THANK], "inform tail", "show_balance"),
        ([THANK, RATE, THANK], "inform currency", "show_rate"),
        ([BALANCE, RATE, THANK], "inform currency", "show_rate"),
        ([RATE, BALANCE, THANK, THANK], "inform tail", "show_balance"),
        ([THANK, BALANCE], "deny", "utter_nothing"),
        ([THANK], "inform tail", "utter_default"),
    ],
)
def test_dialogues_that_no_story_holds(bench: Any, before: list[tuple[str, str]], words: str, action: str) -> None:
    assert _next(_trained(bench), before, _said(words)) == action


def test_it_listens_after_what_it_did(bench: Any) -> None:
    policy = _trained(bench)
    assert _next(policy, [BALANCE], _said("inform tail"), ActionExecuted("show_balance")) == "action_listen"


def test_it_has_no_opinion_inside_a_form_nor_on_an_intent_without_stories(bench: Any) -> None:
    policy = _trained(bench)
    assert _next(policy, [BALANCE, ("transfer", "transfer_form")], _said("inform tail")) is None
    assert _next(policy, [BALANCE], _said("cancel")) is None
    assert _next(bench.create(LinearHistoryPolicy), [BALANCE], _said("inform tail")) is None


def test_a_one_time_code_is_no_half_sentence(bench: Any) -> None:
    """Its turn is read as an ordinary answer without entities; once its form has gone on, stories decide again."""
    policy = _trained(bench)
    code, plain = (UserUttered("", {"name": "inform"}, metadata=metadata) for metadata in ({"code": "dead"}, {}))
    assert _next(policy, [BALANCE], plain) == "show_balance"
    assert _next(policy, [BALANCE], code) is None
    assert _next(policy, [BALANCE], code, ActionExecuted("show_balance")) == "action_listen"


def test_it_learns_nothing_from_inside_forms_from_rules_and_from_stories_strung_together(bench: Any) -> None:
    policy = _trained(bench)
    assert _next(policy, [], _said("transfer")) == "transfer_form"
    wrong = _events([BALANCE, ("inform tail", "show_rate")])
    trackers = [_tracker(wrong, is_rule_tracker=True), _tracker(wrong, is_augmented=True)]
    bench.create(LinearHistoryPolicy).train([*trackers, _tracker(_events(STORIES[0]))], DOMAIN)
    assert _next(bench.load(LinearHistoryPolicy), [BALANCE], _said("inform tail")) == "show_balance"


def test_what_a_submitted_form_does_is_not_learned(bench: Any) -> None:
    done = [_said("transfer"), ActionExecuted("transfer_form"), ActiveLoop("transfer_form"), ActiveLoop(None)]
    events = [*done, ActionExecuted("action_transfer"), ActionExecuted("action_listen")]
    bench.create(LinearHistoryPolicy).train([_tracker(events), _tracker(_events([BALANCE]))], DOMAIN)
    tracker = _tracker([_said("transfer"), ActionExecuted("transfer_form")])
    found = bench.load(LinearHistoryPolicy).predict_action_probabilities(tracker, DOMAIN).probabilities
    assert found[DOMAIN.index_for_action("action_transfer")] == 0.0


def test_without_stories_nothing_is_stored(bench: Any) -> None:
    bench.create(LinearHistoryPolicy).train([], DOMAIN)
    assert bench.stored() == {}
    assert _next(bench.load(LinearHistoryPolicy), [BALANCE], _said("inform tail")) is None


def test_two_actions_and_one(bench: Any) -> None:
    assert _next(_trained(bench, [[("inform tail", "utter_default")]]), [], _said("inform tail")) == "utter_default"


def test_the_model_is_plain_data_and_the_same_each_time(bench: Any, other_bench: Any) -> None:
    _trained(bench)
    _trained(other_bench)
    assert sorted(bench.stored()) == ["names.json", "weights.npz"]
    assert bench.stored()["names.json"] == other_bench.stored()["names.json"]


def test_finetuning_is_refused(bench: Any) -> None:
    with pytest.raises(FinetuningUnsupported):
        bench.create(LinearHistoryPolicy, finetuning=True).train([], DOMAIN)

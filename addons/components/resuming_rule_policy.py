"""Rules that never leave a form hanging: whatever was answered in between, the form's question is asked again."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import LOOP_RULES, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, UserUtteranceReverted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def _rejected_in_this_turn(tracker: DialogueStateTracker, loop: str) -> bool:
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, ActionExecutionRejected) and event.action_name == loop:
            return True
    return False


def _predicted(prediction: PolicyPrediction, domain: Domain) -> str:
    return str(domain.action_names_or_texts[prediction.probabilities.index(prediction.max_confidence)])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class ResumingRulePolicy(RulePolicy):
    """Rasa's RulePolicy, which resumes a form after a general one-turn rule, without five gaps of 3.6.21:

    * a rule with the condition `active_loop` that does not end with the form leaves the form rejected, and the next
      answer to it is lost. Here a rejection holds for its turn only, and the form asks again in the same turn;
    * no rule knows what the customer said inside a form: the fallback action runs, the form is silent. Here it asks;
    * a fallback action that does not revert the customer's message is predicted ten times over, and from then on the
      conversation gets no answer at all. Here it runs once, then the form or `action_listen`;
    * an intent that starts a form inside another one starts it. Here `switch_action` is predicted in its place, so that
      the customer chooses: its button carries the entity `switch_entity`, and saying it twice in a row is a choice too.
      Forms in `may_interrupt` (urgent services) start at once;
    * an answer that ends with a question of its own (buttons) is buried by the form's. Here actions in `wait_after` are
      followed by `action_listen`; the form takes the next message first, as always.

    A loop switched off in the turn (`action_deactivate_loop`, `active_loop: null`) is not active and not resumed.
    Where no rule matched, another policy that is surer than `core_fallback_threshold` goes before the form.
    Training and its search for contradictions are RulePolicy's own.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """RulePolicy's, and those that the class describes."""
        return {
            **RulePolicy.get_default_config(),
            "wait_after": [],
            "switch_action": None,
            "switch_entity": None,
            "may_interrupt": [],
        }

    @staticmethod
    def _find_action_from_loop_happy_path(tracker: DialogueStateTracker) -> tuple[str | None, str | None]:
        loop = tracker.active_loop_name
        turn_begins = tracker.latest_action_name == ACTION_LISTEN_NAME
        if loop and turn_begins and not _rejected_in_this_turn(tracker, loop):
            return loop, LOOP_RULES + loop
        action, source = RulePolicy._find_action_from_loop_happy_path(tracker)
        return action, source

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """RulePolicy's prediction, or the form's question (or silence) in its place."""
        prediction = super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)
        if tracker.active_loop_name is None:
            return self._outside_loop(prediction, tracker, domain)
        return self._inside_loop(prediction, tracker, domain, tracker.active_loop_name)

    def _outside_loop(
        self, prediction: PolicyPrediction, tracker: DialogueStateTracker, domain: Domain
    ) -> PolicyPrediction:
        fell_back = tracker.latest_action_name == self._fallback_action_name
        if fell_back and self._matched_nothing(prediction, domain):
            return self._unsure(ACTION_LISTEN_NAME, domain)
        return prediction

    def _inside_loop(
        self, prediction: PolicyPrediction, tracker: DialogueStateTracker, domain: Domain, loop: str
    ) -> PolicyPrediction:
        if isinstance(tracker.events[-1], UserUtteranceReverted):
            # action_default_fallback (or action_back) has just undone the turn; to the tracker the form ran last.
            return self._loop_prediction(loop, tracker, domain, is_no_user_prediction=True)
        if self._starts_another(prediction, tracker, domain, loop):
            return self._loop_prediction(self.config["switch_action"], tracker, domain)
        answered = tracker.latest_action_name not in (ACTION_LISTEN_NAME, loop)
        if not (answered and tracker.is_active_loop_rejected):
            return prediction
        follower = ACTION_LISTEN_NAME if tracker.latest_action_name in self.config["wait_after"] else loop
        if self._matched_nothing(prediction, domain):
            return self._unsure(follower, domain)
        predicted = _predicted(prediction, domain)
        if predicted not in (ACTION_LISTEN_NAME, loop) or predicted == follower:
            return prediction
        return self._loop_prediction(follower, tracker, domain)

    def _starts_another(
        self, prediction: PolicyPrediction, tracker: DialogueStateTracker, domain: Domain, loop: str
    ) -> bool:
        if not self.config["switch_action"] or self._matched_nothing(prediction, domain):
            return False
        predicted, message = _predicted(prediction, domain), tracker.latest_message
        if predicted not in domain.form_names or predicted in (loop, *self.config["may_interrupt"]) or not message:
            return False
        chosen = any(entity.get("entity") == self.config["switch_entity"] for entity in message.entities)
        return not (chosen or self._was_offered(tracker, str(message.intent_name)))

    def _was_offered(self, tracker: DialogueStateTracker, intent: str) -> bool:
        """Whether the last turn offered to switch to this very intent."""
        turns = [event for event in tracker.events if isinstance(event, (UserUttered, ActionExecuted))]
        users = [place for place, event in enumerate(turns) if isinstance(event, UserUttered)]
        if len(users) < 2 or turns[users[-2]].intent_name != intent:
            return False
        return any(event.action_name == self.config["switch_action"] for event in turns[users[-2] + 1 : users[-1]])

    def _matched_nothing(self, prediction: PolicyPrediction, domain: Domain) -> bool:
        return bool(prediction.probabilities == self._default_predictions(domain))

    def _loop_prediction(
        self, action: str, tracker: DialogueStateTracker, domain: Domain, is_no_user_prediction: bool = False
    ) -> PolicyPrediction:
        return self._rule_prediction(
            self._prediction_result(action, tracker, domain),
            f"{LOOP_RULES}{tracker.active_loop_name}",
            is_no_user_prediction=is_no_user_prediction,
        )

    def _unsure(self, action: str, domain: Domain) -> PolicyPrediction:
        probabilities = [0.0] * domain.num_actions
        probabilities[domain.index_for_action(action)] = self.config["core_fallback_threshold"]
        return self._rule_prediction(probabilities, LOOP_RULES + action)

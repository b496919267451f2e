"""What follows an answer, by multinomial logistic regression over what was done before."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker
from sklearn.linear_model import LogisticRegression

from addons.components import history_features
from addons.components.finetuning import refuse_finetuning
from addons.components.history_features import Features, Moment, examples, moment_of


@dataclass(frozen=True)
class HistoryModel:
    """`weights`: (n_features, n_actions); `intercept`: (n_actions,); `intents`: those the stories speak of."""

    features: tuple[str, ...]
    actions: tuple[str, ...]
    intents: frozenset[str]
    weights: NDArray[Any]
    intercept: NDArray[Any]

    @classmethod
    def fit(cls, rows: list[Features], actions: list[str], intents: frozenset[str], penalty: float) -> HistoryModel:
        """Learn from one row of features for each action that was taken."""
        names = tuple(sorted({name for row in rows for name in row}))
        columns = {name: column for column, name in enumerate(names)}
        matrix = np.zeros((len(rows), len(names)))
        for line, row in enumerate(rows):
            for name, value in row.items():
                matrix[line, columns[name]] = value
        known = tuple(sorted(set(actions)))
        if len(known) == 1:
            return cls(names, known, intents, np.zeros((len(names), 1)), np.zeros(1))
        regression = LogisticRegression(C=penalty, max_iter=1000).fit(matrix, actions)
        weights, intercept = regression.coef_, regression.intercept_
        if len(known) == 2:
            # scikit-learn keeps one row for two classes; its probabilities are the softmax of (0, row).
            weights, intercept = np.vstack([0 * weights, weights]), np.array([0, 1]) * intercept
        return cls(names, known, intents, weights.T, intercept)

    def probabilities(self, row: Features) -> dict[str, float]:
        """By action; what the stories never showed counts nothing."""
        logits = self.intercept.copy()
        columns = self._columns
        for name, value in row.items():
            if name in columns:
                logits += value * self.weights[columns[name]]
        grown = np.exp(logits - logits.max())
        return dict(zip(self.actions, (grown / grown.sum()).tolist(), strict=True))

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {name: column for column, name in enumerate(self.features)}

    def save(self, folder: Path) -> None:
        names = {"features": self.features, "actions": self.actions, "intents": sorted(self.intents)}
        (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "weights.npz", weights=self.weights, intercept=self.intercept)

    @classmethod
    def read(cls, folder: Path) -> HistoryModel:
        names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            return cls(
                tuple(names["features"]),
                tuple(names["actions"]),
                frozenset(names["intents"]),
                arrays["weights"],
                arrays["intercept"],
            )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class LinearHistoryPolicy(Policy):
    """Learns from the stories which action an intent means after what was done before, word for word or not.

    It looks at the intent, the kinds of entities and the latest distinct actions, however many other turns lie between;
    no slots, no texts. Inside a form, for an intent that begins no turn of a story, and for a one-time code, which goes
    on with nothing but its own form, it has no opinion: the form and the rules decide. A rule that matches is surer
    than it can be. Stories that Rasa strings together at random are not learned from: the beginning of a conversation
    is where some of ours decide.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`C`: inverse L2 penalty."""
        return {"C": 10.0, "priority": 1}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        # Rasa fingerprints the source of this class only; other features must retrain as well.
        return inspect.getsource(history_features) + inspect.getsource(HistoryModel)

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        model: HistoryModel | None = None,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context)
        self._context = execution_context
        self._model = model

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Raises FinetuningUnsupported under `rasa train --finetune`."""
        refuse_finetuning(self._context, type(self).__name__)
        told = [tracker for tracker in training_trackers if not (tracker.is_augmented or tracker.is_rule_tracker)]
        found = examples(told, domain)
        if not found:
            return self._resource
        rows, actions = [row for row, _, _ in found], [action for _, action, _ in found]
        self._model = HistoryModel.fit(rows, actions, frozenset(intent for _, _, intent in found), self.config["C"])
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Zeros where it has no opinion."""
        result = self._default_predictions(domain)
        moment = moment_of(tracker)
        free = tracker.active_loop_name is None and not _brings_a_code(tracker, moment)
        if self._model and free and moment.intent in self._model.intents:
            for action, probability in self._model.probabilities(moment.features()).items():
                if action in domain.action_names_or_texts:
                    result[domain.index_for_action(action)] = probability
        return self._prediction(result)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearHistoryPolicy:
        try:
            with model_storage.read_from(resource) as folder:
                model: HistoryModel | None = HistoryModel.read(folder)
        except ValueError:
            # Rasa's way to say that training stored nothing, because there were no stories.
            model = None
        return cls(config, model_storage, resource, execution_context, model)


def _brings_a_code(tracker: DialogueStateTracker, moment: Moment) -> bool:
    """Whether the turn begins with a one-time code: the channel says in the metadata what came of it."""
    message = tracker.latest_message
    return not moment.now and message is not None and "code" in (message.metadata or {})

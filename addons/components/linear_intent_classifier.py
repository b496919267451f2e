"""Intent and FAQ topic by a linear support vector machine over character and pinyin n-grams."""

from __future__ import annotations

import inspect
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers import LABEL_RANKING_LENGTH
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import RESPONSE_SELECTOR_PROPERTY_NAME, RESPONSE_SELECTOR_RETRIEVAL_INTENTS
from rasa.shared.constants import UTTER_PREFIX
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    INTENT_RESPONSE_KEY,
    PREDICTED_CONFIDENCE_KEY,
    RESPONSE_IDENTIFIER_DELIMITER,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.tensorflow.constants import RANKING_LENGTH
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from addons.components import masking, ngram_vectorizer
from addons.components.finetuning import refuse_finetuning
from addons.components.masking import masked
from addons.components.ngram_vectorizer import NgramVectorizer, ngrams


@dataclass(frozen=True)
class Evidence:
    """What spoke for and against one label: (n-gram, share of the logit) pairs, strongest first."""

    confidence: float
    speaks_for: list[tuple[str, float]]
    speaks_against: list[tuple[str, float]]


@dataclass(frozen=True)
class LinearModel:
    """`labels`: full intent names (`faq/fees` is one); `weights`: (n_terms, n_labels); `intercept`: (n_labels,)."""

    vectorizer: NgramVectorizer
    labels: tuple[str, ...]
    weights: NDArray[Any]
    intercept: NDArray[Any]

    def probabilities(self, text: str) -> NDArray[Any] | None:
        """(n_labels,) probabilities that sum to 1; None when no n-gram of the text is known."""
        columns, values = self.vectorizer.vector(ngrams(text))
        if not len(columns):
            return None
        logits = values @ self.weights[columns] + self.intercept
        grown = np.exp(logits - logits.max())
        return np.asarray(grown / grown.sum())

    def save(self, folder: Path) -> None:
        names = {"labels": self.labels, "terms": self.vectorizer.terms}
        (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "weights.npz", idf=self.vectorizer.idf, weights=self.weights, intercept=self.intercept)

    @classmethod
    def read(cls, folder: Path) -> LinearModel:
        names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            vectorizer = NgramVectorizer(tuple(names["terms"]), arrays["idf"])
            return cls(vectorizer, tuple(names["labels"]), arrays["weights"], arrays["intercept"])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """Classifies `message.text`, its persons and quantities masked: no featurizer, no `ResponseSelector`.

    Place it after NameExtractor, whose persons it masks; in training those are the annotated ones. The confidences are
    a softmax over the margins of one classifier a label against all others.

    A retrieval intent stands in the model as one label a topic. Its confidence as an intent is that of its best topic,
    not the sum over topics: many half-likely answers are no reason to give one of them.
    A `/intent{...}` payload is classified like any text and then overwritten by Rasa's RegexMessageHandler.
    """

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "pypinyin", "zhconv"]

    @staticmethod
    def supported_languages() -> list[str]:
        return ["zh"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`C`: inverse L2 penalty; `sharpness`: what margins are multiplied with before the softmax; `min_texts`: rarer
        n-grams are not learned; `weights`: by label, how often a mistake about a sentence of it counts (every label
        weighs the same without them); `ranking_length`: intents, topics reported."""
        return {"C": 1.0, "sharpness": 7.0, "min_texts": 2, "weights": {}, RANKING_LENGTH: LABEL_RANKING_LENGTH}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        # Rasa fingerprints the source of this class only; a change of the n-grams must retrain as well.
        return "".join(inspect.getsource(source) for source in (masking, ngram_vectorizer, LinearModel))

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, context: ExecutionContext):
        self._config = config
        self._storage = storage
        self._resource = resource
        self._context = context
        self._model: LinearModel | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource, execution_context)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        component = cls.create(config, model_storage, resource, execution_context)
        try:
            with model_storage.read_from(resource) as folder:
                component._model = LinearModel.read(folder)
        except ValueError:
            # Rasa's way to say that training stored nothing, because there were no examples.
            component._model = None
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Raises FinetuningUnsupported under `rasa train --finetune`."""
        refuse_finetuning(self._context, type(self).__name__)
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        if not examples:
            return self._resource
        labels = [str(example.get(INTENT_RESPONSE_KEY) or example.get(INTENT)) for example in examples]
        self._model = self._fit([_masked(example) for example in examples], labels)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def _fit(self, texts: list[str], labels: list[str]) -> LinearModel:
        counts = [ngrams(text) for text in texts]
        vectorizer = NgramVectorizer.fit(counts, self._config["min_texts"])
        names = tuple(sorted(set(labels)))
        if len(names) == 1:
            return LinearModel(vectorizer, names, np.zeros((len(vectorizer.terms), 1), np.float32), np.zeros(1))
        weights, intercept = self._separate(vectorizer.matrix(counts), labels)
        sharpness = self._config["sharpness"]
        return LinearModel(vectorizer, names, (sharpness * weights.T).astype(np.float32), sharpness * intercept)

    def _separate(self, features: csr_matrix, labels: list[str]) -> tuple[NDArray[Any], NDArray[Any]]:
        # Logistic regression takes at least twice as long and misreads one unseen sentence in a hundred more. The
        # solver draws at random; with the seed the same examples give the same model.
        machine = LinearSVC(C=self._config["C"], class_weight=self._class_weight(labels), random_state=1)
        machine.fit(features, labels)
        if len(machine.classes_) == 2:
            # scikit-learn keeps one row for two classes.
            return np.vstack([-machine.coef_, machine.coef_]), np.array([-1, 1]) * machine.intercept_
        return machine.coef_, machine.intercept_

    def _class_weight(self, labels: Sequence[str]) -> dict[str, float]:
        counts = Counter(labels)
        factors = self._config["weights"]
        return {label: factors.get(label, 1) * len(labels) / len(counts) / count for label, count in counts.items()}

    @property
    def labels(self) -> tuple[str, ...]:
        """Everything it can say: intents, and topics as `faq/<topic>`."""
        return self._model.labels if self._model else ()

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `intent`, `intent_ranking` and, where there are FAQ topics, `response_selector`.

        A text without a known n-gram gets the intent None at confidence 0: `nlu_fallback` after FallbackClassifier.
        """
        for message in messages:
            found = self._model.probabilities(_masked(message)) if self._model else None
            ranking = self._ranking(found)
            top = ranking[0] if ranking else {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
            message.set(INTENT, dict(top), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[: self._config[RANKING_LENGTH]], add_to_output=True)
            selected = {} if found is None else self._selected(found)
            if selected:
                message.set(RESPONSE_SELECTOR_PROPERTY_NAME, selected, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def _ranking(self, found: NDArray[Any] | None) -> list[dict[str, Any]]:
        if self._model is None or found is None:
            return []
        best: dict[str, float] = defaultdict(float)
        for label, probability in zip(self._model.labels, found, strict=True):
            intent = label.split(RESPONSE_IDENTIFIER_DELIMITER)[0]
            best[intent] = max(best[intent], float(probability))
        ranked = sorted(best.items(), key=lambda item: -item[1])
        return [{INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: confidence} for intent, confidence in ranked]

    def _selected(self, found: NDArray[Any]) -> dict[str, Any]:
        """As Rasa's ResponseSelector has it: the best topic of each retrieval intent, confidence as share within it.

        Without the texts, which an action says; empty when there are no topics.
        """
        topics: dict[str, dict[str, float]] = defaultdict(dict)
        for label, probability in zip(self.labels, found, strict=True):
            intent, _, topic = label.partition(RESPONSE_IDENTIFIER_DELIMITER)
            if topic:
                topics[intent][label] = float(probability)
        if not topics:
            return {}
        selected: dict[str, Any] = {RESPONSE_SELECTOR_RETRIEVAL_INTENTS: sorted(topics)}
        for intent, shares in topics.items():
            selected[intent] = self._selection(shares)
        return selected

    def _selection(self, shares: dict[str, float]) -> dict[str, Any]:
        total = sum(shares.values()) or 1.0
        ranked = sorted(((share / total, topic) for topic, share in shares.items()), reverse=True)
        confidence, topic = ranked[0]
        return {
            "response": {
                PREDICTED_CONFIDENCE_KEY: confidence,
                INTENT_RESPONSE_KEY: topic,
                "utter_action": UTTER_PREFIX + topic,
            },
            "ranking": [
                {PREDICTED_CONFIDENCE_KEY: share, INTENT_RESPONSE_KEY: name}
                for share, name in ranked[: self._config[RANKING_LENGTH]]
            ],
        }

    def explain(self, text: str, top: int = 5, entities: Iterable[Mapping[str, Any]] = ()) -> dict[str, Evidence]:
        """By full intent name, likeliest first, the `top` n-grams for and against it; empty when no n-gram is known.

        `entities`: those found in the text.
        """
        plain = masked(text, entities)
        found = self._model.probabilities(plain) if self._model else None
        if self._model is None or found is None:
            return {}
        columns, values = self._model.vectorizer.vector(ngrams(plain))
        shares = values[:, None] * self._model.weights[columns]
        terms = [self._model.vectorizer.terms[column] for column in columns]
        evidence = {}
        for position in np.argsort(-found, kind="stable"):
            ranked = sorted(zip(terms, shares[:, position].tolist(), strict=True), key=lambda item: -item[1])
            speaks_for = [pair for pair in ranked[:top] if pair[1] > 0]
            against = [pair for pair in ranked[::-1][:top] if pair[1] < 0]
            evidence[self._model.labels[position]] = Evidence(float(found[position]), speaks_for, against)
        return evidence


def _masked(message: Message) -> str:
    return masked(message.get(TEXT) or "", message.get(ENTITIES) or [])

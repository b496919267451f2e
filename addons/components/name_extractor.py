"""People as a customer names them (李娜, 老王, 王总, 妈妈, 欧阳建国), found by a character CRF."""

from __future__ import annotations

import inspect
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pycrfsuite  # type: ignore[import-untyped]
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from addons.components import name_features, name_invention, name_tables
from addons.components.finetuning import refuse_finetuning
from addons.components.name_features import features, speaks_of_role
from addons.components.name_invention import Span, renamed

MODEL_FILE = "names.crfsuite"
OFTEN = 10
"""Sentences with names that make an intent one in which people are often named."""


class Sentence(NamedTuple):
    text: str
    spans: list[Span]
    intent: str


def _tags(length: int, spans: list[Span]) -> list[str]:
    """BILOU tags per character."""
    tags = ["O"] * length
    for start, end in spans:
        if end - start == 1:
            tags[start] = "U"
        else:
            tags[start:end] = ["B"] + ["I"] * (end - start - 2) + ["L"]
    return tags


def _spans(tags: list[str]) -> list[Span]:
    spans, start = [], None
    for position, tag in enumerate(tags):
        if tag == "U":
            spans.append((position, position + 1))
        elif tag == "L" and start is not None:
            spans.append((start, position + 1))
        if tag == "B":
            start = position
        elif tag != "I":
            start = None
    return spans


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class NameExtractor(GraphComponent, EntityExtractorMixin):
    """Learns the spans annotated as `entity`; needs neither tokenizer nor featurizer.

    In place of Rasa's CRFEntityExtractor, which in 3.6.21 keeps all training sentences in the model and trains anew at
    each load. Each annotated sentence is learned again `copies` times with invented names, or the CRF learns the
    names it was shown rather than the places where names stand.
    """

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn_crfsuite", "zhconv"]

    @staticmethod
    def supported_languages() -> list[str]:
        return ["zh"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`L1_c`, `L2_c`: weights of the penalties; `nameless`: at most so many sentences without names; `seed`."""
        return {
            "entity": "person",
            "copies": 3,
            "nameless": 7000,
            "seed": 1,
            "L1_c": 0.05,
            "L2_c": 0.02,
            "max_iterations": 50,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        # Rasa fingerprints the source of this class only; a change of features or tables must retrain as well.
        sources = (name_features, name_invention, name_tables)
        return "".join(inspect.getsource(source) for source in sources)

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, context: ExecutionContext):
        self._config = config
        self._storage = storage
        self._resource = resource
        self._context = context
        self._tagger: pycrfsuite.Tagger | None = None
        self._model = b""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NameExtractor:
        return cls(config, model_storage, resource, execution_context)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NameExtractor:
        component = cls.create(config, model_storage, resource, execution_context)
        try:
            with model_storage.read_from(resource) as folder:
                component._open((folder / MODEL_FILE).read_bytes())
        except ValueError:
            # Rasa's way to say that training stored nothing, because nobody was annotated.
            component._tagger = None
        return component

    def _open(self, model: bytes) -> None:
        # crfsuite reads these very bytes for as long as the tagger lives; without our reference it crashes the process.
        self._model = model
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._model)

    def train(self, training_data: TrainingData) -> Resource:
        """Raises FinetuningUnsupported under `rasa train --finetune`."""
        refuse_finetuning(self._context, self.name)
        sentences = [
            Sentence(str(message.get(TEXT)), self._annotated(message), str(message.get(INTENT)))
            for message in training_data.nlu_examples
        ]
        if not any(sentence.spans for sentence in sentences):
            return self._resource
        model = self._fit(sentences)
        self._open(model)
        with self._storage.write_to(self._resource) as folder:
            (folder / MODEL_FILE).write_bytes(model)
        return self._resource

    def _annotated(self, message: Message) -> list[Span]:
        wanted = self._config["entity"]
        found = [entity for entity in message.get(ENTITIES) or [] if entity["entity"] == wanted]
        return sorted((entity["start"], entity["end"]) for entity in found)

    def _fit(self, sentences: list[Sentence]) -> bytes:
        trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
        trainer.set_params(
            {
                "c1": self._config["L1_c"],
                "c2": self._config["L2_c"],
                "max_iterations": self._config["max_iterations"],
                "feature.possible_transitions": True,
            }
        )
        for text, spans in self._learned(sentences):
            trainer.append(features(text), _tags(len(text), spans))
        with TemporaryDirectory() as folder:
            path = Path(folder) / MODEL_FILE
            trainer.train(str(path))
            return path.read_bytes()

    def _learned(self, sentences: list[Sentence]) -> Iterator[tuple[str, list[Span]]]:
        """All sentences with names, each also with invented ones, and some of those without."""
        draw = random.Random(self._config["seed"])
        named = [sentence for sentence in sentences if sentence.spans]
        for sentence in named:
            yield sentence.text, sentence.spans
            for _ in range(self._config["copies"]):
                yield renamed(sentence.text, sentence.spans, draw)
        for sentence in self._nameless(sentences, draw):
            yield sentence.text, []

    def _nameless(self, sentences: list[Sentence], draw: random.Random) -> list[Sentence]:
        """At most `nameless`; half speak of roles, or are of intents that often name people: these teach most."""
        often = Counter(sentence.intent for sentence in sentences if sentence.spans)
        nameless = [sentence for sentence in sentences if not sentence.spans]
        draw.shuffle(nameless)
        near: list[Sentence] = []
        far: list[Sentence] = []
        for sentence in nameless:
            close = often[sentence.intent] >= OFTEN or speaks_of_role(sentence.text)
            (near if close else far).append(sentence)
        near = near[: self._config["nameless"] // 2]
        return near + far[: self._config["nameless"] - len(near)]

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the names to `entities`; `confidence_entity` is the lowest marginal probability within the span."""
        for message in messages:
            found = self.add_extractor_name(self._entities(message.get(TEXT) or ""))
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def _entities(self, text: str) -> list[dict[str, Any]]:
        if self._tagger is None or not text:
            return []
        tags = self._tagger.tag(features(text))
        return [
            {
                "entity": self._config["entity"],
                "start": start,
                "end": end,
                "value": text[start:end],
                "confidence_entity": min(self._tagger.marginal(tags[at], at) for at in range(start, end)),
            }
            for start, end in _spans(tags)
        ]

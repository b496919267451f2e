"""Banks, cities, products and currencies of data/nlu/lookups.yml, found by spaCy's EntityRuler."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language

from addons.components import name_features
from addons.components.finetuning import refuse_finetuning
from addons.components.name_features import folded

PATTERNS_FILE = "patterns.jsonl"
NO_NAME = "no_name"
"""The lookup of phrases that hold a name without meaning it (定期转账); the longer match, they hide it."""

PART_OF = {
    "city": r"[东南西北中]?[一二三四]?(?:路(?!过|程|途|费|况|由)|大?街(?!边|头)|大道|巷|胡同)"
    r"|拉面|烤鸭|板鸭|盐水鸭|啤酒|火锅|小面|热干面|刀削面|牛肉面|炸酱面|臊子面|担担面|凉皮|泡馍|肉夹馍|米粉|米线|酸辣粉|螺蛳粉|肠粉|河粉"
    r"|小笼|生煎|汤包|灌汤包|麻辣烫|串串|烧烤|小吃|菜馆|臭豆腐|鸭脖|鸭血|狗不理|麻花|烩面|胡辣汤|话(?!费)|时间|人寿"
}
"""By entity, what makes its name a part of another one when it follows: 南京西路, 兰州拉面."""

Pattern = dict[str, str]


class LookupsAmbiguous(RasaException):
    """One name has two meanings in the lookups and synonyms."""


def _names(data: TrainingData) -> Iterator[tuple[str, str, str]]:
    """(entity, standard name, name as said) of each element of the lookups and of each of its synonyms."""
    synonyms: dict[str, list[str]] = {}
    for said, standard in data.entity_synonyms.items():
        synonyms.setdefault(str(standard), []).append(str(said))
    for table in data.lookup_tables:
        for standard in table["elements"]:
            for said in (standard, *synonyms.get(standard, [])):
                yield str(table["name"]), standard, said


def patterns(data: TrainingData, suffixes: dict[str, list[str]]) -> list[Pattern]:
    """Patterns of spaCy's EntityRuler in folded text; `id` is the standard name. Raises LookupsAmbiguous."""
    found: dict[str, Pattern] = {}
    for entity, standard, said in _names(data):
        for suffix in ("", *suffixes.get(entity, [])):
            pattern = {"label": entity, "pattern": folded(said + suffix), "id": standard}
            known = found.setdefault(pattern["pattern"], pattern)
            if known != pattern:
                meanings = " and ".join(f"{one['label']} {one['id']}" for one in (known, pattern))
                raise LookupsAmbiguous(f"「{said + suffix}」 is {meanings} in the lookups of data/nlu/.")
    return list(found.values())


def _ruler() -> tuple[Language, Any]:
    """Blank Chinese, which cuts text into single characters and loads no model, and its only pipe."""
    pipeline = spacy.blank("zh")
    return pipeline, pipeline.add_pipe("entity_ruler")


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def _length(entity: dict[str, Any]) -> int:
    return int(entity["end"] - entity["start"])


def _cuts_word(text: str, start: int, end: int) -> bool:
    """Whether a span of ASCII letters begins or ends inside a word: the usd of usdt."""
    edges = (text[max(at - 1, 0) : at + 1] for at in (start, end))
    return any(len(edge) == 2 and edge.isascii() and edge.isalpha() for edge in edges)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class Gazetteer(GraphComponent, EntityExtractorMixin):
    """Entities named like the lookups; `value` is the standard name, wherever a synonym was said.

    Of overlapping names the longest is found. Text is compared folded: half width, lower case, simplified.
    Place it between NameExtractor and QuantityExtractor. Where a person overlaps a name, the longer of the two stays
    (the name, if equal: it is certain). An amount keeps its currency: QuantityExtractor drops what overlaps one.
    """

    @staticmethod
    def required_packages() -> list[str]:
        return ["spacy", "zhconv"]

    @staticmethod
    def supported_languages() -> list[str]:
        return ["zh"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """By entity, `suffixes`: what may follow any of its names, `part_of`: a pattern of what may not.

        `person`: the entity of NameExtractor; `never_in_person`: entities whose names are in no person's name.
        """
        return {
            "suffixes": {"city": ["市"]},
            "part_of": PART_OF,
            "person": "person",
            "never_in_person": ["currency"],
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        # Rasa fingerprints the source of this class only; what makes the patterns must retrain as well.
        return "".join(inspect.getsource(source) for source in (_names, patterns, name_features))

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, context: ExecutionContext):
        self._config = config
        self._storage = storage
        self._resource = resource
        self._context = context
        self._pipeline: Language | None = None
        self._part_of = {entity: re.compile(pattern) for entity, pattern in config["part_of"].items()}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Gazetteer:
        return cls(config, model_storage, resource, execution_context)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Gazetteer:
        component = cls.create(config, model_storage, resource, execution_context)
        try:
            with model_storage.read_from(resource) as folder:
                pipeline, ruler = _ruler()
                ruler.from_disk(folder / PATTERNS_FILE)
                component._pipeline = pipeline
        except ValueError:
            # Rasa's way to say that training stored nothing, because there were no lookups.
            component._pipeline = None
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Raises LookupsAmbiguous, and FinetuningUnsupported under `rasa train --finetune`."""
        refuse_finetuning(self._context, self.name)
        found = patterns(training_data, self._config["suffixes"])
        if not found:
            return self._resource
        self._pipeline, ruler = _ruler()
        ruler.add_patterns(found)
        with self._storage.write_to(self._resource) as folder:
            ruler.to_disk(folder / PATTERNS_FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the names to `entities` and takes away the persons that they replace."""
        for message in messages:
            found = self.add_extractor_name(list(self._entities(message.get(TEXT) or "")))
            message.set(ENTITIES, self._reconciled(message.get(ENTITIES, []), found), add_to_output=True)
        return messages

    def _entities(self, text: str) -> Iterator[dict[str, Any]]:
        if self._pipeline is None:
            return
        plain = folded(text)
        for span in self._pipeline(plain).ents:
            start, end = span.start_char, span.end_char
            if span.label_ == NO_NAME or _cuts_word(plain, start, end):
                continue
            longer = self._part_of.get(span.label_)
            if longer is None or not longer.match(plain, end):
                yield {"entity": span.label_, "start": start, "end": end, "value": span.ent_id_}

    def _reconciled(self, others: list[dict[str, Any]], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = [
            name for name in found if all(self._gives_way(other, name) for other in others if _overlap(other, name))
        ]
        return [other for other in others if not any(_overlap(other, name) for name in names)] + names

    def _gives_way(self, other: dict[str, Any], name: dict[str, Any]) -> bool:
        longer_is_right = name["entity"] not in self._config["never_in_person"]
        return other["entity"] == self._config["person"] and not (longer_is_right and _length(other) > _length(name))

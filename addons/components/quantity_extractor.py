"""Amounts, times, numbers and identifiers, read by `chinese.extract`; a Duckling server, if any, adds the rest."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import requests
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.duckling_entity_extractor import DucklingEntityExtractor, convert_duckling_format_to_rasa
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.utils.endpoints import concat_url

from chinese import extract, to_duckling

logger = logging.getLogger(__name__)

# Its Chinese amounts are wrong too often (两千五块 is 1500), its telephone and card numbers are any digits.
SERVER_DIMENSIONS = ("distance", "email", "quantity", "temperature", "time", "url")
CONNECT_SECONDS, ANSWER_SECONDS = 0.1, 0.2
PAUSE_SECONDS = 30.0


class DucklingServer:
    """The stock server behind a breaker: after a failure nobody waits for it again for `PAUSE_SECONDS`."""

    def __init__(self, locale: str, timezone_name: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._locale = locale
        self._timezone = timezone_name
        self._monotonic = monotonic
        self._closed_until = 0.0
        self._failing = False

    def parse(self, url: str, text: str, now: datetime) -> list[dict[str, Any]]:
        """Duckling's matches, or none while the server fails; its failure and its return are logged once each."""
        if self._monotonic() < self._closed_until:
            return []
        try:
            matches = self._ask(url, text, now)
        except (requests.RequestException, ValueError) as error:
            self._closed_until = self._monotonic() + PAUSE_SECONDS
            if not self._failing:
                logger.warning("Duckling at %s fails, going on without it: %s", url, type(error).__name__)
            self._failing = True
            return []
        if self._failing:
            logger.warning("Duckling at %s answers again", url)
        self._failing = False
        return matches

    def _ask(self, url: str, text: str, now: datetime) -> list[dict[str, Any]]:
        response = requests.post(
            concat_url(url, "/parse"),
            data={
                "text": text,
                "locale": self._locale,
                "tz": self._timezone,
                "dims": json.dumps(SERVER_DIMENSIONS),
                "reftime": int(now.timestamp() * 1000),
            },
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
        )
        response.raise_for_status()
        return [match for match in response.json() if match["dim"] in SERVER_DIMENSIONS]


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def _strictly_inside(one: dict[str, Any], other: dict[str, Any]) -> bool:
    covered = other["start"] <= one["start"] and one["end"] <= other["end"]
    return bool(covered and one["end"] - one["start"] < other["end"] - other["start"])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class QuantityExtractor(DucklingEntityExtractor):
    """Duckling-shaped entities; `additional_info` is Duckling's whole `value` with unit, grain and `minor` (分).

    Place it after the extractors of names. Where a name and a quantity overlap, the name stays (王十一), also when they
    only cross (给李四十块: 40 or 10?), so that a form asks rather than takes one of two amounts. A name inside a
    quantity goes, and so does any other entity that overlaps one.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """DucklingEntityExtractor's keys; `prefer` (auto, past, future): the side of today a bare date lies on;
        `names`: entities that are names of people or things."""
        return {
            "dimensions": None,
            "url": None,
            "locale": "zh_CN",
            "timezone": "Asia/Shanghai",
            "prefer": "auto",
            "names": ["person"],
        }

    def __init__(self, config: dict[str, Any], clock: Callable[[], datetime] | None = None) -> None:
        """`clock`: the time "yesterday" is counted from, aware; `message.time` (seconds since 1970) goes before it."""
        super().__init__(config)
        self._zone = ZoneInfo(config["timezone"])
        self._clock = clock or (lambda: datetime.now(timezone.utc))
        self._server = DucklingServer(config["locale"], config["timezone"])

    @property
    def name(self) -> str:
        """The stock name: `rasa test nlu` leaves only entities of this one out of its score."""
        return "DucklingEntityExtractor"

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            matches = self._matches(text, self._now(message)) if text else []
            found = self.filter_irrelevant_entities(
                convert_duckling_format_to_rasa(matches), self.component_config["dimensions"]
            )
            entities = self._reconciled(message.get(ENTITIES, []), self.add_extractor_name(found))
            message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def _now(self, message: Message) -> datetime:
        if message.time is None:
            return self._clock().astimezone(self._zone)
        return (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=int(message.time))).astimezone(self._zone)

    def _matches(self, text: str, now: datetime) -> list[dict[str, Any]]:
        ours = to_duckling(extract(text, now, self.component_config["prefer"]))
        url = self._url()
        theirs = self._server.parse(url, text, now) if url else []
        return ours + [match for match in theirs if not any(_overlap(match, own) for own in ours)]

    def _reconciled(self, others: list[dict[str, Any]], quantities: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = [
            entity
            for entity in others
            if entity["entity"] in self.component_config["names"]
            and not any(_strictly_inside(entity, quantity) for quantity in quantities)
        ]
        quantities = [quantity for quantity in quantities if not any(_overlap(quantity, name) for name in names)]
        kept = [
            entity
            for entity in others
            if entity in names or not any(_overlap(entity, quantity) for quantity in quantities)
        ]
        return kept + quantities

import json
import logging
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from rasa.shared.nlu.constants import PRETRAINED_EXTRACTORS
from rasa.shared.nlu.training_data.message import Message

from addons.components import quantity_extractor
from addons.components.quantity_extractor import PAUSE_SECONDS, DucklingServer, QuantityExtractor

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2024, 3, 13, 10, 30, tzinfo=SHANGHAI)
URL = "http://duckling.invalid:8000"


def _extractor(**config: Any) -> QuantityExtractor:
    return QuantityExtractor({**QuantityExtractor.get_default_config(), **config}, clock=lambda: NOW)


def _entities(extractor: QuantityExtractor, text: str, *others: dict[str, Any], at: int | None = None) -> Any:
    message = Message(data={"text": text, "entities": list(others)}, time=at)  # type: ignore[arg-type]
    return extractor.process([message])[0].get("entities")


def _name(text: str, start: int, end: int, entity: str = "person") -> dict[str, Any]:
    return {"entity": entity, "start": start, "end": end, "value": text[start:end], "extractor": "NameExtractor"}


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RASA_DUCKLING_HTTP_URL", raising=False)


def test_an_amount_carries_the_whole_duckling_value() -> None:
    (amount,) = _entities(_extractor(), "给妈妈转三万二")
    assert (amount["entity"], amount["value"], amount["text"]) == ("amount-of-money", 32000, "三万二")
    assert (amount["start"], amount["end"]) == (4, 7)
    assert amount["additional_info"]["unit"] == "CNY"
    assert amount["additional_info"]["minor"] == 3200000


def test_entities_bear_the_name_that_rasa_test_leaves_out() -> None:
    (amount,) = _entities(_extractor(), "五百块")
    assert amount["extractor"] in PRETRAINED_EXTRACTORS


@pytest.mark.parametrize("text", ["", "查余额"])
def test_nothing_to_read(text: str) -> None:
    assert _entities(_extractor(), text) == []


def test_dimensions_filter_what_comes_out() -> None:
    assert _entities(_extractor(dimensions=["card-tail"]), "转五百块") == []


@pytest.mark.parametrize(("at", "day"), [(None, "2024-03-12"), (1_600_000_000, "2020-09-12")])
def test_now_is_the_clock_unless_the_message_has_a_time(
    monkeypatch: pytest.MonkeyPatch, at: int | None, day: str
) -> None:
    seen: list[tuple[str, str]] = []

    def spy(text: str, now: datetime, prefer: str) -> list[Any]:
        seen.append((str((now.astimezone(SHANGHAI)).date()), prefer))
        return []

    monkeypatch.setattr(quantity_extractor, "extract", spy)
    _entities(_extractor(prefer="past"), "昨天", at=at)
    expected = "2024-03-13" if at is None else "2020-09-13"
    assert seen == [(expected, "past")]


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("何一万转到了吗", (0, 3), ["何一万"]),
        ("转五百块", (1, 2), ["五百块"]),
        ("给李娜转五百块", (1, 3), ["李娜", "五百块"]),
        ("给马三十块", (1, 3), ["马三"]),
    ],
    ids=["quantity inside a name", "name inside a quantity", "apart", "crossing"],
)
def test_names_and_quantities_do_not_share_characters(text: str, name: tuple[int, int], left: list[str]) -> None:
    entities = _entities(_extractor(), text, _name(text, *name))
    assert [text[entity["start"] : entity["end"]] for entity in entities] == left


def test_any_other_entity_goes_for_a_quantity() -> None:
    text = "转五百块"
    entities = _entities(_extractor(), text, _name(text, 1, 4, entity="product"))
    assert [entity["entity"] for entity in entities] == ["amount-of-money"]


class Server:
    """Stands for the HTTP library: counts calls, answers or raises what it is told."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.calls: list[dict[str, Any]] = []

    def post(self, url: str, data: dict[str, Any], timeout: tuple[float, float]) -> requests.Response:
        self.calls.append({"url": url, "timeout": timeout, **data})
        if isinstance(self.answer, Exception):
            raise self.answer
        response = requests.Response()
        response.status_code, body = self.answer
        response._content = body.encode()
        return response


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    found = Server((200, "[]"))
    monkeypatch.setattr(requests, "post", found.post)
    return found


def _match(body: str, start: int, dim: str, value: Any) -> dict[str, Any]:
    return {"body": body, "start": start, "end": start + len(body), "dim": dim, "latent": False, "value": value}


def test_without_a_url_no_server_is_asked(server: Server) -> None:
    _entities(_extractor(), "转五百块")
    assert server.calls == []


def test_the_server_adds_what_ours_left_and_loses_overlaps(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASA_DUCKLING_HTTP_URL", URL)
    matches = [
        _match("五百块", 1, "quantity", {"type": "value", "value": 5}),
        _match("a@b.cn", 5, "email", {"value": "a@b.cn"}),
        _match("转", 0, "amount-of-money", {"type": "value", "value": 9}),
    ]
    server.answer = (200, json.dumps(matches))
    entities = _entities(_extractor(), "转五百块 a@b.cn")
    assert [(entity["entity"], entity["value"]) for entity in entities] == [
        ("amount-of-money", 500),
        ("email", "a@b.cn"),
    ]
    (call,) = server.calls
    assert (call["url"], call["locale"], call["tz"]) == (f"{URL}/parse", "zh_CN", "Asia/Shanghai")
    assert call["reftime"] == int(NOW.timestamp() * 1000)
    assert sum(call["timeout"]) == pytest.approx(0.3)
    assert "amount-of-money" not in json.loads(call["dims"])


@pytest.mark.parametrize(
    "failure",
    [requests.ConnectionError(), requests.ReadTimeout(), (500, "down"), (200, "<html>")],
    ids=["refused", "slow", "500", "garbage"],
)
def test_a_failing_server_is_left_alone_for_a_while_and_logged_once(
    server: Server, caplog: pytest.LogCaptureFixture, failure: Any
) -> None:
    caplog.set_level(logging.WARNING)
    seconds = [0.0]
    duckling = DucklingServer("zh_CN", "Asia/Shanghai", monotonic=lambda: seconds[0])
    server.answer = failure
    for moment in (0.0, 1.0, PAUSE_SECONDS + 1):
        seconds[0] = moment
        assert duckling.parse(URL, "a@b.cn", NOW) == []
    assert len(server.calls) == 2
    assert len(caplog.records) == 1
    server.answer = (200, json.dumps([_match("a@b.cn", 0, "email", {"value": "a@b.cn"})]))
    seconds[0] = 3 * PAUSE_SECONDS
    assert len(duckling.parse(URL, "a@b.cn", NOW)) == 1
    assert "answers again" in caplog.records[-1].message


def test_ours_is_read_while_the_server_is_down(server: Server) -> None:
    server.answer = requests.ConnectionError()
    assert [entity["value"] for entity in _entities(_extractor(url=URL), "转五百块")] == [500]

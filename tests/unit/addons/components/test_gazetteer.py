from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from addons.components.finetuning import FinetuningUnsupported
from addons.components.gazetteer import Gazetteer, LookupsAmbiguous
from addons.components.quantity_extractor import QuantityExtractor
from tests.unit.addons.components.conftest import Bench

LOOKUPS = Path("data/nlu/lookups.yml")


@pytest.fixture(scope="module")
def lookups() -> TrainingData:
    return load_data(str(LOOKUPS))


@pytest.fixture(scope="module")
def gazetteer(lookups: TrainingData, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Trained on the project's lookups, stored and loaded again."""
    bench = Bench(tmp_path_factory.mktemp("gazetteer") / "bench")
    bench.create(Gazetteer).train(lookups)
    return bench.load(Gazetteer)


def _found(extractor: Any, text: str, *others: dict[str, Any]) -> list[tuple[str, str, str]]:
    message = Message(data={"text": text, "entities": list(others)})
    entities = extractor.process([message])[0].get("entities")
    return [(entity["entity"], text[entity["start"] : entity["end"]], entity["value"]) for entity in entities]


def _entity(kind: str, text: str, said: str) -> dict[str, Any]:
    start = text.index(said)
    return {"entity": kind, "start": start, "end": start + len(said), "value": said}


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("转到他的工行卡", [("bank", "工行", "工商银行")]),
        ("中国邮政储蓄银行", [("bank", "中国邮政储蓄银行", "邮储银行")]),
        ("从网商转过来", [("bank", "网商", "网商银行")]),
        ("乌鲁木齐市有网点吗", [("city", "乌鲁木齐市", "乌鲁木齐")]),
        ("我在呼市", [("city", "呼市", "呼和浩特")]),
        ("换点美刀和港纸", [("currency", "美刀", "USD"), ("currency", "港纸", "HKD")]),
        ("马币汇率", [("currency", "马币", "MYR")]),
        ("存个定期还是买货基", [("product", "定期", "定期存款"), ("product", "货基", "货币基金")]),
        ("按揭还剩多少", [("product", "按揭", "房贷")]),
        ("给李娜转五百", []),
        ("", []),
    ],
)
def test_finds_names_and_gives_the_standard_one(
    gazetteer: Any, text: str, entities: list[tuple[str, str, str]]
) -> None:
    assert _found(gazetteer, text) == entities


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("大连银行在大连", [("bank", "大连银行", "大连银行"), ("city", "大连", "大连")]),
        ("北京农商银行", [("bank", "北京农商银行", "北京农商银行")]),
        ("公积金贷款", [("product", "公积金贷款", "公积金贷款")]),
        ("数字人民币", [("product", "数字人民币", "数字人民币")]),
        ("净值型理财", [("product", "净值型理财", "净值型理财")]),
        ("活期理财", [("product", "活期理财", "现金管理类理财")]),
    ],
)
def test_the_longest_name_wins(gazetteer: Any, text: str, entities: list[tuple[str, str, str]]) -> None:
    assert _found(gazetteer, text) == entities


@pytest.mark.parametrize("text", ["设置定期转账", "成交行情", "USDT能买吗", "想看中信证券", "大理石台面"])
def test_what_only_looks_like_a_name_is_none(gazetteer: Any, text: str) -> None:
    assert _found(gazetteer, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "南京西路的网点",
        "北京东路那家",
        "天津大街",
        "兰州拉面多少钱",
        "想吃北京烤鸭",
        "重庆火锅",
        "會講上海話",
        "青岛啤酒",
    ],
)
def test_a_city_inside_the_name_of_a_road_or_a_dish_is_none(gazetteer: Any, text: str) -> None:
    assert _found(gazetteer, text) == []


@pytest.mark.parametrize(
    ("text", "city"),
    [("我在南京路过", "南京"), ("上海街边的机器", "上海"), ("杭州话费充值", "杭州"), ("北京西站", "北京")],
)
def test_a_city_before_other_words_stays(gazetteer: Any, text: str, city: str) -> None:
    assert [value for _, _, value in _found(gazetteer, text)] == [city]


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("在臺北市換錢", ("city", "臺北市", "台北")),
        ("中國銀行", ("bank", "中國銀行", "中国银行")),
        ("滙豐", ("bank", "滙豐", "汇丰银行")),
        ("黃金積存", ("product", "黃金積存", "黄金积存")),
        ("ＵＳＤ今日", ("currency", "ＵＳＤ", "USD")),
        ("icbc卡", ("bank", "icbc", "工商银行")),
        ("  \t😀工行", ("bank", "工行", "工商银行")),
        ("工 行", ("bank", "工 行", "工商银行")),
    ],
)
def test_any_script_and_width_and_offsets_of_the_raw_text(
    gazetteer: Any, text: str, entity: tuple[str, str, str]
) -> None:
    assert _found(gazetteer, text) == [entity]


def test_no_person_is_called_after_money(gazetteer: Any) -> None:
    text = "卢布现在多少"
    assert _found(gazetteer, text, _entity("person", text, "卢布现")) == [("currency", "卢布", "RUB")]


def test_a_longer_person_stays_and_hides_the_name(gazetteer: Any) -> None:
    text = "给李建行转五百"
    assert _found(gazetteer, text, _entity("person", text, "李建行")) == [("person", "李建行", "李建行")]


@pytest.mark.parametrize(
    ("text", "person", "bank"), [("转给工行", "工行", "工行"), ("转小王建设银行", "小王建", "建设银行")]
)
def test_a_person_that_is_no_longer_than_the_name_goes(gazetteer: Any, text: str, person: str, bank: str) -> None:
    assert [found[:2] for found in _found(gazetteer, text, _entity("person", text, person))] == [("bank", bank)]


def test_entities_beside_a_name_stay(gazetteer: Any) -> None:
    text = "工行的王强"
    found = _found(gazetteer, text, _entity("person", text, "王强"))
    assert found == [("person", "王强", "王强"), ("bank", "工行", "工商银行")]


@pytest.mark.parametrize("text", ["换500美元", "一百港纸", "两千卢布"])
def test_an_amount_keeps_its_currency_before_and_after(gazetteer: Any, text: str) -> None:
    quantities = QuantityExtractor(QuantityExtractor.get_default_config())
    for order in ((gazetteer, quantities), (quantities, gazetteer)):
        message = Message(data={"text": text})
        for extractor in order:
            extractor.process([message])
        assert [entity["entity"] for entity in message.get("entities")] == ["amount-of-money"]


def test_says_who_found_it(gazetteer: Any) -> None:
    message = gazetteer.process([Message(data={"text": "工行"})])[0]
    assert message.get("entities") == [
        {"entity": "bank", "start": 0, "end": 2, "value": "工商银行", "extractor": "Gazetteer"}
    ]


def test_stores_the_patterns_alone_as_json_lines(bench: Any) -> None:
    bench.create(Gazetteer).train(_data({"bank": ["工商银行"]}, {"工行": "工商银行"}))
    assert {name: content.count(b"\n") for name, content in bench.stored().items()} == {"patterns.jsonl": 2}


def test_without_lookups_nothing_is_stored_or_found(bench: Any) -> None:
    bench.create(Gazetteer).train(_data({}, {"我妈": "妈妈"}))
    assert bench.stored() == {}
    assert _found(bench.load(Gazetteer), "工商银行") == []


@pytest.mark.parametrize(
    ("tables", "synonyms"),
    [
        ({"bank": ["平安"], "city": ["平安"]}, {}),
        ({"bank": ["平安银行"], "city": ["平安"]}, {"平安": "平安银行"}),
        ({"bank": ["工商银行", "招商银行"]}, {"招商银行": "工商银行"}),
    ],
)
def test_a_name_with_two_meanings_is_refused(
    bench: Any, tables: dict[str, list[str]], synonyms: dict[str, str]
) -> None:
    with pytest.raises(LookupsAmbiguous, match="lookups"):
        bench.create(Gazetteer).train(_data(tables, synonyms))


def test_finetuning_is_refused(bench: Any) -> None:
    with pytest.raises(FinetuningUnsupported):
        bench.create(Gazetteer, finetuning=True).train(_data({"bank": ["工商银行"]}, {}))


def _data(tables: dict[str, list[str]], synonyms: dict[str, str]) -> TrainingData:
    lookup_tables = [{"name": name, "elements": elements} for name, elements in tables.items()]
    return TrainingData(entity_synonyms=synonyms, lookup_tables=lookup_tables)


def test_the_lookups_are_wide_enough_and_in_their_standard_form(lookups: TrainingData) -> None:
    tables = {table["name"]: table["elements"] for table in lookups.lookup_tables}
    least = {"bank": 40, "city": 111, "product": 25, "currency": 20}
    assert all(len(tables[name]) >= number for name, number in least.items())
    assert all(len(code) == 3 and code.isupper() for code in tables["currency"])
    assert not [city for city in tables["city"] if city.endswith("市")]


def test_every_synonym_belongs_to_a_lookup(lookups: TrainingData) -> None:
    standard = {element for table in lookups.lookup_tables for element in table["elements"]}
    assert set(lookups.entity_synonyms.values()) <= standard
    assert not set(lookups.entity_synonyms) & standard

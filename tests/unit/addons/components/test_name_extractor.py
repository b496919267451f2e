import gc
import random
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from addons.components.finetuning import FinetuningUnsupported
from addons.components.name_extractor import NameExtractor, Sentence
from addons.components.name_features import features
from addons.components.name_invention import renamed

ANNOTATED = {
    "给李娜转五百": ["李娜"],
    "转账给王强": ["王强"],
    "给妈妈打两千": ["妈妈"],
    "我要给老王汇款": ["老王"],
    "转三百给赵师傅": ["赵师傅"],
    "把钱还给欧阳建国": ["欧阳建国"],
    "收款人是陈晨": ["陈晨"],
    "给刘洋和韩梅梅各转一百": ["刘洋", "韩梅梅"],
    "王总": ["王总"],
    "周杰": ["周杰"],
    "二姨": ["二姨"],
    "查余额": [],
    "我要转账": [],
    "给我转人工": [],
    "从1122转一千到6789": [],
    "转三百就行": [],
    "好的": [],
    "挂失": [],
}


def _message(text: str, names: list[str], entity: str = "person") -> Message:
    entities = [
        {"entity": entity, "start": text.index(name), "end": text.index(name) + len(name), "value": name}
        for name in names
    ]
    return Message(data={"text": text, "intent": "any", "entities": entities})


def _data(entity: str = "person") -> TrainingData:
    return TrainingData([_message(text, names, entity) for text, names in ANNOTATED.items()])


def _trained(bench: Any) -> NameExtractor:
    bench.create(NameExtractor).train(_data())
    loaded: NameExtractor = bench.load(NameExtractor)
    return loaded


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("给孙丽转八百", ["孙丽"]),
        ("轉帳給張偉", ["張偉"]),
        ("转三百给司马光", ["司马光"]),
        ("我要给老周汇款", ["老周"]),
        ("给奶奶打两千", ["奶奶"]),
        ("李总", ["李总"]),
        ("查一下余额", []),
        ("给我转人工", []),
        ("", []),
    ],
)
def test_finds_names_it_was_not_shown(bench: Any, text: str, names: list[str]) -> None:
    entities = _trained(bench).process([Message.build(text)])[0].get("entities")
    assert [entity["value"] for entity in entities] == names
    assert all(text[entity["start"] : entity["end"]] == entity["value"] for entity in entities)
    assert all(0 < entity["confidence_entity"] <= 1 for entity in entities)
    assert all((entity["entity"], entity["extractor"]) == ("person", "NameExtractor") for entity in entities)


def test_the_model_lives_as_long_as_its_reader(bench: Any) -> None:
    extractor = _trained(bench)
    gc.collect()
    overwriting = [bytes(len(extractor._model)) for _ in range(50)]
    assert extractor.process([Message.build("给李娜转五百")])[0].get("entities")[0]["value"] == "李娜"
    assert len(overwriting) == 50


def test_keeps_the_entities_of_others(bench: Any) -> None:
    other = {"entity": "bank", "start": 0, "end": 2}
    message = Message(data={"text": "工行给李娜", "entities": [other]})
    assert _trained(bench).process([message])[0].get("entities")[0] == other


def test_stores_the_crf_alone_and_the_same_one_each_time(bench: Any, other_bench: Any) -> None:
    for place in (bench, other_bench):
        place.create(NameExtractor).train(_data())
    assert list(bench.stored()) == ["names.crfsuite"]
    assert bench.stored() == other_bench.stored()


def test_other_annotations_are_not_learned(bench: Any) -> None:
    bench.create(NameExtractor).train(_data("product"))
    assert bench.stored() == {}
    assert bench.load(NameExtractor).process([Message.build("给李娜转五百")])[0].get("entities") == []


def test_finetuning_is_refused(bench: Any) -> None:
    with pytest.raises(FinetuningUnsupported):
        bench.create(NameExtractor, finetuning=True).train(_data())


def test_features_keep_the_positions_of_the_raw_text() -> None:
    raw = "轉㈱Ａ①"
    assert len(features(raw)) == len(raw)
    assert "0=转" in features(raw)[0]
    assert "0=a" in features(raw)[2]


def test_features_know_surnames_relations_and_doubled_characters() -> None:
    assert "0:surname" in features("李娜")[0]
    assert "0:long_surname" in features("欧阳")[0]
    assert "0:twice" in features("方方")[0]
    assert ["0:relative_first" in features("丈母娘")[0], "0:relative_last" in features("丈母娘")[2]] == [True, True]


def test_features_know_titles_latin_names_and_what_is_nobody() -> None:
    assert "1:title_first" in features("赵师傅")[0]
    assert ["latin_name" in marks for marks in features("转Lucy")] == [False, True, True, True, True]
    assert "latin=time" in features("time")[0]
    assert "latin_name" not in features("time")[0]
    assert "0:nobody_first" in features("支付宝")[0]


def test_sentences_without_names_are_drawn_up_to_the_limit_those_beside_names_first(bench: Any) -> None:
    extractor = bench.create(NameExtractor, nameless=4, copies=0)
    named = [Sentence(f"给李{number}", [(1, 3)], "transfer") for number in range(10)]
    near = [Sentence(f"给他{number}", [], "transfer") for number in range(10)]
    far = [Sentence(f"你好{number}", [], "greet") for number in range(10)]
    learned = [text for text, spans in extractor._learned([*named, *near, *far]) if not spans]
    assert [text[:2] for text in learned] == ["给他", "给他", "你好", "你好"]
    assert learned == [text for text, spans in extractor._learned([*named, *near, *far]) if not spans]


def test_invented_names_keep_their_places_in_the_sentence() -> None:
    draw = random.Random(1)
    for _ in range(200):
        text, spans = renamed("给李娜和王强转五百", [(1, 3), (4, 6)], draw)
        (first, last), (start, end) = spans
        assert (text[:first], text[last:start], text[end:]) == ("给", "和", "转五百")
        assert last > first
        assert end > start


def test_leaves_no_file_behind(bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _trained(bench)
    assert [path.name for path in tmp_path.iterdir()] == ["bench"]

import time
import timeit
from typing import Any

import pytest
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from addons.components.finetuning import FinetuningUnsupported
from addons.components.linear_intent_classifier import LinearIntentClassifier

EXAMPLES = {
    "check_balance": ["查余额", "余额还有多少", "我卡里还剩多少钱", "帮我看看余额", "账户里有多少钱"],
    "transfer_money": ["我要转账", "给妈妈转五百", "转钱给李娜", "帮我转账两千", "汇款给老王"],
    "report_lost_card": ["卡丢了", "我的卡被偷了要挂失", "挂失银行卡", "卡不见了赶紧挂失", "丢卡了怎么办"],
}
TOPICS = {
    "faq/transfer_fee": ["转账手续费怎么收", "跨行转账要收费吗", "汇款手续费多少"],
    "faq/branch_hours": ["网点几点开门", "银行周末上班吗", "营业时间是几点"],
}


def _data(topics: dict[str, list[str]] | None = None, intents: dict[str, list[str]] = EXAMPLES) -> TrainingData:
    plain = [Message.build(text, intent=intent) for intent, texts in intents.items() for text in texts]
    asked = [Message.build(text, intent=label) for label, texts in (topics or {}).items() for text in texts]
    return TrainingData(plain + asked)


def _trained(bench: Any, topics: dict[str, list[str]] | None = None, **config: Any) -> LinearIntentClassifier:
    bench.create(LinearIntentClassifier, **config).train(_data(topics))
    loaded: LinearIntentClassifier = bench.load(LinearIntentClassifier, **config)
    return loaded


def _person(start: int, end: int) -> dict[str, Any]:
    return {"entity": "person", "start": start, "end": end}


def _read(classifier: LinearIntentClassifier, text: str) -> Message:
    return classifier.process([Message.build(text)])[0]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("查一下余额", "check_balance"),
        ("查一下馀额", "check_balance"),
        ("我的卡不见了", "report_lost_card"),
        ("帮我专账给小李", "transfer_money"),
        ("轉帳給媽媽", "transfer_money"),
    ],
)
def test_reads_intents_through_typos_and_traditional_script(bench: Any, text: str, intent: str) -> None:
    message = _read(_trained(bench), text)
    ranking = message.get("intent_ranking")
    assert message.get("intent") == ranking[0]
    assert ranking[0]["name"] == intent
    assert sum(entry["confidence"] for entry in ranking) == pytest.approx(1)
    assert {"intent", "intent_ranking"} <= message.output_properties


def test_without_faq_data_there_is_no_response_selector(bench: Any) -> None:
    assert _read(_trained(bench), "查余额").get("response_selector") is None


def test_a_topic_is_read_as_its_base_intent_and_the_response_selector_names_it(bench: Any) -> None:
    message = _read(_trained(bench, TOPICS), "跨行转账手续费")
    assert message.get("intent")["name"] == "faq"
    selector = message.get("response_selector")
    assert selector["all_retrieval_intents"] == ["faq"]
    chosen = selector["faq"]["response"]
    assert chosen["intent_response_key"] == "faq/transfer_fee"
    assert chosen["utter_action"] == "utter_faq/transfer_fee"
    ranking = selector["faq"]["ranking"]
    assert [entry["intent_response_key"] for entry in ranking] == ["faq/transfer_fee", "faq/branch_hours"]
    assert sum(entry["confidence"] for entry in ranking) == pytest.approx(1)


def test_an_intent_of_topics_is_as_sure_as_its_best_topic(bench: Any) -> None:
    classifier = _trained(bench, TOPICS)
    evidence = classifier.explain("手续费")
    confidence = next(entry for entry in _read(classifier, "手续费").get("intent_ranking") if entry["name"] == "faq")
    best = max(found.confidence for label, found in evidence.items() if label.startswith("faq/"))
    assert confidence["confidence"] == pytest.approx(best)


@pytest.mark.parametrize("text", ["", "   ", "qqq", "😀"])
def test_a_text_with_nothing_known_has_no_intent_and_falls_back(bench: Any, text: str) -> None:
    message = _read(_trained(bench, TOPICS), text)
    assert message.get("intent") == {"name": None, "confidence": 0.0}
    assert message.get("intent_ranking") == []
    fallback = FallbackClassifier({"threshold": 0.4, "ambiguity_threshold": 0.1})
    assert fallback.process([message])[0].get("intent")["name"] == "nlu_fallback"


def test_no_examples_at_all_stores_nothing_and_answers_nothing(bench: Any) -> None:
    bench.create(LinearIntentClassifier).train(TrainingData())
    assert bench.stored() == {}
    assert _read(bench.load(LinearIntentClassifier), "查余额").get("intent")["name"] is None


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_intents_are_enough(bench: Any, count: int) -> None:
    intents = dict(list(EXAMPLES.items())[:count])
    bench.create(LinearIntentClassifier).train(_data(intents=intents))
    ranking = _read(bench.load(LinearIntentClassifier), "看看余额").get("intent_ranking")
    assert ranking[0]["name"] == "check_balance"
    assert len(ranking) == count


def test_the_same_examples_give_the_same_model(bench: Any, other_bench: Any) -> None:
    for place in (bench, other_bench):
        place.create(LinearIntentClassifier).train(_data(TOPICS))
    assert (
        _read(bench.load(LinearIntentClassifier), "余额").data
        == _read(other_bench.load(LinearIntentClassifier), "余额").data
    )
    assert sorted(bench.stored()) == ["names.json", "weights.npz"]
    assert bench.stored()["names.json"] == other_bench.stored()["names.json"]


def test_ranking_length_limits_intents_and_topics(bench: Any) -> None:
    message = _read(_trained(bench, TOPICS, ranking_length=1), "手续费多少")
    assert len(message.get("intent_ranking")) == 1
    assert len(message.get("response_selector")["faq"]["ranking"]) == 1


def test_a_button_payload_is_overwritten_by_rasa(bench: Any) -> None:
    message = _read(_trained(bench, TOPICS), "/transfer_money")
    assert RegexMessageHandler().process([message])[0].get("intent") == {"name": "transfer_money", "confidence": 1.0}


def test_finetuning_is_refused_with_the_way_out(bench: Any) -> None:
    with pytest.raises(FinetuningUnsupported, match="without --finetune"):
        bench.create(LinearIntentClassifier, finetuning=True).train(_data())


def test_explain_names_the_ngrams_for_and_against(bench: Any) -> None:
    evidence = _trained(bench).explain("挂失", top=3)
    assert next(iter(evidence)) == "report_lost_card"
    assert len(evidence) == len(EXAMPLES)
    lost = evidence["report_lost_card"]
    assert "c:挂失" in dict(lost.speaks_for)
    assert [share for _, share in lost.speaks_for] == sorted((share for _, share in lost.speaks_for), reverse=True)
    against = evidence["check_balance"].speaks_against
    assert len(against) == 3
    assert all(share < 0 for _, share in against)


def test_explain_of_nothing_known_is_empty(bench: Any) -> None:
    assert _trained(bench).explain("qqq") == {}


def test_a_person_found_stands_for_any_person(bench: Any) -> None:
    named = [("给阿珍转账", 1, 3), ("转账给小李", 3, 5), ("汇款给老王", 3, 5)]
    examples = [
        Message(data={"text": text, "intent": "transfer_money", "entities": [_person(start, end)]})
        for text, start, end in named
    ]
    bench.create(LinearIntentClassifier).train(TrainingData([*_data().training_examples, *examples]))
    classifier = bench.load(LinearIntentClassifier)
    unheard = Message(data={"text": "欧阳端端", "entities": [_person(0, 4)]})
    assert classifier.process([unheard])[0].get("intent")["name"] == "transfer_money"
    evidence = classifier.explain("欧阳端端", entities=[_person(0, 4)])
    assert "c:<person>" in dict(evidence["transfer_money"].speaks_for)


def test_a_label_can_be_given_another_weight(bench: Any, other_bench: Any) -> None:
    bench.create(LinearIntentClassifier).train(_data())
    other_bench.create(LinearIntentClassifier, weights={"check_balance": 5.0}).train(_data())
    plain, heavy = (place.load(LinearIntentClassifier).explain("卡里的钱") for place in (bench, other_bench))
    assert heavy["check_balance"].confidence > plain["check_balance"].confidence


def test_a_message_takes_three_milliseconds_at_most(bench: Any) -> None:
    classifier = _trained(bench, TOPICS)
    text = "你好我想问一下我上个月给我妈妈转的那三千块钱现在到账了没有"
    batch = min(timeit.repeat(lambda: _read(classifier, text), number=20, repeat=5, timer=time.thread_time))
    assert batch / 20 < 0.003

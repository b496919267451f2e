"""`why` and the model it asks, on a model of three intents trained here."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from tools import nlu_model, train, why
from tools.console import ROOT, CommandError
from tools.nlu_model import FALLBACK, NluModel, Reading

CONFIG = """
recipe: default.v1
language: zh
pipeline:
- name: addons.components.quantity_extractor.QuantityExtractor
- name: addons.components.linear_intent_classifier.LinearIntentClassifier
- name: addons.components.unsure_classifier.UnsureClassifier
  threshold: 0.5
  ambiguity_threshold: 0.1
  urgent: [report_lost_card]
  urgent_threshold: 0.35
"""
SENTENCES = {
    "check_balance": ("查余额", "卡里还剩多少", "余额多少", "账户里有多少钱"),
    "report_lost_card": ("卡丢了", "我的卡被偷了", "挂失银行卡", "卡不见了"),
    "faq/transfer_fee": ("转账手续费怎么收", "汇款收费吗", "转账要不要手续费"),
    "faq/branch_hours": ("网点几点开门", "周末上班吗", "营业时间"),
}
SETTINGS = {
    "threshold": 0.5,
    "ambiguity_threshold": 0.1,
    "urgent": ["lost"],
    "urgent_threshold": 0.2,
    "cautious": ["pay"],
    "cautious_lead": 0.3,
}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NluModel]:
    from rasa.model_training import train_nlu

    folder = tmp_path_factory.mktemp("nlu")
    (folder / "config.yml").write_text(CONFIG)
    blocks = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for intent, texts in SENTENCES.items()
    ]
    answers = "".join(f"  utter_{name}:\n  - text: x\n" for name in SENTENCES if "/" in name)
    text = "version: '3.1'\nnlu:\n" + "".join(blocks) + "responses:\n" + answers
    (folder / "nlu.yml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RASA_CACHE_DIRECTORY", str(folder / "cache"))
        archive = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder), fixed_model_name="tiny")
    assert archive is not None
    yield NluModel(Path(archive))


def explained(model: NluModel, text: str) -> str:
    console = Console(record=True, width=200)
    why.show(text, model, console)
    return console.export_text()


def test_the_model_reads_intent_topic_and_entities(model: NluModel) -> None:
    found = model.parse("查一下余额 尾号6789")
    assert found.label == "check_balance"
    assert {entity["entity"] for entity in found.entities} == {"card-tail"}
    assert 0 < found.seconds < 1
    assert model.parse("转账手续费").label == "faq/transfer_fee"
    assert model.parse("xyz").label == FALLBACK
    assert model.fallback["urgent"] == ["report_lost_card"]


def test_a_sentence_can_be_labelled_with_intents_and_topics(model: NluModel, monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa.shared.core.domain import Domain

    written = "intents: [a, faq, out_of_scope]\nresponses:\n  utter_hello:\n  - text: x\n"
    monkeypatch.setattr(model, "_metadata", SimpleNamespace(domain=Domain.from_yaml(written)))
    learned = {label for label in model.classifier.labels if "/" in label}
    assert learned
    assert model.intents >= {"a", "faq", "out_of_scope"} | learned
    assert not model.intents & {FALLBACK, "hello", "utter_hello"}


def test_an_explanation_names_grams_rules_and_settings(model: NluModel) -> None:
    printed = explained(model, "查余额 昨天给尾号6789转五百左右")
    assert "/yu/" in printed
    assert " 余额" in printed
    assert "chinese/identifiers.py" in printed
    assert "不能直接用：approx" in printed
    assert "至少要 50%" in printed
    assert printed.rstrip().splitlines()[-1].startswith("结果：")


def test_an_urgent_reading_is_held_against_its_own_threshold(model: NluModel) -> None:
    printed = explained(model, "卡被偷了")
    assert "report_lost_card 是紧急意图" in printed
    assert printed.endswith("结果：report_lost_card\n")


def test_a_text_that_is_new_in_every_character_says_so(model: NluModel) -> None:
    printed = explained(model, "[red]\U0001f600")
    assert "「[red]\U0001f600」" in printed
    assert "没有一个字或拼音在训练句里出现过" in printed
    assert "实体：没有" in printed
    assert f"没有把握（{FALLBACK}），反问" in printed


def reading(intent: str, *ranking: tuple[str, float]) -> Reading:
    return Reading("x", intent, ranking, {}, (), 0.0)


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        (
            reading("a", ("a", 0.8), ("b", 0.1)),
            ["门槛：第一名 80.0%，至少要 50%", "差距：比第二名高 70.0%，至少要 10%"],
        ),
        (reading(FALLBACK), ["门槛：第一名 0.0%，至少要 50%", "差距：比第二名高 0.0%，至少要 10%"]),
        (
            reading(FALLBACK, ("pay", 0.6), ("b", 0.35)),
            ["差距：pay 要慎重，比第二名高 25.0%，至少要 30%"],
        ),
        (
            reading("pay", ("pay", 0.6), ("b", 0.1)),
            [
                "差距：pay 要慎重，比第二名高 50.0%，至少要 30%",
                "门槛：第一名 60.0%，至少要 50%",
                "差距：比第二名高 50.0%，至少要 10%",
            ],
        ),
        (reading("lost", ("lost", 0.3)), ["门槛：lost 是紧急意图，第一名 30.0%，到 20% 就采用，不看差距"]),
        (
            reading(FALLBACK, ("lost", 0.1), ("b", 0.1)),
            [
                "门槛：lost 是紧急意图，第一名 10.0%，到 20% 就采用，不看差距",
                "门槛：第一名 10.0%，至少要 50%",
                "差距：比第二名高 0.0%，至少要 10%",
            ],
        ),
    ],
)
def test_the_settings_that_were_applied(found: Reading, lines: list[str]) -> None:
    assert why.outcome(found, SETTINGS)[:-1] == lines


def test_the_result() -> None:
    assert why.outcome(reading("a"), {}) == ["门槛：config.yml 里没有", "结果：a"]
    asked = why.outcome(reading(FALLBACK, ("a", 0.2), ("b", 0.1), ("c", 0.1)), SETTINGS)[-1]
    assert asked == "结果：没有把握（nlu_fallback），反问：a 还是 b"
    assert why.outcome(reading(FALLBACK), {})[-1] == "结果：没有把握（nlu_fallback），反问客户想办什么"


def test_whatever_an_extractor_says_of_its_find_is_shown() -> None:
    assert why.grounds({"entity": "person", "extractor": "NameExtractor", "confidence_entity": 0.5}) == "CRF 概率 50.0%"
    assert why.grounds({"entity": "bank", "extractor": "Gazetteer", "rule": "建行"}) == "rule=建行"
    assert why.value({"from": "1", "to": "2"}) == "1 ~ 2"
    assert why.value({"to": "2"}) == " ~ 2"
    assert why.value(500) == "500"


def test_the_rules_named_exist() -> None:
    assert all((ROOT / "chinese" / name).exists() for name in why.RULES.values())


def test_without_a_fitting_model_there_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nlu_model.domain, "stale", lambda root: False)
    monkeypatch.setattr(train, "model_path", lambda: tmp_path / "none.tar.gz")
    with pytest.raises(CommandError, match=r"^no model in models/ fits domain, data and code: run `make train`$"):
        nlu_model.fitting_archive()
    monkeypatch.setattr(nlu_model.domain, "stale", lambda root: True)
    with pytest.raises(CommandError, match="run `make train`"):
        nlu_model.fitting_archive()


def test_a_damaged_model_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "zhanggui.tar.gz").write_bytes(b"no archive")
    with pytest.raises(CommandError, match=r"^zhanggui\.tar\.gz cannot be read"):
        NluModel(tmp_path / "zhanggui.tar.gz")


def test_an_empty_sentence_is_refused() -> None:
    with pytest.raises(CommandError, match="给一句话"):
        why.main("  ")

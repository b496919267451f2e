import dataclasses
import json
from pathlib import Path

import pytest

from tools import nlu_gate
from tools.console import ROOT, CommandError
from tools.nlu_data import held_out, held_out_sets
from tools.nlu_floors import Floors, Limit, as_baseline, broken, measure, regressions
from tools.nlu_model import FALLBACK, Reading
from tools.nlu_score import Case

FLOORS = Floors(
    macro_f1=0.93,
    intent_f1=0.80,
    from_sentences=5,
    urgent_recall=0.98,
    urgent=("lost",),
    precision=0.97,
    precise=("affirm",),
    out_of_scope_recall=0.90,
    false_refusals=0.03,
    entity_f1=0.95,
    single_entity_f1={"person": 0.95},
    robustness={"voice": 0.80},
    points_below=0.03,
    new_confusion=2,
)
NAME, BANK = frozenset({("person", 0, 1)}), frozenset({("bank", 0, 1)})


def some(meant: str, count: int, read: str | None = None) -> list[Case]:
    return [Case("句", meant, read or meant)] * count


MAIN = [
    *some("lost", 100),
    *some("affirm", 100),
    *some("other", 100),
    *some("out_of_scope", 40),
]
VOICE = some("other", 10)
EXAM = [
    Case("王", "other", "other", spans_expected=NAME, spans_found=NAME | {("time", 0, 1)}),
    Case("建", "other", "other", spans_expected=BANK, spans_found=BANK),
]


def failures(main: list[Case], voice: list[Case] = VOICE, floors: Floors = FLOORS) -> list[str]:
    return list(broken(measure(main, {"voice": voice}, EXAM, floors), floors))


def test_nothing_fails_where_everything_is_right() -> None:
    assert failures(MAIN) == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (some("lost", 3, "other"), ["urgent recall is 0.9709, must be ≥ 0.98"]),
        (some("lost", 3, FALLBACK), ["urgent recall is 0.9709, must be ≥ 0.98"]),
        (some("other", 4, "affirm"), ["precision affirm is 0.9615, must be ≥ 0.97"]),
        (some("out_of_scope", 4, "affirm"), ["precision affirm is 0.9615, must be ≥ 0.97"]),
        (some("out_of_scope", 5, "other"), ["out-of-scope recall is 0.8889, must be ≥ 0.9"]),
        (some("other", 10, FALLBACK), ["false refusals is 0.0323, must be ≤ 0.03"]),
        (some("other", 10, "out_of_scope"), ["false refusals is 0.0323, must be ≤ 0.03"]),
        (
            [*some("rare", 5), *some("rare", 3, "other")],
            ["rare: F1 is 0.7692, must be ≥ 0.8 (precision 1.00, recall 0.62, 8 sentences)"],
        ),
        (some("rare", 4, "other"), ["macro F1 is 0.7451, must be ≥ 0.93"]),
    ],
)
def test_each_floor_trips_alone(more: list[Case], expected: list[str]) -> None:
    assert failures(MAIN + more) == expected


def test_entities_are_judged_on_their_own_exam_and_only_those_it_marks() -> None:
    missed = [Case("王", "other", "lost", spans_expected=NAME)]
    measured = measure(MAIN, {"voice": VOICE}, EXAM * 9 + missed, FLOORS)
    assert list(broken(measured, FLOORS)) == ["entity F1 person is 0.9474, must be ≥ 0.95; 「王」 missed person 王"]
    assert measured.figures["entity F1"] == pytest.approx(36 / 37)
    assert measured.figures["entity F1 bank"] == 1
    assert "entity F1 time" not in measured.figures
    measured = measure(MAIN, {"voice": VOICE}, EXAM * 5 + missed, FLOORS)
    assert [line.split(" is ")[0] for line in broken(measured, FLOORS)] == ["entity F1 person"]
    measured = measure(MAIN, {"voice": VOICE}, EXAM * 4 + missed, FLOORS)
    assert [line.split(" is ")[0] for line in broken(measured, FLOORS)] == ["entity F1", "entity F1 person"]


def test_an_intent_with_few_sentences_has_no_floor_of_its_own() -> None:
    lenient = dataclasses.replace(FLOORS, macro_f1=0.5)
    assert failures(MAIN + some("rare", 4, "other"), floors=lenient) == []
    assert len(failures(MAIN + some("rare", 5, "other"), floors=lenient)) == 1


def test_out_of_scope_counts_neither_in_macro_f1_nor_in_accuracy() -> None:
    measured = measure(MAIN + some("out_of_scope", 4, "other"), {}, [], FLOORS)
    assert (measured.figures["macro F1"], measured.figures["accuracy"]) == (1, 1)
    assert "out_of_scope" not in measured.intents


def test_out_of_scope_is_refused_by_either_way() -> None:
    assert failures(MAIN + some("out_of_scope", 100, FALLBACK)) == []


def test_robustness_sets_have_floors_and_floors_have_sets() -> None:
    assert failures(MAIN, VOICE + some("other", 3, "lost")) == ["robustness voice is 0.7692, must be ≥ 0.8"]
    measured = measure(MAIN, {"typos": VOICE}, EXAM, FLOORS)
    assert list(broken(measured, FLOORS)) == [
        "robustness voice cannot be measured: no held-out sentences",
        "robustness typos has no floor in gate.yml",
    ]


def test_what_cannot_be_measured_fails() -> None:
    measured = measure(some("other", 100), {"voice": VOICE}, [], FLOORS)
    assert list(broken(measured, FLOORS)) == [
        "urgent recall cannot be measured: no held-out sentences",
        "precision affirm cannot be measured: no held-out sentences",
        "out-of-scope recall cannot be measured: no held-out sentences",
        "entity F1 cannot be measured: no held-out sentences",
        "entity F1 person cannot be measured: no held-out sentences",
        "urgent intent lost has no held-out sentences",
    ]


def test_a_limit_includes_its_value() -> None:
    assert Limit(0.9).holds(0.9)
    assert Limit(0.03, at_most=True).holds(0.03)
    assert not Limit(0.9).holds(0.8999)


def worse(main: list[Case]) -> list[str]:
    """Against MAIN with one confusion that is known."""
    known = MAIN + some("other", 2, "lost")
    baseline = as_baseline(measure(known, {}, [], FLOORS), FLOORS)
    assert list(regressions(measure(known, {}, [], FLOORS), baseline, FLOORS)) == []
    return list(regressions(measure(main, {}, [], FLOORS), baseline, FLOORS))


def test_an_intent_may_lose_three_points_and_no_more() -> None:
    assert worse(MAIN + some("affirm", 6, FALLBACK)) == []
    assert worse(MAIN + some("affirm", 7, FALLBACK)) == ["affirm: F1 is 0.9662, was 1.0000"]


def test_a_new_confusion_needs_two_cases_and_shows_them() -> None:
    assert worse(MAIN + some("other", 1, "affirm")) == []
    assert worse(MAIN + some("other", 2, "affirm")) == ["new confusion other -> affirm: 2 cases, 「句」 「句」"]
    assert worse(MAIN + some("other", 3, "lost")) == [], "a confusion of the baseline is accepted"
    assert worse(MAIN + some("other", 3, FALLBACK)) == [], "asking again is no confusion"
    assert worse(MAIN + some("out_of_scope", 2, "lost")) == [
        "new confusion out_of_scope -> lost: 2 cases, 「句」 「句」"
    ]


def test_held_out_sentences_do_not_vanish_unnoticed() -> None:
    assert worse([case for case in MAIN if case.expected != "affirm"]) == [
        "affirm of the baseline has no held-out sentences any more"
    ]


class FakeModel:
    def __init__(self, intent: str) -> None:
        self.intent = intent
        self.fallback = {"urgent": ["lost"]}

    def parse(self, text: str) -> Reading:
        return Reading(text, self.intent, ((self.intent, 0.9),), {}, (), 0.001)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "gate.yml").write_text((ROOT / "tests" / "nlu" / "gate.yml").read_text(encoding="utf-8"))
    sentences = "version: '3.1'\nnlu:\n- intent: lost\n  examples: |\n    - 卡丢了\n    - 我[妈](person)的卡丢了\n"
    (tmp_path / "card.yml").write_text(sentences)
    for part in ("robustness", "entities"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "voice.yml").write_text(sentences)
    monkeypatch.setattr(nlu_gate, "FOLDER", tmp_path)
    monkeypatch.setattr(nlu_gate, "ROOT", tmp_path)
    return tmp_path


def test_the_gate_reads_updates_and_judges(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(nlu_gate, "open_fitting", lambda who: FakeModel("lost"))
    with pytest.raises(CommandError, match=r"baseline\.json does not exist: write it with"):
        nlu_gate.main(update=False)
    assert nlu_gate.main(update=True) == 1, "floors that cannot be measured fail all the same"
    baseline = json.loads((folder / "baseline.json").read_text())
    assert baseline["f1"] == {"lost": 1.0}
    output = capsys.readouterr().out
    assert "| urgent recall | 1.0000 | 1.0000 | ≥ 0.98 | ok |" in output
    assert "| entity F1 person | 0.0000 | 0.0000 | ≥ 0.9 | **FAILS** |" in output
    monkeypatch.setattr(nlu_gate, "open_fitting", lambda who: FakeModel("other"))
    assert nlu_gate.main(update=False) == 1
    output = capsys.readouterr().out
    assert "- lost: F1 is 0.0000, was 1.0000" in output
    assert "- new confusion lost -> other: 2 cases, 「卡丢了」 「我妈的卡丢了」" in output


def test_held_out_files_are_read_with_their_annotations(folder: Path) -> None:
    first, second = held_out(folder)
    assert (first.text, first.spans) == ("卡丢了", frozenset())
    assert (second.text, second.label, second.spans) == ("我妈的卡丢了", "lost", {("person", 1, 2)})
    assert list(held_out_sets(folder / "robustness")) == ["voice"]
    (folder / "card.yml").write_text('nlu:\n- intent: "lost\n')
    with pytest.raises(CommandError, match=r"card\.yml:3: "):
        held_out(folder)
    with pytest.raises(CommandError, match="no held-out sentences in "):
        held_out(folder / "nothing")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("macro_f1: [", "while parsing"),
        ("macro_f1: 1\n", "no intent_f1$"),
        ("- 1\n", "not the mapping"),
        (None, "No such"),
    ],
)
def test_a_broken_gate_file_is_one_line(tmp_path: Path, text: str | None, said: str) -> None:
    if text:
        (tmp_path / "gate.yml").write_text(text)
    with pytest.raises(CommandError, match=said):
        Floors.read(tmp_path / "gate.yml", ())


def test_a_broken_baseline_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "baseline.json").write_text('{"f1": {}}')
    with pytest.raises(CommandError, match="is no baseline"):
        nlu_gate.read_baseline(tmp_path / "baseline.json")

import pytest

from tools import nlu_score as score
from tools.nlu_data import Sentence
from tools.nlu_model import FALLBACK, Reading
from tools.nlu_score import Case


def cases(*triples: tuple[str, str, int]) -> list[Case]:
    """(meant, understood, how often)"""
    return [Case(f"{meant}句{number}", meant, read) for meant, read, count in triples for number in range(count)]


HAND_MADE = cases(("a", "a", 8), ("a", "b", 1), ("a", FALLBACK, 1), ("b", "b", 4), ("b", "a", 1), ("c", "elsewhere", 2))


def test_figures_of_hand_made_confusions() -> None:
    found = score.scores(HAND_MADE)
    assert (found["a"].precision, found["a"].recall) == (8 / 9, 0.8)
    assert found["a"].f1 == pytest.approx(2 * 8 / (10 + 9))
    assert found["b"].f1 == pytest.approx(2 * 4 / (5 + 5))
    assert found["c"] == score.Score(sentences=2, right=0, taken=0)
    assert (found["c"].precision, found["c"].recall, found["c"].f1) == (0, 0, 0)
    assert list(found) == ["a", "b", "c"], "an intent that no sentence means has no score"
    assert score.accuracy(HAND_MADE) == 12 / 17
    assert score.macro_f1(found) == pytest.approx((16 / 19 + 0.8 + 0) / 3)
    assert score.asked_again(HAND_MADE) == 1 / 17


def test_f1_agrees_with_scikit_learn() -> None:
    from sklearn.metrics import f1_score

    expected, predicted = zip(*((case.expected, case.predicted) for case in HAND_MADE))
    theirs = f1_score(expected, predicted, labels=["a", "b", "c"], average="macro", zero_division=0)
    assert score.macro_f1(score.scores(HAND_MADE)) == pytest.approx(theirs)


def test_confusions_leave_out_clarifying_questions_and_come_in_a_fixed_order() -> None:
    found = score.confusions(HAND_MADE)
    assert [(pair, len(misread)) for pair, misread in found.items()] == [
        (("c", "elsewhere"), 2),
        (("a", "b"), 1),
        (("b", "a"), 1),
    ]
    assert found["a", "b"][0].text == "a句0"


def test_turned_away_and_offered() -> None:
    some = [
        Case("x", "a", FALLBACK, offered=("b", "a")),
        Case("x", "a", FALLBACK, offered=("b", "c")),
        Case("x", "a", "out_of_scope"),
        Case("x", "a", "b"),
        Case("x", "out_of_scope", FALLBACK, offered=("a",)),
    ]
    assert score.turned_away(some[:4]) == 0.75
    assert score.offered_right(some) == 0.5
    assert score.offered_right([]) == score.turned_away([]) == 0


def test_entities_count_by_exact_span() -> None:
    name, half, other = ("person", 2, 4), ("person", 2, 3), ("bank", 0, 2)
    some = [
        Case("转给李娜", "a", "a", spans_expected=frozenset({name}), spans_found=frozenset({name, other})),
        Case("转给李娜", "a", "a", spans_expected=frozenset({name}), spans_found=frozenset({half})),
        Case("转给李娜", "a", "a"),
    ]
    assert score.entity_score(some, ["person"]).f1 == pytest.approx(2 * 1 / (2 + 2))
    assert score.entity_mistakes(some, ["person"]) == ["「转给李娜」 invented person 李, missed person 李娜"]
    assert score.entities_marked(some) == ["person"]


def reading(intent: str | None, **more: object) -> Reading:
    ranking = [{"name": "faq", "confidence": 0.3}, {"name": "out_of_scope", "confidence": 0.2}]
    ranking += [{"name": "b", "confidence": 0.1}, {"name": "c", "confidence": 0.05}]
    chosen = {"faq": {"response": {"intent_response_key": "faq/fees"}}, "all_retrieval_intents": ["faq"]}
    parsed = {"text": "x", "intent": {"name": intent}, "intent_ranking": ranking, "response_selector": chosen, **more}
    return Reading.of(parsed, 0.002)


def test_a_reading_has_its_topic_and_what_would_be_offered() -> None:
    assert reading("faq").label == "faq/fees"
    assert reading("faq").offered == ("faq/fees", "b"), "out_of_scope is no button"
    assert reading("b").label == "b"


@pytest.mark.parametrize("intent", [FALLBACK, None])
def test_a_reading_without_intent_is_a_refusal(intent: str | None) -> None:
    ranking = [{"name": FALLBACK, "confidence": 0.2}, {"name": "b", "confidence": 0.1}]
    found = reading(intent, intent_ranking=ranking if intent else [])
    assert found.refused
    assert found.label == FALLBACK
    assert found.offered == (("b",) if intent else ())


@pytest.mark.parametrize(
    ("label", "intent", "right"),
    [
        ("faq/fees", "faq", True),
        ("faq/hours", "faq", False),
        ("faq", "faq", True),
        ("faq", "b", False),
        ("b", "b", True),
        ("b", FALLBACK, False),
    ],
)
def test_a_sentence_is_compared_as_far_as_it_is_labelled(label: str, intent: str, right: bool) -> None:
    assert score.case(Sentence("x", label), reading(intent)).right is right


def test_reading_all_keeps_order_time_and_spans() -> None:
    found = reading("b", entities=[{"entity": "person", "start": 0, "end": 1, "value": "x"}])
    sentences = [Sentence("x", "b", frozenset({("person", 0, 1)})), Sentence("x", "c")]
    first, second = score.read_all(sentences, lambda text: found)
    assert (first.right, second.misread, first.seconds) == (True, True, 0.002)
    assert first.spans_found == first.spans_expected

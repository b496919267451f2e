"""Figures of understanding, from what was meant and what was understood. Pure: no model, no files."""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass

from tools.nlu_data import Sentence, Span
from tools.nlu_model import FALLBACK, OUT_OF_SCOPE, Reading

Pair = tuple[str, str]


@dataclass(frozen=True)
class Case:
    """A labelled sentence and how it was read; `offered`: labels that a clarifying question would name."""

    text: str
    expected: str
    predicted: str
    offered: tuple[str, ...] = ()
    seconds: float = 0.0
    spans_expected: frozenset[Span] = frozenset()
    spans_found: frozenset[Span] = frozenset()

    @property
    def right(self) -> bool:
        return self.expected == self.predicted

    @property
    def refused(self) -> bool:
        return self.predicted == FALLBACK

    @property
    def misread(self) -> bool:
        """Taken for something else; asking again is no misreading."""
        return not self.right and not self.refused


@dataclass(frozen=True)
class Score:
    """Of one intent; a share of nothing is 0."""

    sentences: int
    right: int
    taken: int  # sentences of any intent that were read as this one

    @property
    def precision(self) -> float:
        return share(self.right, self.taken)

    @property
    def recall(self) -> float:
        return share(self.right, self.sentences)

    @property
    def f1(self) -> float:
        return share(2 * self.right, self.sentences + self.taken)


def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def case(sentence: Sentence, reading: Reading) -> Case:
    """Compare as far as the sentence is labelled: `faq` with the intent, `faq/fees` with intent and topic."""
    bare_retrieval = sentence.label == reading.intent
    return Case(
        text=sentence.text,
        expected=sentence.label,
        predicted=sentence.label if bare_retrieval else reading.label,
        offered=reading.offered,
        seconds=reading.seconds,
        spans_expected=sentence.spans,
        spans_found=frozenset((entity["entity"], entity["start"], entity["end"]) for entity in reading.entities),
    )


def read_all(sentences: Iterable[Sentence], parse: Callable[[str], Reading]) -> list[Case]:
    """Parse one after the other, as messages come."""
    return [case(sentence, parse(sentence.text)) for sentence in sentences]


def scores(cases: Iterable[Case]) -> dict[str, Score]:
    """By intent, of those that some sentence means."""
    cases = list(cases)
    sentences = Counter(case.expected for case in cases)
    right = Counter(case.expected for case in cases if case.right)
    taken = Counter(case.predicted for case in cases)
    return {name: Score(count, right[name], taken[name]) for name, count in sorted(sentences.items())}


def accuracy(cases: Sequence[Case]) -> float:
    return share(sum(case.right for case in cases), len(cases))


def macro_f1(by_intent: dict[str, Score]) -> float:
    return sum(score.f1 for score in by_intent.values()) / len(by_intent) if by_intent else 0.0


def asked_again(cases: Sequence[Case]) -> float:
    """Share of sentences answered with a clarifying question."""
    return share(sum(case.refused for case in cases), len(cases))


def offered_right(cases: Sequence[Case]) -> float:
    """Of the clarifying questions about the bank's matters, the share that names what was meant."""
    refused = [case for case in cases if case.refused and case.expected != OUT_OF_SCOPE]
    return share(sum(case.expected in case.offered for case in refused), len(refused))


def turned_away(cases: Sequence[Case]) -> float:
    """Share that gets no service: asked again, or taken for a matter that is not the bank's."""
    return share(sum(case.refused or case.predicted == OUT_OF_SCOPE for case in cases), len(cases))


def confusions(cases: Iterable[Case]) -> dict[Pair, list[Case]]:
    """(meant, understood) -> the misread sentences, most frequent pair first; clarifying questions are not among them.

    Pairs of equal frequency come in alphabetical order, so that two runs print the same.
    """
    pairs: dict[Pair, list[Case]] = defaultdict(list)
    for each in cases:
        if each.misread:
            pairs[each.expected, each.predicted].append(each)
    return dict(sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0])))


def entities_marked(cases: Iterable[Case]) -> list[str]:
    """Those that some sentence is annotated with: of others nobody has said where they should be found."""
    return sorted({span[0] for case in cases for span in case.spans_expected})


def entity_score(cases: Iterable[Case], entities: Container[str]) -> Score:
    """Over exact spans of these entities together."""
    expected, found, right = 0, 0, 0
    for each in cases:
        wanted = {span for span in each.spans_expected if span[0] in entities}
        given = {span for span in each.spans_found if span[0] in entities}
        expected, found, right = expected + len(wanted), found + len(given), right + len(wanted & given)
    return Score(expected, right, found)


def entity_mistakes(cases: Iterable[Case], entities: Container[str]) -> list[str]:
    """Sentences with a missed or an invented span of these entities, and which."""
    mistakes = []
    for each in cases:
        differing = [span for span in each.spans_expected ^ each.spans_found if span[0] in entities]
        told = [
            f"{'missed' if span in each.spans_expected else 'invented'} {span[0]} {each.text[span[1] : span[2]]}"
            for span in sorted(differing, key=lambda span: span[1:])
        ]
        if told:
            mistakes.append(f"「{each.text}」 {', '.join(told)}")
    return mistakes

"""What `nlu_gate` demands, and what breaks it. Pure but for reading the floors."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tools import nlu_score as score
from tools.console import CommandError
from tools.nlu_model import OUT_OF_SCOPE
from tools.nlu_score import Case, Score

EXAMPLES = 3  # sentences shown beside a failure


@dataclass(frozen=True)
class Floors:
    """tests/nlu/gate.yml, where each value is explained."""

    macro_f1: float
    intent_f1: float
    from_sentences: int
    urgent_recall: float
    urgent: tuple[str, ...]
    precision: float
    precise: tuple[str, ...]
    out_of_scope_recall: float
    false_refusals: float
    entity_f1: float
    single_entity_f1: Mapping[str, float]
    robustness: Mapping[str, float]
    points_below: float
    new_confusion: int

    @classmethod
    def read(cls, path: Path, urgent: Iterable[str]) -> "Floors":
        """`urgent`: those of config.yml. Raises CommandError when the file or one of its keys is missing."""
        try:
            told: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
            return cls(
                macro_f1=told["macro_f1"],
                intent_f1=told["intent_f1"]["at_least"],
                from_sentences=told["intent_f1"]["from_sentences"],
                urgent_recall=told["urgent_recall"],
                urgent=tuple(urgent),
                precision=told["precision"]["at_least"],
                precise=tuple(told["precision"]["intents"]),
                out_of_scope_recall=told["out_of_scope"]["recall"],
                false_refusals=told["out_of_scope"]["false_refusals"],
                entity_f1=told["entity_f1"]["all"],
                single_entity_f1={name: value for name, value in told["entity_f1"].items() if name != "all"},
                robustness=told["robustness"],
                points_below=told["baseline"]["points_below"],
                new_confusion=told["baseline"]["new_confusion"],
            )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        except yaml.YAMLError as error:
            raise CommandError(f"{path}: {' '.join(str(error).split())}") from None
        except KeyError as error:
            raise CommandError(f"{path}: no {error.args[0]}") from None
        except TypeError:
            raise CommandError(f"{path}: not the mapping it should be, compare with the committed one") from None


@dataclass(frozen=True)
class Limit:
    """A figure must be at least `value`, or at most."""

    value: float
    at_most: bool = False

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.value:g}"

    def holds(self, figure: float) -> bool:
        return figure <= self.value if self.at_most else figure >= self.value


@dataclass(frozen=True)
class Measured:
    """figures: by name, those that can be measured; intents: scores without out-of-scope; confusions: misread cases by
    pair; mistakes: by name of the figure, sentences that explain it."""

    figures: dict[str, float]
    intents: dict[str, Score]
    confusions: dict[str, list[Case]]
    mistakes: dict[str, list[str]]


def measure(
    cases: Sequence[Case], sets: Mapping[str, Sequence[Case]], exam: Sequence[Case], floors: Floors
) -> Measured:
    """`cases`: the main held-out sentences; `sets`: those of robustness, of which only the accuracy counts; `exam`:
    those of entities, where every occurrence is annotated and only the spans count."""
    inside = [case for case in cases if case.expected != OUT_OF_SCOPE]
    outside = [case for case in cases if case.expected == OUT_OF_SCOPE]
    urgent = [case for case in inside if case.expected in floors.urgent]
    intents, whole = score.scores(inside), score.scores(cases)
    figures = {
        "sentences": float(len(cases)),
        "accuracy": score.accuracy(inside),
        "macro F1": score.macro_f1(intents),
        "asked again": score.asked_again(inside),
        "asked again, the right one offered": score.offered_right(inside),
    }
    if urgent:
        figures |= {"urgent recall": score.accuracy(urgent), "urgent asked again": score.asked_again(urgent)}
    figures |= {f"precision {name}": whole[name].precision for name in floors.precise if name in whole}
    figures["false refusals"] = score.turned_away(inside)
    if outside:
        figures["out-of-scope recall"] = score.turned_away(outside)
        figures["out-of-scope asked again"] = score.asked_again(outside)
    figures |= {f"robustness {name}": score.accuracy(cases) for name, cases in sets.items()}
    pairs = {f"{meant} -> {read}": found for (meant, read), found in score.confusions(cases).items()}
    entities, mistakes = measure_entities(exam)
    return Measured(figures | entities, intents, pairs, mistakes)


def measure_entities(exam: Sequence[Case]) -> tuple[dict[str, float], dict[str, list[str]]]:
    """F1 of all entities that the exam marks together, then of each; and the sentences that are not perfect."""
    marked = score.entities_marked(exam)
    groups = {"entity F1": marked, **{f"entity F1 {name}": [name] for name in marked}} if marked else {}
    figures = {name: score.entity_score(exam, entities).f1 for name, entities in groups.items()}
    return figures, {name: score.entity_mistakes(exam, entities) for name, entities in groups.items()}


def limits(floors: Floors) -> dict[str, Limit]:
    """By name of the figure."""
    return {
        "macro F1": Limit(floors.macro_f1),
        "urgent recall": Limit(floors.urgent_recall),
        **{f"precision {name}": Limit(floors.precision) for name in floors.precise},
        "out-of-scope recall": Limit(floors.out_of_scope_recall),
        "false refusals": Limit(floors.false_refusals, at_most=True),
        "entity F1": Limit(floors.entity_f1),
        **{f"entity F1 {entity}": Limit(value) for entity, value in floors.single_entity_f1.items()},
        **{f"robustness {name}": Limit(value) for name, value in floors.robustness.items()},
    }


def broken(measured: Measured, floors: Floors) -> Iterator[str]:
    """What fails whatever the baseline says. A figure that cannot be measured fails too."""
    for name, limit in limits(floors).items():
        figure = measured.figures.get(name)
        if figure is None:
            yield f"{name} cannot be measured: no held-out sentences"
        elif not limit.holds(figure):
            yield "; ".join([f"{name} is {figure:.4f}, must be {limit}", *measured.mistakes.get(name, [])[:EXAMPLES]])
    for name in floors.urgent:
        if name not in measured.intents:
            yield f"urgent intent {name} has no held-out sentences"
    for name, found in measured.intents.items():
        if found.sentences >= floors.from_sentences and found.f1 < floors.intent_f1:
            yield (
                f"{name}: F1 is {found.f1:.4f}, must be ≥ {floors.intent_f1:g} "
                f"(precision {found.precision:.2f}, recall {found.recall:.2f}, {found.sentences} sentences)"
            )
    for name in measured.figures:
        if name.startswith("robustness ") and name.removeprefix("robustness ") not in floors.robustness:
            yield f"{name} has no floor in gate.yml"


def regressions(measured: Measured, baseline: Mapping[str, Any], floors: Floors) -> Iterator[str]:
    """What is worse than the committed baseline."""
    for name, before in baseline["f1"].items():
        if name not in measured.intents:
            yield f"{name} of the baseline has no held-out sentences any more"
        elif round(before - measured.intents[name].f1, 4) > floors.points_below:
            yield f"{name}: F1 is {measured.intents[name].f1:.4f}, was {before:.4f}"
    for pair, cases in measured.confusions.items():
        if len(cases) >= floors.new_confusion and pair not in baseline["confusions"]:
            said = " ".join(f"「{case.text}」" for case in cases[:EXAMPLES])
            yield f"new confusion {pair}: {len(cases)} cases, {said}"


def as_baseline(measured: Measured, floors: Floors) -> dict[str, Any]:
    """What is committed: figures, F1 by intent, and how often each pair that counts was confused."""
    return {
        "figures": {name: round(value, 4) for name, value in measured.figures.items()},
        "f1": {name: round(found.f1, 4) for name, found in measured.intents.items()},
        "confusions": {
            pair: len(cases)
            for pair, cases in sorted(measured.confusions.items())
            if len(cases) >= floors.new_confusion
        },
    }

"""3, 8, 15, 16: training sentences and their annotations."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from tools.checks.project import Example, Finding, Project, Span, at

# The cut of addons/components/character_tokenizer.py; importing it would load Rasa, so a test compares the two.
TOKEN = re.compile(r"[A-Za-z]+|[0-9]+|\S")
SHORT = 2  # a known value of one or two characters occurs inside other words too often


def normalised(text: str) -> str:
    """Text without width, case, punctuation and spaces."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower() or text


def no_sentence_twice(project: Project) -> Iterator[Finding]:
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in project.examples:
        groups[normalised(example.plain)].append(example)
    for first, *others in groups.values():
        for other in others:
            where = f"{first.place.path}:{first.place.line}"
            if other.intent != first.intent:
                yield at(other.place, f"「{other.plain}」 is {other.intent} here and {first.intent} in {where}")
            else:
                yield at(other.place, f"「{other.plain}」 repeats {where}", warning=True)


def nothing_is_held_out(project: Project) -> Iterator[Finding]:
    exam = {normalised(example.plain): example.place for example in project.held_out}
    for example in project.examples:
        if place := exam.get(normalised(example.plain)):
            where = f"{place.path}:{place.line}"
            yield at(example.place, f"「{example.plain}」 is held out in {where}: write another sentence")


def entities_exist(project: Project) -> Iterator[Finding]:
    known = project.defined("entities")
    for example in project.examples:
        for span in example.spans:
            if span.entity not in known:
                yield at(example.place, f"entity {span.entity} is not in domain/")


def _spans(project: Project) -> Iterator[tuple[Example, Span]]:
    return ((example, span) for example in project.examples for span in example.spans)


def spans_have_one_type(project: Project) -> Iterator[Finding]:
    first: dict[str, tuple[Example, Span]] = {}
    for example, span in _spans(project):
        before, known = first.setdefault(span.said.lower(), (example, span))
        if known.entity != span.entity:
            where = f"{before.place.path}:{before.place.line}"
            yield at(example.place, f"「{span.said}」 is {span.entity} here and {known.entity} in {where}")


def no_known_value_is_bare(project: Project) -> Iterator[Finding]:
    values = {span.said: span.entity for _, span in _spans(project) if len(span.said) > SHORT}
    if not values:
        return
    known = re.compile("|".join(re.escape(value) for value in sorted(values, key=len, reverse=True)))
    for example in project.examples:
        covered = {offset for span in example.spans for offset in range(span.start, span.end)}
        for found in known.finditer(example.plain):
            if not covered.intersection(range(found.start(), found.end())):
                yield at(
                    example.place,
                    f"「{found[0]}」 is a {values[found[0]]} elsewhere and not annotated here",
                    warning=True,
                )


def annotations_fall_on_tokens(project: Project) -> Iterator[Finding]:
    for example in project.examples:
        if not example.spans:
            continue
        tokens = list(TOKEN.finditer(example.plain))
        starts, ends = {token.start() for token in tokens}, {token.end() for token in tokens}
        for span in example.spans:
            if span.start not in starts or span.end not in ends:
                yield at(example.place, f"「{span.said}」 begins or ends inside a token of 「{example.plain}」")

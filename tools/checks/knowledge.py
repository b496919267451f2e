"""18-21: what the assistant knows: every topic has an answer, facts stand in data/facts.yml, all of it is reviewed."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from tools.checks.project import Finding, Place, Project, at
from tools.checks.wording import NAME

ANSWER = "utter_faq_"
REVIEW_HOLDS = timedelta(days=365)
LIST_NUMBER = re.compile(r"^\d+\. ", re.MULTILINE)
UNITS = "万?美?元|块|天|日|个月|年|周岁|岁|小时|分钟|个?工作日|次|折|倍"
FIGURE = re.compile(rf"\d[\d,.:%‰]*|百分之\w|(?<![第下])[零一二两三四五六七八九十百千万]+(?:{UNITS})")
LONGEST_ANSWER = 160  # characters as they are read, facts filled in
MOST_LINES = 4
MOST_BUTTONS = 3


def answer_to(topic: str) -> str:
    """faq/etc -> utter_faq_etc"""
    return f"utter_{topic.replace('/', '_')}"


def topics_have_answers(project: Project) -> Iterator[Finding]:
    topics = {example.intent: example.place for example in reversed(project.examples) if "/" in example.intent}
    responses = project.defined("responses")
    for topic, place in topics.items():
        for name in (answer_to(topic), f"phrase_reading_{topic.replace('/', '_')}"):
            if name not in responses:
                yield at(place, f"topic {topic} has no {name} in domain/")
    answers = {answer_to(topic) for topic in topics}
    for name, (place, variations) in responses.items():
        if name.startswith(ANSWER) and name not in answers:
            yield at(place, f"response {name} answers a topic without examples")
        for variation in variations or []:
            for button in variation.get("buttons") or []:
                asked = re.search(r'"topic_ref": *"([^"]*)"', str(button.get("payload", "")))
                if asked and asked[1] not in topics:
                    yield at(Place(place.path, button.line), f"response {name}: there is no topic {asked[1]}")


def answers_are_short(project: Project) -> Iterator[Finding]:
    values = {name: str(fact.get("value", "")) for name, (_, fact) in project.facts.items()}
    for name, place, variation in _answers(project):
        text = str(variation.get("text", "")).strip()
        read = NAME.sub(lambda found: values.get(found[1], found[0]), text)
        characters, lines = len(read.replace("\n", "")), read.count("\n") + 1
        if characters > LONGEST_ANSWER or lines > MOST_LINES:
            limit = f"at most {LONGEST_ANSWER} and {MOST_LINES} are read"
            yield at(place, f"response {name} has {characters} characters in {lines} lines, {limit}")
        if len(variation.get("buttons") or []) > MOST_BUTTONS:
            yield at(place, f"response {name} has more than {MOST_BUTTONS} buttons")


def answers_hold_no_figures(project: Project) -> Iterator[Finding]:
    for name, place, variation in _answers(project):
        titles = [str(button.get("title", "")) for button in variation.get("buttons") or []]
        for text in (str(variation.get("text", "")), *titles):
            if found := FIGURE.search(LIST_NUMBER.sub("", NAME.sub("", text))):
                yield at(place, f"response {name} says 「{found[0]}」: put it into data/facts.yml, name it in braces")


def facts_are_whole_and_used(project: Project) -> Iterator[Finding]:
    wordings = [
        str(variation.get("text", ""))
        for _, found in project.defined("responses").values()
        for variation in found or []
    ]
    named = {name for text in wordings for name in NAME.findall(text)}
    for name, (place, fact) in project.facts.items():
        for key in ("value", "what"):
            if not isinstance(fact.get(key), str):
                yield at(place, f"fact {name} needs {key}, a text")
        if name not in named:
            yield at(place, f"fact {name} is in no response")


def knowledge_is_reviewed(project: Project) -> Iterator[Finding]:
    for name, (place, fact) in project.facts.items():
        yield from _reviewed(project, f"fact {name}", place, fact)
    for name, place, variation in _answers(project):
        yield from _reviewed(project, f"response {name}", place, variation.get("metadata") or {})


def _reviewed(project: Project, what: str, place: Place, details: Mapping[str, Any]) -> Iterator[Finding]:
    if not str(details.get("source") or ""):
        yield at(place, f"{what} names no source")
    try:
        # A text in quotes: Rasa sends the domain to the action server as JSON, which has no dates.
        reviewed = date.fromisoformat(details.get("reviewed") or "")
    except (TypeError, ValueError):
        yield at(place, f'{what} has no review date: write reviewed: "{project.today}", in quotes')
        return
    if reviewed > project.today:
        yield at(place, f"{what} is reviewed in the future: {reviewed}")
    elif project.today - reviewed > REVIEW_HOLDS:
        yield at(place, f"{what} was last reviewed on {reviewed}: review it", warning=True)


def _answers(project: Project) -> Iterator[tuple[str, Place, Mapping[str, Any]]]:
    """Every wording of every FAQ answer."""
    for name, (place, variations) in project.defined("responses").items():
        if name.startswith(ANSWER):
            for variation in variations or []:
                yield name, Place(place.path, variation.line), variation

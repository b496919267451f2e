"""5, 11, 13: responses are used, exist, have a default variation, and their buttons work."""

import json
import re
from collections.abc import Iterator
from typing import Any

from tools.checks.knowledge import ANSWER
from tools.checks.project import Finding, Place, Project, at

CHANNELS = {"local", "web", "wechat"}
TITLE_LIMIT = 20  # characters that every channel shows on a button
PAYLOAD = re.compile(r"/(?P<intent>[\w/]+)(?P<entities>\{.*\})?")
SPOKEN = re.compile(r"(utter|phrase)_[a-z0-9_/]+")


def _questions(project: Project) -> set[str]:
    forms = project.defined("forms")
    slots = {(form, slot) for form, (_, details) in forms.items() for slot in details.get("required_slots") or []}
    return {f"utter_ask_{slot}" for _, slot in slots} | {f"utter_ask_{form}_{slot}" for form, slot in slots}


def _said(error: str) -> str:
    """Name of an error inside a response: bank_unavailable is utter_bank_unavailable, utter_transfer_unavailable."""
    return error.removeprefix("bank_")


def responses_are_used(project: Project) -> Iterator[Finding]:
    steps = {step.name for step in project.steps if step.kind == "action"}
    questions = _questions(project)
    capabilities = {path.stem for path in project.files("domain")} | {"bank"}
    errors = {f"utter_{capability}_{error}" for capability in capabilities for error in map(_said, project.bank_errors)}
    for name, (place, _) in project.defined("responses").items():
        used = (
            name in steps
            or name.startswith(ANSWER)  # see knowledge.py
            or name in questions
            or name in errors
            or name == "utter_default"
        )
        if not used and not project.source.mentions(name):
            yield at(place, f"response {name} is used by no rule, story, form or action")
    for text, found in project.source.strings.items():
        known = any(name == text or name.startswith(f"{text}/") for name in project.defined("responses"))
        if SPOKEN.fullmatch(text) and not known:
            yield at(Place(found.path, found.line), f"response {text} is not in domain/")


def bank_errors_have_wording(project: Project) -> Iterator[Finding]:
    for error, place in project.bank_errors.items():
        name = f"utter_bank_{_said(error)}"
        if name not in project.defined("responses"):
            yield at(place, f"this error has no wording: add {name} to domain/")


def every_response_has_a_default(project: Project) -> Iterator[Finding]:
    """Without a variation that has neither channel nor condition Rasa says nothing at all."""
    for name, (place, variations) in project.defined("responses").items():
        if not any("channel" not in one and "condition" not in one for one in variations or []):
            yield at(place, f"response {name} has no variation without channel and condition")
        for variation in variations or []:
            if variation.get("channel", "web") not in CHANNELS:
                yield at(
                    Place(place.path, variation.line), f"response {name}: there is no channel {variation['channel']}"
                )


def buttons_work(project: Project) -> Iterator[Finding]:
    for name, place, variation in project.wordings:
        for button in variation.get("buttons") or []:
            here = Place(place.path, button.line)
            for wrong in _wrong_button(project, button):
                yield at(here, f"response {name}: {wrong}")


def _wrong_button(project: Project, button: dict[str, Any]) -> Iterator[str]:
    title = str(button.get("title", ""))
    if not 0 < len(title) <= TITLE_LIMIT:
        yield f"button title 「{title}」 has {len(title)} characters, 1 to {TITLE_LIMIT} are shown"
    written = str(button.get("payload", ""))
    payload = written.replace("{{", "{").replace("}}", "}")
    if "{" in payload and payload == written:
        yield f"button payload {payload!r}: double its braces, Rasa takes single ones for a placeholder"
    match = PAYLOAD.fullmatch(payload)
    if not match:
        yield f"button payload {payload!r} is not /intent or /intent{{...}}"
        return
    if match["intent"].split("/")[0] not in project.defined("intents"):
        yield f"button payload {payload!r}: intent {match['intent']} is not in domain/"
    try:
        entities = json.loads(match["entities"] or "{}")
    except ValueError:
        yield f"button payload {payload!r}: what follows the intent is not JSON"
        return
    for entity in entities:
        if entity not in project.defined("entities"):
            yield f"button payload {payload!r}: entity {entity} is not in domain/"

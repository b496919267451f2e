"""Checks of the domain, the training data and the actions' names; no model, no Rasa, about a second.

Each check is a function from a Project to findings; `CHECKS` lists them. 1 to 17 are those of the style guide, §4.2.
"""

from collections.abc import Callable, Iterator

from tools.checks import (
    actions,
    dialogue,
    examples,
    forms,
    knowledge,
    languages,
    names,
    payloads,
    responses,
    slots,
    wording,
)
from tools.checks.project import Finding, Project

Check = Callable[[Project], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    names.domain_is_built,  # 1
    names.capabilities_share_names,  # 2
    examples.no_sentence_twice,  # 3
    dialogue.intents_are_used,  # 4
    responses.responses_are_used,  # 5
    responses.bank_errors_have_wording,  # 5
    actions.actions_have_one_class,  # 6
    forms.form_slots_are_asked,  # 7
    examples.entities_exist,  # 8
    examples.spans_have_one_type,  # 8
    examples.no_known_value_is_bare,  # 8
    slots.mappings_are_safe,  # 9
    dialogue.steps_exist,  # 10
    responses.buttons_work,  # 11
    wording.placeholders_are_filled,  # 12
    responses.every_response_has_a_default,  # 13
    wording.money_confirmations_are_complete,  # 14
    examples.nothing_is_held_out,  # 15
    examples.annotations_fall_on_tokens,  # 16
    wording.style_of_texts,  # 17
    knowledge.topics_have_answers,  # 18
    knowledge.answers_are_short,  # 18
    knowledge.answers_hold_no_figures,  # 19
    knowledge.facts_are_whole_and_used,  # 20
    knowledge.knowledge_is_reviewed,  # 21
    languages.frequent_intents_speak_english,  # 22
    payloads.payloads_are_known,  # 23
    payloads.variations_tell_the_same,  # 23
)


def findings(project: Project) -> list[Finding]:
    """What all checks find, by file and line."""
    return sorted({found for check in CHECKS for found in check(project)})

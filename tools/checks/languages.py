"""22: what the most frequent intents say is said in English too."""

from collections.abc import Iterator

from tools.checks.project import Finding, Project, at
from tools.checks.responses import SPOKEN

ENGLISH = {"language": "en"}
IN_ENGLISH = frozenset(
    (
        "check_balance",
        "list_accounts",
        "check_transactions",
        "transfer_money",
        "check_transfer_status",
        "freeze_card",
        "unfreeze_card",
        "report_lost_card",
        "dispute_transaction",
        "check_credit_bill",
        "repay_credit_card",
        "ask_exchange_rate",
        "find_branch",
        "request_human",
        "report_scam",
        "greet",
        "thank",
        "goodbye",
        "help",
        "affirm",
        "deny",
        "cancel",
        "switch_language",
    )
)
"""Intents that are answered in English; others say that they are available in Chinese (channels/manner.py)."""

ANY_LANGUAGE = "utter_language_"


def frequent_intents_speak_english(project: Project) -> Iterator[Finding]:
    if "language" not in project.defined("slots"):
        return
    translated = {name for name, _, variation in project.wordings if variation.get("condition") == ENGLISH}
    responses = project.defined("responses")
    for name in sorted(_said(project) & responses.keys() - translated):
        if not name.startswith(ANY_LANGUAGE):
            yield at(
                responses[name][0], f"response {name} belongs to a frequent intent: say it in domain/english_*.yml"
            )


def _said(project: Project) -> set[str]:
    """Responses of the rules that start with these intents, of their forms, and of the code of their actions."""
    said = {name for name in project.defined("responses") if name.startswith("utter_bank_")}
    said |= {f"phrase_reading_{intent}" for intent in IN_ENGLISH - {"affirm", "deny"}}
    for action in _actions(project):
        said |= {action} if action.startswith("utter_") else set(_literals(project, action))
    return said


def _actions(project: Project) -> Iterator[str]:
    forms = project.defined("forms")
    for action in project.answers(IN_ENGLISH):
        yield action
        if action in forms:
            yield f"validate_{action}"
            for slot in forms[action][1].get("required_slots") or []:
                yield from (f"utter_ask_{action}_{slot}", f"utter_ask_{slot}", f"action_ask_{action}_{slot}")


def _literals(project: Project, action: str) -> Iterator[str]:
    """Response names in the class of an action, and in what follows it up to the next action."""
    for path, line in project.source.actions.get(action, []):
        others = (place.line for places in project.source.actions.values() for place in places if place.path == path)
        end = min((other for other in others if other > line), default=float("inf"))
        for text, place in project.source.strings.items():
            if place.path == path and line <= place.line < end and SPOKEN.fullmatch(text):
                yield text

"""9: what a customer's message may write into a slot (style guide §3.7, the security surface)."""

import re
from collections.abc import Iterator
from typing import Any

from tools.checks.project import Finding, Project, at

NEEDS = {  # keys that every condition of a mapping of this type must have
    "from_text": ("active_loop", "requested_slot"),
    "from_entity": ("active_loop",),
    "from_intent": ("active_loop",),
    "from_trigger_intent": ("active_loop",),
}
FROM_MESSAGES = "from_entity from_text"
NEVER_STORED = re.compile(r"(^|_)(password|pin|cvv|id_number|id_card|card_number|phone_number|otp)($|_)")


def mappings_are_safe(project: Project) -> Iterator[Finding]:
    for slot, (place, details) in project.defined("slots").items():
        mappings = (details or {}).get("mappings") or []
        if not mappings:
            yield at(place, f"slot {slot} has no mapping: write [{{type: custom}}] if only actions set it")
        for mapping in mappings:
            yield from (at(place, f"slot {slot}: {wrong}") for wrong in _wrong(project, slot, mapping))
        if slot in project.defined("entities") and any(mapping.get("type") == "custom" for mapping in mappings):
            yield at(place, f"slot {slot} is set by actions only, so no entity may have that name")
        if NEVER_STORED.search(slot):
            yield at(
                place,
                f"slot {slot}: this is never stored (cards, ID numbers, passwords and codes are masked before Rasa)",
            )


def _wrong(project: Project, slot: str, mapping: dict[str, Any]) -> Iterator[str]:
    kind = mapping.get("type")
    if kind == "custom":
        return
    if kind not in NEEDS:
        yield f"mapping type {kind} is not one of custom, {', '.join(NEEDS)}"
        return
    conditions = mapping.get("conditions") or []
    for key in NEEDS[kind]:
        if not conditions or not all(condition.get(key) for condition in conditions):
            yield f"{kind} needs {key} in every condition, or any message can fill it"
    if kind in FROM_MESSAGES.split() and slot.endswith("_confirmed"):
        yield f"a confirmation is never filled {kind.replace('_', ' ')}: use from_intent affirm and deny"
    if kind == "from_entity" and mapping.get("entity") not in project.defined("entities"):
        yield f"entity {mapping.get('entity')} is not in domain/"

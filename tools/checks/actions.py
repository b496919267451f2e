"""6: every action of the domain has exactly one class, every class is in the domain, every action is used."""

from collections.abc import Iterator

from tools.checks.dialogue import BUILT_IN_ACTIONS
from tools.checks.project import Finding, Place, Project, at


def actions_have_one_class(project: Project) -> Iterator[Finding]:
    in_domain, classes = project.defined("actions"), project.source.actions
    for name, (place, _) in in_domain.items():
        if name not in classes:
            yield at(place, f"action {name} has no class in actions/")
        elif not _used(project, name):
            yield at(place, f"action {name} is in no rule, story or form")
    for name, places in classes.items():
        first, *others = places
        if name not in in_domain and name not in BUILT_IN_ACTIONS:
            yield at(Place(first.path, first.line), f"action {name} is not in domain/")
        for other in others:
            yield at(Place(other.path, other.line), f"action {name} is already a class in {first.path}:{first.line}")


def _used(project: Project, name: str) -> bool:
    if name in BUILT_IN_ACTIONS or name in project.configured:
        return True
    if any(step.kind == "action" and step.name == name for step in project.steps):
        return True
    forms = project.defined("forms")
    if any(name == f"validate_{form}" for form in forms) or name == "action_validate_slot_mappings":
        return True
    asked = {slot for _, form in forms.values() for slot in form.get("required_slots") or []}
    return any(name in (f"action_ask_{slot}", *(f"action_ask_{form}_{slot}" for form in forms)) for slot in asked)

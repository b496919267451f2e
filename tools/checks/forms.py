"""7: every slot of a form exists, is asked for, and the form has its validator."""

from collections.abc import Iterator

from tools.checks.project import Finding, Place, Project, at


def form_slots_are_asked(project: Project) -> Iterator[Finding]:
    said = {*project.defined("responses"), *project.defined("actions")}
    for form, (place, details) in project.defined("forms").items():
        if f"validate_{form}" not in said:
            yield at(place, f"form {form} has no validate_{form} among the actions")
        for slot in details.get("required_slots") or []:
            here = Place(place.path, slot.line)
            if slot not in project.defined("slots"):
                yield at(here, f"slot {slot} of {form} is not in domain/")
            questions = {f"{kind}_{name}" for kind in ("utter_ask", "action_ask") for name in (slot, f"{form}_{slot}")}
            if not questions & said:
                yield at(
                    here,
                    f"form {form} never asks for {slot}: it needs utter_ask_{form}_{slot} or action_ask_{form}_{slot}",
                )

"""4, 10: intents have examples and are used; rules and stories name things that exist."""

from collections.abc import Iterator

from tools.checks.project import Finding, Project, at

BUILT_IN_INTENTS = {"nlu_fallback", "session_start", "restart", "back"}
BUILT_IN_ACTIONS = {
    "action_back",
    "action_default_fallback",
    "action_deactivate_loop",
    "action_listen",
    "action_restart",
    "action_session_start",
    "action_unlikely_intent",
}


def intents_are_used(project: Project) -> Iterator[Finding]:
    with_examples = {example.intent.split("/")[0] for example in project.examples}
    in_steps = {step.name.split("/")[0] for step in project.steps if step.kind == "intent"}
    for intent, (place, _) in project.defined("intents").items():
        if intent not in with_examples and intent not in BUILT_IN_INTENTS:
            yield at(place, f"intent {intent} has no examples in data/nlu/")
        if intent not in in_steps and not project.source.mentions(intent):
            yield at(place, f"intent {intent} is in no rule or story, and actions/ does not know it")
    told = set()
    for example in project.examples:
        intent = example.intent.split("/")[0]
        if intent not in project.defined("intents") and intent not in told:
            told.add(intent)
            yield at(example.place, f"intent {intent} is not in domain/")


def steps_exist(project: Project) -> Iterator[Finding]:
    intents = {*project.defined("intents"), *BUILT_IN_INTENTS}
    actions = {*project.defined("actions"), *project.defined("responses"), *project.defined("forms"), *BUILT_IN_ACTIONS}
    retrieval = {f"utter_{intent}" for intent in project.defined("intents")}
    known = {
        "intent": intents,
        "action": actions | retrieval,
        "active_loop": set(project.defined("forms")),
        "slot": {*project.defined("slots"), "requested_slot"},
        "entity": set(project.defined("entities")),
    }
    for step in project.steps:
        name = step.name.split("/")[0] if step.kind == "intent" else step.name
        if name not in known[step.kind]:
            yield at(step.place, f"{step.kind} {step.name} is not in domain/")

"""1, 2: domain.yml is what domain/ says; a capability has one name in every folder."""

from collections.abc import Iterator

from tools import domain
from tools.checks.project import Finding, Place, Project, at


def domain_is_built(project: Project) -> Iterator[Finding]:
    if domain.stale(project.root):
        yield Finding("domain.yml", 1, "is not what domain/ says: run `make domain`")


def capabilities_share_names(project: Project) -> Iterator[Finding]:
    capabilities = {path.stem for path in project.files("domain")}
    for folder in ("data/nlu", "data/rules", "data/stories"):
        for path in project.files(folder):
            if path.stem not in capabilities and path.name != "lookups.yml":
                yield Finding(
                    project.shown(path), 1, f"there is no domain/{path.name}: a capability has one name everywhere"
                )
    told: set[tuple[str, str]] = set()
    for example in project.examples:
        intent = example.intent.split("/")[0]
        owner, _ = project.defined("intents").get(intent, (None, None))
        here = example.place.path.removeprefix("data/nlu/")
        if owner and owner.path != f"domain/{here}" and (intent, here) not in told:
            told.add((intent, here))
            yield at(
                Place(*example.place), f"examples of {intent} belong to {owner.path.replace('domain/', 'data/nlu/')}"
            )

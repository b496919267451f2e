"""1, 2: domain.yml is what domain/ says; a capability has one name in every folder."""

from collections.abc import Iterator

from tools import domain
from tools.checks.project import Finding, Place, Project, at

LANGUAGES = ("data/nlu/english",)
"""Beginnings of files of one language: sentences of many capabilities, for people who write that language."""


def domain_is_built(project: Project) -> Iterator[Finding]:
    if domain.stale(project.root):
        yield Finding("domain.yml", 1, "is not what domain/ says: run `make domain`")


def _owners(stem: str) -> list[str]:
    """The capabilities a file of this name may belong to: card_trouble.yml is a part of card.yml, split for length."""
    words = stem.split("_")
    return ["_".join(words[:count]) for count in range(1, len(words) + 1)]


def capabilities_share_names(project: Project) -> Iterator[Finding]:
    capabilities = {path.stem for path in project.files("domain")}
    for folder in ("data/nlu", "data/rules", "data/stories"):
        for path in project.files(folder):
            if not capabilities & set(_owners(path.stem)) and path.name != "lookups.yml":
                yield Finding(
                    project.shown(path), 1, f"there is no domain/{path.name}: a capability has one name everywhere"
                )
    told: set[tuple[str, str]] = set()
    for example in project.examples:
        intent = example.intent.split("/")[0]
        owner, _ = project.defined("intents").get(intent, (None, None))
        here = example.place.path.removeprefix("data/nlu/")
        owners = {f"domain/{stem}.yml" for stem in _owners(here.removesuffix(".yml"))}
        if example.place.path.startswith(LANGUAGES):
            continue
        if owner and owner.path not in owners and (intent, here) not in told:
            told.add((intent, here))
            yield at(
                Place(*example.place), f"examples of {intent} belong to {owner.path.replace('domain/', 'data/nlu/')}"
            )

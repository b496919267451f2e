"""The project as the checks see it: every name with the place where it is written."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from tools.checks.located import Mapping, Sequence, load
from tools.checks.source import ActionSource

ANNOTATION = re.compile(r"\[(?P<said>[^\]]+)\](?:\((?P<entity>[^)]+)\)|(?P<details>\{[^}]+\}))")


class Place(NamedTuple):
    """Path from the project root, and line."""

    path: str
    line: int


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong; prints as `path:line: message`. A warning does not fail the check."""

    path: str
    line: int
    message: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'warning: ' if self.warning else ''}{self.message}"


def at(place: Place, message: str, warning: bool = False) -> Finding:
    return Finding(place.path, place.line, message, warning)


class Span(NamedTuple):
    """An annotated value: offsets in the plain sentence."""

    start: int
    end: int
    said: str
    entity: str


@dataclass(frozen=True)
class Example:
    """One training sentence; `plain` is what the customer types."""

    place: Place
    intent: str
    annotated: str
    plain: str = field(init=False)
    spans: tuple[Span, ...] = field(init=False)

    def __post_init__(self) -> None:
        plain, spans, end = "", [], 0
        for found in ANNOTATION.finditer(self.annotated):
            plain += self.annotated[end : found.start()]
            entity = found["entity"] or str(json.loads(found["details"]).get("entity", ""))
            spans.append(Span(len(plain), len(plain) + len(found["said"]), found["said"], entity.split(":")[0]))
            plain, end = plain + found["said"], found.end()
        object.__setattr__(self, "plain", plain + self.annotated[end:])
        object.__setattr__(self, "spans", tuple(spans))


class Step(NamedTuple):
    """One `intent:`, `action:`, `slot_was_set:`, `active_loop:` or entity of a rule or story."""

    place: Place
    kind: str
    name: str


@dataclass
class Project:
    """The working tree below `root`, read on demand; `today` decides what is due for review."""

    root: Path
    today: date = field(default_factory=date.today)

    def files(self, folder: str) -> list[Path]:
        return sorted((self.root / folder).rglob("*.yml"))

    def shown(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    @cached_property
    def _domain(self) -> dict[str, dict[str, tuple[Place, Any]]]:
        sections: dict[str, dict[str, tuple[Place, Any]]] = {}
        for path in self.files("domain"):
            for section, items in load(path).items():
                found = sections.setdefault(section, {})
                for name, line, value in _named(items):
                    found[name] = (Place(self.shown(path), line), value)
        return sections

    def defined(self, section: str) -> dict[str, tuple[Place, Any]]:
        """Names of a domain section with their place and value."""
        return self._domain.get(section, {})

    @cached_property
    def wordings(self) -> list[tuple[str, Place, Mapping]]:
        """Every variation of every response with its place: those of the response itself, then the conditional ones."""
        found = [
            (name, Place(place.path, variation.line), variation)
            for name, (place, variations) in self.defined("responses").items()
            for variation in variations or []
        ]
        for path in self.files("domain"):
            document = load(path)
            for name, line, variation in _named(document.get("variations")):
                variation["condition"] = document.get("condition")
                found.append((name, Place(self.shown(path), line), variation))
        return found

    @cached_property
    def facts(self) -> dict[str, tuple[Place, Mapping]]:
        """Facts of data/facts.yml by name."""
        path = self.root / "data" / "facts.yml"
        named = _named(load(path)) if path.exists() else ()
        return {name: (Place(self.shown(path), line), fact) for name, line, fact in named}

    @cached_property
    def configured(self) -> set[str]:
        """Every text value in the policies of config.yml: a policy names actions and forms there."""
        path = self.root / "config.yml"
        policies = load(path).get("policies") or [] if path.exists() else []
        values = [value for policy in policies for value in policy.values()]
        return {str(item) for value in values for item in (value if isinstance(value, list) else [value])}

    @cached_property
    def examples(self) -> list[Example]:
        return [example for path in self.files("data/nlu") for example in self._examples(path)]

    @cached_property
    def held_out(self) -> list[Example]:
        """The exam: sentences of tests/nlu, its subfolders included."""
        return [example for path in self.files("tests/nlu") for example in self._examples(path)]

    def _examples(self, path: Path) -> Iterator[Example]:
        for block in load(path).get("nlu") or []:
            if "intent" not in block or not isinstance(block.get("examples"), str):
                continue
            first = block["examples"].line
            for offset, line in enumerate(block["examples"].split("\n")):
                if sentence := line.strip().removeprefix("-").strip():
                    yield Example(Place(self.shown(path), first + offset), str(block["intent"]), sentence)

    @cached_property
    def steps(self) -> list[Step]:
        """Steps of rules, stories and test stories."""
        found: list[Step] = []
        for folder in ("data/rules", "data/stories", "tests/dialogue"):
            for path in self.files(folder):
                document = load(path)
                for kind in ("rules", "stories"):
                    for story in document.get(kind) or []:
                        for step in [*(story.get("condition") or []), *(story.get("steps") or [])]:
                            found += self._step(path, step)
        return found

    def answers(self, intents: frozenset[str]) -> set[str]:
        """Actions and forms of the rules that one of these intents starts."""
        found: set[str] = set()
        for path in self.files("data/rules"):
            for rule in load(path).get("rules") or []:
                steps = [taken for step in rule.get("steps") or [] for taken in self._step(path, step)]
                if any(step.kind == "intent" and step.name in intents for step in steps):
                    found |= {step.name for step in steps if step.kind == "action"}
        return found

    def _step(self, path: Path, step: Mapping) -> Iterator[Step]:
        place = Place(self.shown(path), step.line)
        for alternative in step.get("or") or []:
            yield from self._step(path, alternative)
        for kind in ("intent", "action", "active_loop"):
            if isinstance(step.get(kind), str):
                yield Step(place, kind, step[kind])
        for slot in step.get("slot_was_set") or []:
            yield Step(place, "slot", slot if isinstance(slot, str) else next(iter(slot)))
        for entity in step.get("entities") or []:
            yield Step(place, "entity", entity if isinstance(entity, str) else next(iter(entity)))

    @cached_property
    def source(self) -> ActionSource:
        """What actions/ says about names."""
        return ActionSource(self.root)

    @cached_property
    def bank_errors(self) -> dict[str, Place]:
        """Errors that reach a customer, in snake case: those of banking/port.py and what actions/ derives from them."""
        paths = [self.root / "banking" / "port.py", *sorted((self.root / "actions").rglob("*.py"))]
        family: dict[str, Place] = {"BankError": Place("banking/port.py", 1)}
        parents: set[str] = set()
        for path in filter(Path.exists, paths):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    bases = {base.id for base in node.bases if isinstance(base, ast.Name)} & family.keys()
                    parents |= bases
                    if bases:
                        family[node.name] = Place(self.shown(path), node.lineno)
        return {_snake(name): place for name, place in family.items() if name not in parents}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _named(items: Any) -> Iterator[tuple[str, int, Any]]:
    if isinstance(items, Mapping):
        for name, value in items.items():
            yield str(name), getattr(name, "line", items.line), value
    elif isinstance(items, Sequence):
        for item, line in zip(items, items.lines):
            yield (
                (str(item), line, None)
                if isinstance(item, str)
                else (str(next(iter(item))), line, next(iter(item.values())))
            )

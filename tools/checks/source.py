"""What the code in actions/ says about names of the domain, read from its syntax tree; nothing is imported."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

PLACEHOLDER = "[a-z0-9_]+"


class Defined(NamedTuple):
    """An action class: where it is."""

    path: str
    line: int


class ActionSource:
    """What occurs: `actions` by name, `services` and `orders`, `strings`, `patterns`, `values` passed to responses."""

    def __init__(self, root: Path) -> None:
        self.actions: dict[str, list[Defined]] = defaultdict(list)
        self.services: set[str] = set()
        self.orders: set[str] = set()
        self.strings: dict[str, Defined] = {}
        self.patterns: dict[str, Defined] = {}
        self.values: set[str] = set()
        self.choices = set(_choices(root / "actions" / "service_words.yml"))
        for path in [*sorted((root / "actions").rglob("*.py")), *sorted((root / "banking").rglob("*.py"))]:
            shown = path.relative_to(root).as_posix()
            tree = ast.parse(path.read_text(encoding="utf-8"), shown)
            self._values(tree)
            if shown.startswith("actions/"):
                self._actions(tree, shown)
                self._strings(tree, shown)

    def _actions(self, tree: ast.Module, path: str) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                for name in [*_action_name(node), *self._service(node)]:
                    self.actions[name].append(Defined(path, node.lineno))

    def _service(self, node: ast.ClassDef) -> Iterator[str]:
        """A ServiceForm has no method `name`: it is called after its intent (actions/service_form.py)."""
        intent = _class_value(node, "intent")
        if intent and any(isinstance(base, ast.Name) and base.id.endswith("Form") for base in node.bases):
            self.services.add(intent)
            yield f"validate_{intent}_form"

    def _strings(self, tree: ast.Module, path: str) -> None:
        pieces = {id(piece) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for piece in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
                self.strings.setdefault(node.value, Defined(path, node.lineno))
            elif isinstance(node, ast.JoinedStr):
                self.patterns.setdefault(_pattern(node), Defined(path, node.lineno))

    def _values(self, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg:
                self.values.add(node.arg)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                self.values.add(node.value)
            elif isinstance(node, ast.ClassDef) and (kind := _class_value(node, "kind")):
                self.orders.add(kind)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                self.values.update((node.target.id, node.target.id.removesuffix("_fen")))

    def mentions(self, name: str) -> bool:
        """Whether the code holds the name, literally or through an f-string that begins with words of its own."""
        return (
            name in self.strings
            or name in self.choices
            or any(re.fullmatch(pattern, name) for pattern in self.patterns if not _open(pattern))
            or any(re.fullmatch(rf"utter_{service}_(confirm|ask_\w+)", name) for service in self.services)
            or any(name == f"utter_{order}_done" for order in self.orders)
        )


def _choices(words: Path) -> Iterator[str]:
    """The buttons of every ChoiceField (actions/service_answers.py)."""
    groups = yaml.safe_load(words.read_text(encoding="utf-8")) if words.is_file() else {}
    for group, values in groups.items():
        yield from (f"phrase_{group}_{value}" for value in values)


def _class_value(node: ast.ClassDef, attribute: str) -> str | None:
    """The text that a class body gives to an attribute."""
    for item in node.body:
        targets = (
            item.targets if isinstance(item, ast.Assign) else [item.target] if isinstance(item, ast.AnnAssign) else []
        )
        named = any(isinstance(target, ast.Name) and target.id == attribute for target in targets)
        value = getattr(item, "value", None)
        if named and isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
    return None


def _action_name(node: ast.ClassDef) -> Iterator[str]:
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "name":
            for statement in ast.walk(item):
                if isinstance(statement, ast.Return) and isinstance(statement.value, ast.Constant):
                    yield str(statement.value.value)


def _pattern(node: ast.JoinedStr) -> str:
    return "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else PLACEHOLDER for part in node.values
    )


def _open(pattern: str) -> bool:
    """An f-string like f"utter_{capability}_{error}" would claim every response; the checks treat those by hand."""
    return pattern.startswith((PLACEHOLDER, "utter_" + PLACEHOLDER, "phrase_" + PLACEHOLDER))

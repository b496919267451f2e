"""What the code in actions/ says about names of the domain, read from its syntax tree; nothing is imported."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PLACEHOLDER = "[a-z0-9_]+"


class Defined(NamedTuple):
    """An action class: where it is."""

    path: str
    line: int


class ActionSource:
    """`actions` by name, `strings` and `patterns` that occur, `values` that code passes to responses."""

    def __init__(self, root: Path) -> None:
        self.actions: dict[str, list[Defined]] = defaultdict(list)
        self.strings: dict[str, Defined] = {}
        self.patterns: dict[str, Defined] = {}
        self.values: set[str] = set()
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
                for name in _action_name(node):
                    self.actions[name].append(Defined(path, node.lineno))

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
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                self.values.update((node.target.id, node.target.id.removesuffix("_fen")))

    def mentions(self, name: str) -> bool:
        """Whether the code holds the name, literally or through an f-string that begins with words of its own."""
        return name in self.strings or any(
            re.fullmatch(pattern, name) for pattern in self.patterns if not _open(pattern)
        )


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

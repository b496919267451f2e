"""YAML with the line of everything in it, and values exactly as they were written ("0042", "+500.00")."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Place:
    """Where something is written; line 0 means the file as a whole."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else str(self.path)


class CaseError(Exception):
    """A mistake in a conversation test file, as "file:line: what"."""

    def __init__(self, place: Place, problem: str) -> None:
        super().__init__(f"{place}: {problem}")


class Field:
    """One YAML node and the file it is in."""

    def __init__(self, path: Path, node: yaml.Node) -> None:
        self.path, self.node = path, node
        self.place = Place(path, node.start_mark.line + 1)


def items(field: Field, what: str) -> list[Field]:
    """Elements of a list."""
    if not isinstance(field.node, yaml.SequenceNode):
        raise CaseError(field.place, f"expected {what}")
    return [Field(field.path, node) for node in field.node.value]


def entries(field: Field) -> Iterator[tuple[str, Field]]:
    """Keys and values of a mapping; a doubled key is a mistake."""
    if not isinstance(field.node, yaml.MappingNode):
        raise CaseError(field.place, "expected keys with values")
    seen = set()
    for key_node, value in field.node.value:
        key = Field(field.path, key_node)
        name = scalar(key)
        if name in seen:
            raise CaseError(key.place, f"{name} is given twice")
        seen.add(name)
        yield name, Field(field.path, value)


def mapping(field: Field, known: tuple[str, ...], required: tuple[str, ...] = ()) -> dict[str, Field]:
    """A mapping with known keys only."""
    given = {}
    for name, value in entries(field):
        if name not in known:
            raise CaseError(value.place, f"unknown key {name!r}; known: {', '.join(known)}")
        given[name] = value
    for name in required:
        if name not in given:
            raise CaseError(field.place, f"{name} is missing")
    return given


def scalar(field: Field) -> str:
    """One value as it is written; an empty text must be quoted."""
    node = field.node
    if not isinstance(node, yaml.ScalarNode):
        raise CaseError(field.place, "expected one value, not a list or keys")
    if not node.value and not node.style:
        raise CaseError(field.place, 'the value is missing (write "" for an empty text)')
    return str(node.value)


def text_list(field: Field, may_be_empty: bool = False) -> tuple[str, ...]:
    """One text or a list of texts."""
    if isinstance(field.node, yaml.ScalarNode):
        return (scalar(field),)
    texts = tuple(scalar(item) for item in items(field, "a text or a list of texts"))
    if not texts and not may_be_empty:
        raise CaseError(field.place, "the list is empty")
    return texts

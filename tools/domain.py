"""Join domain/*.yml into domain.yml, which is committed and which every plain Rasa command reads.

Files are taken in sorted order and passed through ruamel's round trip, so indentation is made uniform and comments stay
where they were. A name may be defined once; Rasa itself would drop the second one in silence.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError

from tools import domain_variations
from tools.console import CommandError, fail, say

HEADER = "# Generated from domain/ by `make domain`. Edit there."
SINGLE = ("version", "session_config")
NAMED = ("intents", "entities", "slots", "forms", "actions", "responses")
TOP_LEVEL_KEY = re.compile(r"^([a-z_]+):(.*)$")


class DomainError(Exception):
    """What is wrong in domain/, as `path:line: message` lines."""


@dataclass(frozen=True)
class Fragment:
    """One file of domain/: its data, and its normalised text cut into sections."""

    path: Path
    data: Any
    sections: dict[str, str]


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _round_trip() -> YAML:
    rt = YAML()
    rt.width = 4096  # never fold: the text for customers stays as it was written
    rt.preserve_quotes = True
    return rt


def read(path: Path) -> Fragment:
    """Read one file; DomainError names the line of a syntax error or an unknown section."""
    try:
        data = _round_trip().load(path)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DomainError(f"{_shown(path)}:{line}: {(error.problem or 'not YAML').splitlines()[0]}") from None
    if not isinstance(data, CommentedMap):
        raise DomainError(f"{_shown(path)}:1: a domain file is a mapping of sections")
    for section, items in data.items():
        here = f"{_shown(path)}:{data.lc.key(section)[0] + 1}"
        if section not in SINGLE + NAMED + domain_variations.SECTIONS:
            raise DomainError(f"{here}: no such section of a domain: {section}")
        if items and section not in ("version", domain_variations.CONDITION) and items.fa.flow_style():
            raise DomainError(f"{here}: write {section} with one item a line, not in brackets")
    text = io.StringIO()
    _round_trip().dump(data, text)
    return Fragment(path, data, _cut(text.getvalue()))


def _cut(text: str) -> dict[str, str]:
    """Cut normalised YAML at its top-level keys; comments above a key go with it."""
    sections: dict[str, list[str]] = {}
    above: list[str] = []
    current: list[str] = []
    for line in filter(str.strip, text.splitlines()):
        if key := TOP_LEVEL_KEY.match(line):
            current = sections.setdefault(key[1], above)
            above = []
        elif line.startswith("#"):
            above.append(line)
        else:
            current += [*above, line]
            above = []
    current += above
    return {name: "\n".join(lines) for name, lines in sections.items()}


def names(fragment: Fragment) -> Iterator[tuple[str, str, int]]:
    """Every defined name with its section and line; `session_config` counts as a name of its own."""
    if "session_config" in fragment.data:
        yield "domain", "session_config", fragment.data.lc.key("session_config")[0] + 1
    for section in NAMED:
        items: Any = fragment.data.get(section) or []
        for index, item in enumerate(items):
            if isinstance(items, CommentedMap):
                yield section, str(item), items.lc.key(item)[0] + 1
            else:
                yield section, item if isinstance(item, str) else str(next(iter(item))), items.lc.item(index)[0] + 1


def _refuse_doubles(fragments: list[Fragment]) -> None:
    owner: dict[tuple[str, str], str] = {}
    problems = []
    for fragment in fragments:
        for section, name, line in names(fragment):
            here = f"{_shown(fragment.path)}:{line}"
            if first := owner.get((section, name)):
                problems.append(f"{here}: {section} {name} is already defined at {first}")
            owner.setdefault((section, name), here)
    if problems:
        raise DomainError("\n".join(problems))


def build(root: Path) -> str:
    """Text of domain.yml for the files below `root` (domain/)."""
    fragments = [read(path) for path in sorted(root.rglob("*.yml"))]
    if not fragments:
        raise DomainError(f"{_shown(root)}:1: no *.yml files here")
    _refuse_doubles(fragments)
    extra = _variations(fragments)
    lines = [HEADER, 'version: "3.1"']
    for section in (*SINGLE[1:], *NAMED):
        parts = [(fragment, fragment.sections.get(section, "")) for fragment in fragments if fragment.data.get(section)]
        if parts:
            lines += ["", f"{section}:"]
        for fragment, body in parts:
            if section == "responses":
                body = domain_variations.insert(body, extra, _round_trip())
            lines += [f"# {fragment.path.relative_to(root.parent).as_posix()}", body]
    text = "\n".join(lines) + "\n"
    _prove_equal(text, fragments, extra)
    return text


def _variations(fragments: list[Fragment]) -> dict[str, list[Any]]:
    """Variations by response. Raises DomainError for one of a response that no file has."""
    known = {name for fragment in fragments for name in fragment.data.get("responses") or ()}
    for fragment in fragments:
        variations: Any = fragment.data.get("variations") or CommentedMap()
        for name in variations:
            if name not in known:
                line = variations.lc.key(name)[0] + 1
                raise DomainError(f"{_shown(fragment.path)}:{line}: there is no response {name} to vary")
    return domain_variations.collected([fragment.data for fragment in fragments])


def _prove_equal(text: str, fragments: list[Fragment], extra: dict[str, list[Any]]) -> None:
    """Joining is done on text; make sure that it says what the files say."""
    joined = yaml.load(text, Loader=yaml.CSafeLoader)
    for section in NAMED:
        expected: list[Any] = []
        for fragment in fragments:
            items = fragment.data.get(section) or []
            expected += items.items() if isinstance(items, dict) else items
        if section == "responses":
            expected = [(name, [*(variations or []), *extra.get(name, ())]) for name, variations in expected]
        found = joined.get(section) or []
        if list(found.items() if isinstance(found, dict) else found) != [_plain(item) for item in expected]:
            raise DomainError(f"domain.yml:1: joining changed the meaning of {section}: a mistake in tools/domain.py")


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {_plain(key): _plain(value) for key, value in node.items()}
    if isinstance(node, tuple):
        return tuple(_plain(value) for value in node)
    return [_plain(value) for value in node] if isinstance(node, list) else node


def write(project: Path) -> bool:
    """Bring domain.yml up to date; returns whether it changed."""
    text, target = build(project / "domain"), project / "domain.yml"
    if target.exists() and target.read_text(encoding="utf-8") == text:
        return False
    target.write_text(text, encoding="utf-8")
    return True


def stale(project: Path) -> bool:
    """Whether domain.yml is not what domain/ says."""
    target = project / "domain.yml"
    return not target.exists() or target.read_text(encoding="utf-8") != build(project / "domain")


def main(project: Path, check: bool) -> int:
    """`python -m tools domain [--check]`; raises CommandError."""
    try:
        if not check:
            say("domain", "joined domain/ into domain.yml" if write(project) else "domain.yml is up to date")
        elif stale(project):
            return fail("domain", "domain.yml is stale: run `make domain` and commit it")
    except DomainError as error:
        raise CommandError(str(error)) from None
    return 0

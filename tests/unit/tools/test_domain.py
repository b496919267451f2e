from pathlib import Path

import pytest
import yaml

from tools import domain


def project(tmp_path: Path, **files: str) -> Path:
    (tmp_path / "domain").mkdir(exist_ok=True)
    for name, text in files.items():
        (tmp_path / "domain" / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path


def test_files_are_joined_in_sorted_order_with_their_comments(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        b='version: "3.1"\nintents:\n - late   # why\n# between\n - later\n'
        "slots:\n    s: {type: text, mappings: [{type: custom}]}\n",
        a='version: "3.1"\n# first of all\nintents:\n- early\nactions: []\n',
    )
    assert domain.build(root / "domain").splitlines() == [
        domain.HEADER,
        'version: "3.1"',
        "",
        "intents:",
        "# domain/a.yml",
        "# first of all",
        "- early",
        "# domain/b.yml",
        "- late    # why",
        "# between",
        "- later",
        "",
        "slots:",
        "# domain/b.yml",
        "  s: {type: text, mappings: [type: custom]}",
    ]


def test_long_text_is_not_folded(tmp_path: Path) -> None:
    text = "很长 " * 100
    root = project(
        tmp_path, a=f'responses:\n  utter_a:\n  - text: "{text}"\n  utter_b:\n  - text: |\n      一\n      二\n'
    )
    responses = yaml.safe_load(domain.build(root / "domain"))["responses"]
    assert responses == {"utter_a": [{"text": text}], "utter_b": [{"text": "一\n二\n"}]}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"a": "intents:\n- x\n", "b": "intents:\n- y\n- x\n"},
            "domain/b.yml:3: intents x is already defined at domain/a.yml:2",
        ),
        (
            {"a": "slots:\n  s: {}\n", "b": "slots:\n  s: {}\n"},
            "domain/b.yml:2: slots s is already defined at domain/a.yml:2",
        ),
        (
            {"a": "intents:\n- x: {use_entities: []}\n- x\n"},
            "domain/a.yml:3: intents x is already defined at domain/a.yml:2",
        ),
        (
            {"a": "session_config:\n  k: 1\n", "b": "session_config:\n  k: 1\n"},
            "domain/b.yml:1: domain session_config is already",
        ),
        ({"a": "intents:\n- x\n  y: :\n"}, "domain/a.yml:3: "),
        ({"a": "slots:\n  s: {}\n  s: {}\n"}, "domain/a.yml:3: found duplicate key"),
        ({"a": "intents: [x, y]\n"}, "domain/a.yml:1: write intents with one item a line"),
        ({"a": "intent:\n- x\n"}, "domain/a.yml:1: no such section of a domain: intent"),
        ({"a": "- x\n"}, "domain/a.yml:1: a domain file is a mapping"),
        ({}, "domain:1: no *.yml files here"),
    ],
)
def test_mistakes_are_named_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], message: str
) -> None:
    root = project(tmp_path, **files)
    monkeypatch.chdir(root)
    with pytest.raises(domain.DomainError) as caught:
        domain.build(root / "domain")
    assert str(caught.value).startswith(message)


def test_write_says_whether_anything_changed(tmp_path: Path) -> None:
    root = project(tmp_path, a="intents:\n- x\n")
    assert domain.stale(root)
    assert domain.write(root)
    assert not domain.write(root)
    assert not domain.stale(root)
    project(tmp_path, a="intents:\n- y\n")
    assert domain.stale(root)


ENGLISH = 'version: "3.1"\ncondition: {language: en}\nvariations:\n  utter_a:\n    text: A\n'


def test_variations_stand_below_their_response_with_their_condition(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        a="responses:\n  utter_a:\n  - text: 甲\n  # of b\n  utter_b:\n  - text: 乙\n",
        english=ENGLISH + "    buttons:\n    - {title: B, payload: /b}\n",
    )
    text = domain.build(root / "domain")
    english = {"condition": [{"type": "slot", "name": "language", "value": "en"}], "text": "A"}
    assert yaml.safe_load(text)["responses"] == {
        "utter_a": [{"text": "甲"}, {**english, "buttons": [{"title": "B", "payload": "/b"}]}],
        "utter_b": [{"text": "乙"}],
    }
    assert text.index("text: A") < text.index("# of b") < text.index("utter_b")


def test_a_variation_of_no_response_is_refused(tmp_path: Path) -> None:
    root = project(tmp_path, a="responses:\n  utter_b:\n  - text: 乙\n", english=ENGLISH)
    with pytest.raises(domain.DomainError, match=r"domain/english.yml:4: there is no response utter_a to vary"):
        domain.build(root / "domain")

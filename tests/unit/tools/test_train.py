import os
import time
from pathlib import Path

import pytest

from tools import train
from tools.console import CommandError


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "config.yml": "language: zh\n",
        "domain/a.yml": "intents:\n- x\n",
        "data/nlu/a.yml": "nlu: []\n",
        "data/rules/a.yml": "rules: []\n",
        "data/stories/a.yml": "stories: []\n",
        "chinese/money.py": "",
        "addons/components/c.py": "",
        "actions/a.py": "",
        "data/facts.yml": "",
        "data/products.yml": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "models").mkdir()
    monkeypatch.setattr(train, "ROOT", tmp_path)
    monkeypatch.setenv("ZHANGGUI_VAR", str(tmp_path / "var"))
    train.domain.write(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "matters"),
    [
        ("config.yml", True),
        ("domain.yml", True),
        ("data/nlu/a.yml", True),
        ("data/rules/a.yml", True),
        ("data/stories/a.yml", True),
        ("chinese/money.py", True),
        ("addons/components/c.py", True),
        ("actions/a.py", False),
        ("data/facts.yml", False),
        ("data/products.yml", False),
    ],
)
def test_what_shapes_a_model(project: Path, file: str, matters: bool) -> None:
    before = train.fingerprint()
    (project / file).write_text("# changed\n")
    assert (train.fingerprint() != before) is matters


def test_a_model_that_fits_is_used_and_becomes_the_newest(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = train.model_path()
    path.write_text("model")
    os.utime(path, (0, 0))
    assert train.ensure_model() == path
    assert "fits the data" in capsys.readouterr().out
    assert path.stat().st_mtime > time.time() - 60


def test_only_the_newest_models_are_kept(project: Path) -> None:
    for age in range(6):
        old = project / "models" / f"zhanggui-{age}.tar.gz"
        old.write_text("")
        os.utime(old, (1000 - age, 1000 - age))
    mine = project / "models" / "20261122-by-hand.tar.gz"
    mine.write_text("")
    newest = project / "models" / "zhanggui-0.tar.gz"
    train._forget_old(newest)
    assert sorted(path.name for path in (project / "models").iterdir()) == [
        mine.name,
        "zhanggui-0.tar.gz",
        "zhanggui-1.tar.gz",
        "zhanggui-2.tar.gz",
    ]


def test_broken_yaml_is_named_with_its_line(project: Path) -> None:
    (project / "data" / "nlu" / "a.yml").write_text('nlu:\n- intent: x\n  examples: "open\n')
    with pytest.raises(CommandError, match=r"^data/nlu/a.yml:4: found unexpected end of stream"):
        train.ensure_model()


def test_a_broken_domain_is_named_with_its_line(project: Path) -> None:
    (project / "domain" / "b.yml").write_text("intents:\n- x\n")
    with pytest.raises(CommandError, match=r"b.yml:2: intents x is already defined at "):
        train.ensure_model()


def test_the_reason_of_a_failure_is_its_exceptions() -> None:
    output = [
        "Traceback (most recent call last):",
        '  File "x.py", line 1, in <module>',
        "rasa.shared.exceptions.InvalidRuleException: Contradicting rules",
        "rasa.engine.exceptions.GraphComponentException: Error running graph component",
        "bye",
    ]
    assert train.reasons(output) == output[2:4]
    assert train.reasons(["a", "b"]) == ["a", "b"]

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment
from tools.sandbox import ensure_secrets


def filled(**given: str) -> dict[str, str]:
    environment.fill(given)
    return given


def test_defaults_follow_what_the_operator_set(tmp_path: Path) -> None:
    env = filled(ZHANGGUI_VAR=str(tmp_path), CORE_BANK_PORT="9001", RASA_HOST="127.0.0.2")
    assert env["CORE_BANK_URL"] == "http://127.0.0.1:9001"
    assert env["CORE_BANK_DATABASE_URL"] == f"sqlite:///{tmp_path}/core_bank.db"
    assert env["RASA_URL"] == "http://127.0.0.2:5005"


def test_what_is_set_stays(tmp_path: Path) -> None:
    assert filled(ZHANGGUI_VAR=str(tmp_path), CORE_BANK_URL="https://core")["CORE_BANK_URL"] == "https://core"


def test_no_secret_has_a_default(tmp_path: Path) -> None:
    env = filled(ZHANGGUI_VAR=str(tmp_path))
    assert len(environment.SECRETS) == 9
    assert not set(environment.SECRETS) & set(env)


def test_what_is_optional_is_left_alone(tmp_path: Path) -> None:
    env = filled(ZHANGGUI_VAR=str(tmp_path))
    assert env["CHANNEL_DB"] == f"{tmp_path}/channels.db" and "REDIS_URL" not in env
    assert filled(REDIS_URL="redis://mine")["REDIS_URL"] == "redis://mine" and "REDIS_URL" not in environment.SECRETS


def test_sandbox_secrets_are_read_from_var_and_only_in_the_sandbox(tmp_path: Path) -> None:
    made = ensure_secrets(tmp_path)
    assert filled(ZHANGGUI_VAR=str(tmp_path))["CONTEXT_KEY"] == made["CONTEXT_KEY"]
    assert "CONTEXT_KEY" not in filled(ZHANGGUI_VAR=str(tmp_path), ZHANGGUI_SANDBOX="0")
    assert filled(ZHANGGUI_VAR=str(tmp_path), CONTEXT_KEY="mine")["CONTEXT_KEY"] == "mine"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"no equals sign\n=\nPATH=/evil\nCONTEXT_KEY=\n"])
def test_a_broken_secrets_file_is_no_secrets(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secrets.env").write_bytes(content)
    assert environment.stored_secrets(str(tmp_path)) == {}


def test_require_names_the_variable_and_leaves_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CONTEXT_KEY", raising=False)
    with pytest.raises(SystemExit) as left:
        environment.require("CONTEXT_KEY")
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("CONTEXT_KEY is not set (JWE key")


def python(code: str, *options: str, **env: str) -> "subprocess.CompletedProcess[str]":
    variables = {"PATH": os.defpath, **env}
    return subprocess.run(
        [sys.executable, *options, "-c", code], env=variables, capture_output=True, text=True, cwd="/", check=True
    )


def test_any_python_of_the_environment_starts_silently_and_with_little() -> None:
    done = python(
        "import os, sys; print(os.environ['RASA_PORT'], 'typing' in sys.modules and 'tools.sandbox' in sys.modules)"
    )
    assert (done.stdout, done.stderr) == ("5005 False\n", "")


LIBRARY_WARNING = """
import tools.environment, warnings
warnings.filterwarnings("once", category=DeprecationWarning)  # what sanic does at import
warnings.warn_explicit("old", {category}, "{path}", 1)
"""


@pytest.mark.parametrize(
    ("category", "path", "options", "shown"),
    [
        ("DeprecationWarning", "/x/site-packages/jax.py", [], False),
        ("DeprecationWarning", "/x/actions/ours.py", [], True),
        ("UserWarning", "/x/site-packages/rasa.py", [], True),
        ("DeprecationWarning", "/x/site-packages/jax.py", ["-W", "default"], True),
    ],
)
def test_only_deprecations_inside_libraries_are_hidden(
    category: str, path: str, options: list[str], shown: bool
) -> None:
    done = python(LIBRARY_WARNING.format(category=category, path=path), *options)
    assert ("old" in done.stderr) is shown

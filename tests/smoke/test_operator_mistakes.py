"""What an operator does wrong gets one line that says what and how to mend it, and a non-zero exit."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tools import environment, run
from tools.console import ROOT, CommandError
from tools.stack import free_ports

OURS = frozenset(row.name for row in environment.TABLE)


def surroundings(var: Path, **more: str) -> dict[str, str]:
    """An environment without anything of ours but a folder and free ports."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    ports = dict(zip(("CORE_BANK_PORT", "ACTION_SERVER_PORT", "RASA_PORT"), map(str, free_ports(3))))
    return {**kept, **ports, "ZHANGGUI_VAR": str(var), **more}


def make_run(var: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tools", "run"]
    return subprocess.run(
        command, cwd=ROOT, env=surroundings(var, **more), capture_output=True, text=True, timeout=60, check=False
    )


def lines(done: "subprocess.CompletedProcess[str]") -> list[str]:
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        (line,) = lines(make_run(tmp_path, RASA_PORT=port))
    assert line.startswith(f"run: port {port} is in use (pid {os.getpid()}: ")
    assert line.endswith("stop that, or set RASA_PORT to a free port")


def test_missing_variables_outside_the_sandbox(tmp_path: Path) -> None:
    head, *missing = lines(make_run(tmp_path, ZHANGGUI_SANDBOX="0"))
    assert head == "run: cannot start:"
    asked_for = {row.name for row in environment.TABLE if row.secret and not row.sandbox_only}
    wechat = {"WECHAT_APP_ID"}  # and what belongs to it, one after another, or the channel is removed
    assert {line.split()[0] for line in missing if "is not set" in line and "set it" in line} == asked_for | wechat


def test_a_weak_secret_outside_the_sandbox(tmp_path: Path) -> None:
    secrets = {**dict.fromkeys(environment.SECRETS, "A" * 43), "CORE_BANK_CODE_KEY": "demo"}
    channels = {
        "WEB_ORIGINS": "https://chat.bank.example",
        "WEB_SIGN_IN_URL": "https://bank.example/sign-in",
        "WEB_SIGN_IN_KEYS_URL": "https://bank.example/sign-in/keys.json",
        "WECHAT_APP_ID": "wx0123456789abcdef",
        "WECHAT_APP_SECRET": "A" * 32,
        "WECHAT_TOKEN": "A" * 32,
        "WECHAT_AES_KEY": "A" * 43,
        "WECHAT_ORIGIN": "https://chat.bank.example",
    }
    (line,) = lines(make_run(tmp_path, ZHANGGUI_SANDBOX="0", **secrets, **channels))
    assert line == "run: CORE_BANK_CODE_KEY has 4 characters: outside the sandbox use at least 32 random ones"


def test_a_wildcard_address(tmp_path: Path) -> None:
    (line,) = lines(make_run(tmp_path, RASA_HOST="0.0.0.0"))
    assert "the sandbox is for this machine only, use 127.0.0.1" in line


def test_a_second_make_run(tmp_path: Path) -> None:
    with run.only_one(tmp_path):
        (line,) = lines(make_run(tmp_path))
    assert line.startswith(f"run: already running (pid {os.getpid()} in {tmp_path}/run.lock): stop that (`kill ")


def test_a_stale_lock_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "run.lock").write_text("99999999\n")
    with run.only_one(tmp_path):
        assert (tmp_path / "run.lock").read_text() == f"{os.getpid()}\n"
        with open(tmp_path / "run.lock") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with pytest.raises(CommandError), run.only_one(tmp_path):
            pass


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clone in which nothing is installed yet."""
    (tmp_path / "tools").mkdir()
    for name in ("Makefile", "pyproject.toml", "uv.lock", "tools/install.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make(checkout: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # `make test` runs this
    return subprocess.run(["make", *arguments], cwd=checkout, env=env, capture_output=True, text=True, check=False)


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
def test_a_wrong_python(checkout: Path) -> None:
    other = checkout / "python3.12"
    other.write_text("#!/bin/sh\nexit 1\n")
    other.chmod(0o755)
    done = make(checkout, "run", f"PYTHON={other}")
    line, *of_make = lines(done)
    assert line.startswith(f"No Python 3.10 found (tried: {other})")
    assert "PYTHON=/path/to/python3.10" in line
    assert all(rest.startswith("make: ") for rest in of_make)
    assert not (checkout / ".venv").exists()


def test_the_installer_refuses_another_python(checkout: Path) -> None:
    others = [path for name in ("python3.11", "python3.12", "python3.13", "python3.9") if (path := shutil.which(name))]
    working = [
        path for path in others if subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0
    ]
    if not working:
        pytest.skip("there is no other Python here")
    command = [working[0], "-I", str(checkout / "tools" / "install.py")]
    (line,) = lines(subprocess.run(command, capture_output=True, text=True, check=False))
    assert "Rasa 3.6 needs 3.10: make install PYTHON=" in line


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
def test_help_needs_nothing_installed(checkout: Path) -> None:
    done = make(checkout)
    assert done.returncode == 0
    assert all(
        f"make {name} " in done.stdout for name in ("run", "chat", "test", "train", "validate", "check", "bench")
    )

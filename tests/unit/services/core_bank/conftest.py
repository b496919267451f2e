"""One application on SQLite for the whole folder, a fresh world for every test that changes something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from services.core_bank import app as application
from tests.postgres import postgres_database
from tests.unit.services.core_bank.harness import SOUND, Customer, World, new_world, settings
from tests.unit.services.core_bank.wechat_follower import Follower


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with _serving(f"sqlite:///{tmp_path_factory.mktemp('core')}/core_bank.db") as started:
        yield started


@contextmanager
def _serving(database_url: str) -> Iterator[TestClient]:
    app = application.create_app(settings(database_url))
    with TestClient(app, raise_server_exceptions=False) as started:
        yield started
    app.state.bank.db.close()


@pytest.fixture(scope="module", autouse=True)
def ledger_stays_sound(client: TestClient) -> Iterator[None]:
    """Whatever the tests of a module did, and in whichever world."""
    yield
    assert World(client, "any").invariants() == SOUND


@pytest.fixture
def world(client: TestClient) -> World:
    return new_world(client)


@pytest.fixture(scope="session")
def quiet_world(client: TestClient) -> World:
    """For tests that only read or are only refused."""
    return new_world(client)


@pytest.fixture(scope="session")
def reader(quiet_world: World) -> Customer:
    return quiet_world.sign_in("zhangwei")


@pytest.fixture
def zhangwei(world: World) -> Customer:
    return world.sign_in("zhangwei")


@pytest.fixture
def lina(world: World) -> Customer:
    return world.sign_in("lina")


@pytest.fixture(scope="session")
def postgres_client(postgres_server: Path) -> Iterator[TestClient]:
    with postgres_database(postgres_server) as url, _serving(url) as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def any_client(request: pytest.FixtureRequest) -> TestClient:
    """The application on SQLite, and again on PostgreSQL."""
    name = "client" if request.param == "sqlite" else "postgres_client"
    started: TestClient = request.getfixturevalue(name)
    return started


@pytest.fixture
def any_world(any_client: TestClient) -> Iterator[World]:
    fresh = new_world(any_client)
    yield fresh
    assert fresh.invariants() == SOUND


@pytest.fixture
def follower(world: World) -> Follower:
    """Somebody's WeChat."""
    return Follower(world)

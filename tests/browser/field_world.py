"""A phone's world for tests: an evaluator with a password, visits, a server to kill."""

from __future__ import annotations

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from evaluation.accounts import service as accounts
from evaluation.accounts.roles import EVALUATOR
from evaluation.platform.audit import System
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds.models import Round
from surveys.forms.models import FormVersion
from surveys.visits.models import Visit
from tests.browser.browser import SYSTEM_BROWSERS
from tests.browser.field_form import a_long_form
from tests.factories import field as factory
from tests.factories.province import a_round

Found = TypeVar("Found")
ROOT = Path(__file__).parents[2]
NAME, PASSWORD = "wang.fang", "Juyan-Hai-2026"


@dataclass(frozen=True)
class World:
    """What a test of the phone starts from."""

    round: Round
    form: FormVersion
    visits: tuple[Visit, ...]


def a_world(session: Session, evidence: EvidenceStore, *, visits: int = 2) -> World:
    """A round, the long form, an evaluator with a password, and visits for that evaluator."""
    found = a_round(session)
    version = a_long_form(session, evidence)
    an_evaluator(session)
    made = []
    for n in range(visits):
        site = factory.a_site(
            session, "C1", name=f"示例政务大厅{n + 1}", name_en=f"Example hall {n + 1}",
            address=f"示例路 {n + 1} 号", lat=36.06 + n / 100,
        )  # fmt: skip
        made.append(factory.a_visit(session, found, version, NAME, site=site))
    return World(found, version, tuple(made))


def an_evaluator(session: Session, name: str = NAME, password: str = PASSWORD) -> None:
    """Somebody who makes visits, and has set a password of their own."""
    accounts.add_user(
        session,
        System(),
        username=name,
        role=EVALUATOR,
        password=password,
        display_name="王芳（示例）",
        must_change_password=False,
    )


class Site:
    """The server in a process of its own, on one port: it can be killed and started again."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        environment = os.environ | {
            "YINGSHANG_DATA": str(self.settings.data),
            "YINGSHANG_DATABASE": self.settings.database,
            "YINGSHANG_SECRET": self.settings.secret,
            "YINGSHANG_FIELD_DAYS": str(self.settings.field_days),
        }
        command = [sys.executable, "-m", "uvicorn", "--factory", "app:create_app"]
        command += ["--port", str(self.port), "--log-level", "error"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        )
        for _ in range(600):
            assert self.process.poll() is None, "the server did not start"
            try:
                with urllib.request.urlopen(f"{self.url}/field/sw.js", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise AssertionError("the server did not answer")

    def kill(self) -> None:
        """As if the power went."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(20)
            self.process = None


@contextmanager
def site(settings: Settings) -> Iterator[Site]:
    """A server for the length of a block."""
    found = Site(settings)
    found.start()
    try:
        yield found
    finally:
        found.kill()


def photo(colour: tuple[int, int, int] = (11, 95, 99), size: int = 900) -> bytes:
    """A JPEG with noise, of some hundred KB."""
    picture = Image.effect_noise((size, size), 90).convert("RGB")
    picture.paste(colour, (0, 0, size // 3, size // 3))
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=92)
    return held.getvalue()


def sign_in(page: Page, name: str = NAME, password: str = PASSWORD) -> None:
    """Type name and password at the door and press the button."""
    page.locator("#username").fill(name)
    page.locator("#password").fill(password)
    page.locator("#go").click()


def enter(page: Page, url: str) -> None:
    """Open the app, sign in, and wait until everything for working offline is there."""
    page.goto(f"{url}/field/")
    sign_in(page)
    expect(page.get_by_text("示例政务大厅1")).to_be_visible(timeout=20_000)
    ready_offline(page)


def ready_offline(page: Page) -> None:
    """Wait until the worker holds the shell and the engine."""
    page.wait_for_function(
        """async () => {
          const held = await caches.open("field-files");
          const names = (await held.keys()).map((each) => new URL(each.url).pathname);
          return navigator.serviceWorker.controller
            && names.some((each) => each.includes("form_engine"))
            && names.some((each) => each.includes("field_form"));
        }""",
        timeout=20_000,
    )


def begin(page: Page, site_name: str = "示例政务大厅1") -> None:
    """Open a visit and start filling in."""
    page.locator(".card-go", has_text=site_name).click()
    page.locator("#start").click()
    expect(page.locator("#saved[data-state=saved]")).to_be_visible(timeout=20_000)


def saved(page: Page) -> None:
    """Wait until nothing typed is unsaved: the engine takes 300 ms to notice typing."""
    page.wait_for_timeout(400)
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def finish(page: Page) -> None:
    """Submit what was filled in; it is then waiting to be sent, or sent."""
    page.locator("#finish").click()
    page.locator("dialog .button-primary").click()
    expect(page.locator("#to-phone")).to_be_visible()


def system_chromium() -> str | None:
    """The system's browser; None for Playwright's own."""
    return next((path for name in SYSTEM_BROWSERS if (path := shutil.which(name))), None)


def processes_of(profile: Path) -> list[int]:
    """The processes of the browser that runs on this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in command:
            found.append(int(entry.name))
    return found


def network_is_back(page: Page) -> None:
    """What a phone tells its browser when it has a network again."""
    page.evaluate("dispatchEvent(new Event('online'))")


def choose(page: Page, question: str, value: str) -> None:
    """Tick one choice of a question."""
    path = f"/data/{question}"
    page.locator(f"[name='{path}'][value={value}], [data-name='{path}'][value={value}]").check()


def take(page: Page, question: str, photo: Path) -> None:
    """Take a photo, and see it on the page."""
    place = page.locator(f".question:has([name='/data/{question}'])")
    place.locator("input.picker").first.set_input_files(photo)
    expect(place.locator("img")).to_be_visible()


def until(page: Page, ask: Callable[[], Found | None]) -> Found | None:
    """What *ask* gives as soon as it gives anything, within ten seconds; the page goes on."""
    for _ in range(100):
        if (found := ask()) is not None:
            return found
        page.wait_for_timeout(100)
    return None

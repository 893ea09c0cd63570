"""A real browser for tests: the system's Chromium where there is one, no network but loopback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect, sync_playwright

SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=360, height=800)
expect.set_options(timeout=15_000)  # a machine of two cores that runs two browsers has its pauses


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session; Playwright's own where the system has none."""
    installed = next((path for name in SYSTEM_BROWSERS if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh desktop page that reads Chinese and reaches nothing outside this machine."""
    yield from _opened(chromium, phone=False)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A fresh page on a 360 px touch screen."""
    yield from _opened(chromium, phone=True)


def _opened(browser: Browser, *, phone: bool) -> Iterator[Page]:
    context = browser.new_context(
        viewport=PHONE if phone else DESKTOP,
        has_touch=phone,
        is_mobile=phone,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    context.route("**/*", _loopback_only)
    yield context.new_page()
    context.close()


def _loopback_only(route: Route) -> None:
    address = urlsplit(route.request.url)
    if address.scheme in ("data", "blob") or address.hostname in ("127.0.0.1", "localhost"):
        route.continue_()
    else:
        route.abort()


def axe_violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, one line a fault with the element it is in."""
    options = {"runOnly": list(STANDARDS), "resultTypes": ["violations"], "selectors": False}
    page.wait_for_load_state("load")  # a page without its stylesheet yet has targets too small
    # what has slid below the bar that stays on top would count as covering its links
    page.evaluate("() => scrollTo({ top: 0, behavior: 'instant' })")
    report = Axe().run(page, options=options).response
    return [
        f"{violation['id']}: {violation['help']} in {node['html'][:160]}"
        for violation in report["violations"]
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window: 0 on a page that fits."""
    wider: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wider


def small_targets(page: Page, least: int) -> list[str]:
    """Controls lower than *least* CSS px, links inside running text excepted.

    A control is as high as what can be pressed: a link that covers its row counts as the row.
    """
    found: list[str] = page.evaluate(
        """least => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
          .filter(e => e.type !== "hidden" && e.checkVisibility() && !e.closest("p, .prose, .skip"))
          .filter(e => !e.matches(".visually-hidden, .skip, .task-what a, .choice input"))
          .filter(e => e.getBoundingClientRect().height + 0.5 < least)
          .map(e => `${Math.round(e.getBoundingClientRect().height)}: ${e.outerHTML.slice(0, 120)}`)
        """,
        least,
    )
    return found

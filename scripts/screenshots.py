"""Draw the pictures of the README again: a demonstration of its own, a browser, pages and a phone.

Starts ``yingshang demo`` on a free loopback port with a data folder that is thrown away, and
stops it by its own process. Each picture is a WebP of less than 200 KB.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from evaluation.accounts.demo import PASSWORD

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
LARGEST = 200 * 1024
PATIENCE = 240


@dataclass(frozen=True)
class Picture:
    """One page: who looks at it, and how to get there from the list of rounds."""

    name: str
    username: str
    state: str
    path: str
    height: int = 860


PICTURES_WANTED = (
    Picture("ranking", "leader", "published", "/ranking", 900),
    Picture("filing", "clerk.tianshui", "collecting", "/filing/620500"),
    Picture("round", "office", "collecting", "", 1180),
    Picture("record", "supervisor", "collecting", "/submissions", 1000),
    Picture("control", "supervisor", "collecting", "/control", 1000),
)
EVALUATOR = "evaluator"


@contextmanager
def demonstration() -> Iterator[str]:
    """A demonstration on a free port; gives its address and stops it afterwards."""
    data = Path(tempfile.mkdtemp(prefix="yingshang-pictures-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("yingshang")), "demo", "--port", str(port)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("YINGSHANG_")}
    with (data / "log").open("wb") as log:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment | {"YINGSHANG_DATA": str(data), "YINGSHANG_HOST": "127.0.0.1"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(server, address, data / "log")
            yield address
        finally:
            server.terminate()
            server.wait(30)
            shutil.rmtree(data, ignore_errors=True)


def wait_for(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Return when the server answers; leave with its log when it ends or takes too long."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            connection = HTTPConnection(address.removeprefix("http://"), timeout=5)
            connection.request("GET", "/health")
            if connection.getresponse().status == HTTPStatus.OK:
                return
        except (HTTPException, OSError):
            pass  # not listening yet
        time.sleep(0.3)
    sys.exit(f"pictures: the demonstration did not start\n{log.read_text(errors='replace')}")


def launch(playwright: Playwright) -> Browser:
    """The system's browser, else Playwright's own."""
    installed = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return playwright.chromium.launch(executable_path=installed, args=list(FLAGS))


def sign_in(page: Page, address: str, username: str) -> None:
    """Sign in as a demonstration account."""
    page.goto(f"{address}/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{address}/")


def round_in(page: Page, address: str, state: str) -> str:
    """Address of the demonstration's round in *state*, as the API tells it."""
    rounds = page.request.get(f"{address}/api/rounds").json()
    return next(f"{address}/rounds/{each['code']}" for each in rounds if each["state"] == state)


def compressed(png: bytes) -> bytes:
    """A WebP small enough for a README."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in (88, 80, 70, 60):
        content = io.BytesIO()
        image.save(content, "WEBP", quality=quality, method=6)
        if content.tell() < LARGEST:
            return content.getvalue()
    raise SystemExit("pictures: a page does not fit in 200 KB")


def draw(browser: Browser, address: str, wanted: Picture) -> Path:
    """One picture on disk."""
    context = browser.new_context(
        viewport={"width": 1360, "height": wanted.height},
        device_scale_factor=1.5,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        color_scheme="light",
    )
    page = context.new_page()
    sign_in(page, address, wanted.username)
    page.goto(round_in(page, address, wanted.state) + wanted.path, wait_until="networkidle")
    path = PICTURES / f"{wanted.name}.webp"
    path.write_bytes(compressed(page.screenshot()))
    context.close()
    return path


def draw_phone(browser: Browser, address: str) -> Path:
    """Three screens of an evaluator's phone, side by side: visits, a visit, its form."""
    context = browser.new_context(
        viewport={"width": 390, "height": 780},
        device_scale_factor=1.5,
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        geolocation={"latitude": 36.06, "longitude": 103.83},
        permissions=["geolocation"],
    )
    page = context.new_page()
    page.goto(f"{address}/field/")
    page.get_by_label("用户名").fill(EVALUATOR)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="我的访查").wait_for(timeout=60_000)
    page.wait_for_load_state("networkidle")
    screens = [page.screenshot()]
    page.get_by_text("演示·").nth(1).click()
    page.get_by_text("访查步骤").wait_for()
    screens.append(page.screenshot())
    page.get_by_role("button", name="开始填写").click()
    page.get_by_text("获取当前位置").wait_for()
    page.get_by_text("示例/非官方。").scroll_into_view_if_needed()
    screens.append(page.screenshot())
    context.close()
    path = PICTURES / "phone.webp"
    path.write_bytes(compressed(beside(screens)))
    return path


def beside(screens: list[bytes]) -> bytes:
    """Screens next to each other as one PNG."""
    images = [Image.open(io.BytesIO(each)).convert("RGB") for each in screens]
    gap = 24
    width = sum(each.width for each in images) + gap * (len(images) + 1)
    whole = Image.new("RGB", (width, images[0].height + 2 * gap), "#8fa3a3")
    at = gap
    for each in images:
        whole.paste(each, (at, gap))
        at += each.width + gap
    content = io.BytesIO()
    whole.save(content, "PNG")
    return content.getvalue()


def main() -> None:
    """All pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demonstration() as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for wanted in PICTURES_WANTED:
            path = draw(browser, address, wanted)
            told(path)
        told(draw_phone(browser, address))
        browser.close()


def told(path: Path) -> None:
    """Say which picture was drawn."""
    print(f"pictures: {path.relative_to(ROOT)}  {path.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()

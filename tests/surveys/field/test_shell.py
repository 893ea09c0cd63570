"""The part of the app that lives on the phone: the same for everybody, small, and complete."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from evaluation.accounts.demo import DEMO_ACCOUNTS
from evaluation.platform import pages
from evaluation.platform.settings import Settings
from surveys.field import shell
from tests.conftest import Browser

BUDGET = 100_000


@pytest.fixture(params=["sqlite"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def listed(client: Browser) -> dict[str, Any]:
    text = client.get("/field/sw.js").text
    found: dict[str, Any] = json.loads(text[len("const SHELL = ") : text.index(";\n")])
    return found


def test_the_page_is_the_same_for_everybody(
    client: Browser, sign_in_as: Callable[..., Browser]
) -> None:
    page = client.get("/field/")
    assert page.text == sign_in_as("office").get("/field/").text
    assert "set-cookie" not in page.headers
    assert page.text == client.get("/field/", headers={"accept-language": "en"}).text


def test_its_address_ends_in_a_slash(client: Browser) -> None:
    answer = client.get("/field")
    assert (answer.status_code, answer.headers["location"]) == (308, "/field/")


def test_everything_the_worker_keeps_is_there(client: Browser) -> None:
    held = listed(client)
    for address in [held["home"], *held["shell"], *held["engine"]]:
        assert client.get(address).status_code == 200, address
    page = client.get("/field/").text
    asked = set(re.findall(r'(?:href|src)="(/[^"#]+)"', page))
    assert asked <= {*held["shell"]}
    assert not [name for name in asked if "form_engine" in name]


def test_the_first_load_is_small(client: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    held = listed(client)
    first = [held["home"], "/field/sw.js", *held["shell"]]
    sizes = {address: len(gzip.compress(client.get(address).content, 5)) for address in first}
    with capsys.disabled():
        print(f"\nthe phone's first load: {sum(sizes.values()) / 1000:.1f} KB gzip of 100")
    assert sum(sizes.values()) < BUDGET


def test_nothing_on_the_home_screen_speaks_of_evaluations(client: Browser) -> None:
    told = client.get("/field/manifest.webmanifest").json()
    assert (told["short_name"], told["start_url"], told["scope"]) == ("随记", "/field/", "/field/")
    said = " ".join(str(told[key]) for key in ("name", "short_name", "description"))
    assert not re.search("访|查|评价|督导|检", said)
    title = re.search("<title>(.*?)</title>", client.get("/field/").text)
    assert title
    assert title[1] == "随记"


def test_another_version_of_anything_is_another_version_of_all(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shell.make(settings, DEMO_ACCOUNTS)
    assert first == shell.make(settings, DEMO_ACCOUNTS)
    asset = pages.asset
    monkeypatch.setattr(
        pages, "asset", lambda name: asset(name) + ("2" if "engine" in name else "")
    )
    assert shell.make(settings, DEMO_ACCOUNTS).version != first.version


def test_demonstration_accounts_stand_at_the_door_of_a_demonstration_only(
    settings: Settings,
) -> None:
    assert "Demo-Shuiqi" not in shell.make(settings, DEMO_ACCOUNTS).page
    shown = shell.make(replace(settings, demo=True), DEMO_ACCOUNTS).page
    assert "Demo-Shuiqi" in shown
    assert '"office"' not in shown


def test_words_cannot_end_the_element_they_stand_in(settings: Settings) -> None:
    page = shell.make(settings, ()).page
    inside = page[page.index('id="shell">') + 11 :]
    inside = inside[: inside.index("</script>")]
    assert "<" not in inside
    assert set(json.loads(inside)["words"]) == {"zh", "en"}


@pytest.mark.parametrize("name", ["../field_app.css", "..%2Ficon.svg", "none.png", "icon.svg.py"])
def test_icons_are_these_files_and_no_others(client: Browser, name: str) -> None:
    assert client.get(f"/field/icons/{name}").status_code == 404


def test_the_worker_answers_only_for_its_own_list(client: Browser) -> None:
    source = client.get("/field/sw.js").text
    held = listed(client)
    kept = {*held["shell"], *held["engine"], held["home"]}
    assert not [each for each in kept if re.search("unlock|sync|forms/|records|openrosa", each)]
    assert 'method!=="GET"' in source.replace(" ", "")

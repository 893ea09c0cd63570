"""Hostile text, numbers and addresses: inert, bounded, and never a way out of our folders."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from evaluation.platform.settings import Settings
from tests.abuse.routes import ROUTES
from tests.abuse.world import HOSTILE, OWN, World

LONG = ("1" + "0" * 40 + "1", "9" * 5000, str(2**31), str(2**63))
HUGE = (*LONG, "-1", "0", "1e9", "NaN", "٣", "１", "²", "1;2")
SQL = ("' OR 1=1 --", "1; DROP TABLE users", "%", "_", "\\", "\x00", "C1' UNION SELECT 1 --")
NUMBERS = ("page", "before", "run", "a", "b", "from", "to", "limit", "offset", "pageSize")
TEXTS = ("q", "zone", "who", "what", "city", "dimension", "only", "method", "sort", "next", "order")


class Markup(HTMLParser):
    """Collects what would run in a browser."""

    def __init__(self) -> None:
        super().__init__()
        self.alive: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Scripts, handlers and addresses that are code."""
        said = {name: value or "" for name, value in attrs}
        if tag == "script" and not said.get("src", "").startswith("/static/"):
            self.alive.append(f"<script {said}>")
        if tag in ("iframe", "object", "embed", "base", "meta") and "http-equiv" in said:
            self.alive.append(tag)
        for name, value in said.items():
            if name.startswith("on") or (name in ("srcdoc", "style") and "url(" in value):
                self.alive.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction") and urlsplit(value).scheme not in (
                "",
                "mailto",
                "data",
            ):
                self.alive.append(f"{tag} {name}={value}")
            if name == "src" and value == "x":
                self.alive.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_stored_scripts_are_inert_on_every_page(hostile_world: World, language: str) -> None:
    world, told = hostile_world, 0
    world.ask("clerk", "POST", f"/rounds/OPEN/filing/{OWN}/values/I3",
              data={"revision": "0", "value": "61", "note": HOSTILE[1]})  # fmt: skip
    world.ask("office", "POST", "/people",
              data={"username": "evil", "display_name": HOSTILE[0], "role": "leader"})  # fmt: skip
    for route in ROUTES:
        if route.method != "GET":
            continue
        path = world.fill(route.path, OWN, route.code) + route.query
        for role in ("office", "clerk", "leader"):
            answer = world.ask(role, "GET", path, headers={"accept-language": language})
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            page = Markup()
            page.feed(answer.text)
            assert not page.alive, (path, role, page.alive)
            assert "alert(1)</script>" not in answer.text, path
            assert not re.search(r"(?<!\w)49</td>", answer.text), path  # codes may end in 49
            told += answer.text.count("&lt;script&gt;alert(1)")
    assert told > 20, "the hostile names never reached a page"


def test_numbers_are_bounded(world: World) -> None:
    for route in ROUTES:
        if route.writes:
            continue
        path = world.fill(route.path, OWN, route.code)
        for number in HUGE:
            query = "&".join(f"{name}={quote(number)}" for name in NUMBERS)
            answer = world.ask("office", "GET", f"{path}?{query}")
            assert answer.status_code < 500, (path, number)
        for name in ("{number}", "{upload}", "{sha256}"):
            if name in route.path:
                for number in HUGE:
                    raw = route.path.replace(name, quote(number))
                    answer = world.ask("office", "GET", world.fill(raw, OWN, route.code))
                    assert answer.status_code < 500, (raw, answer.status_code)


def test_numbers_in_writes_are_bounded(world: World) -> None:
    cell = f"/rounds/OPEN/filing/{OWN}/values/I3"
    for number in HUGE:
        answers = (
            world.ask("clerk", "PUT", cell, json={"revision": 0, "value": number, "key": number}),
            world.ask("clerk", "POST", cell, data={"revision": number, "value": "5"}),
            world.ask("clerk", "POST", f"{cell}/evidence/{quote(number)}/remove"),
            world.ask("office", "POST", "/rounds/JUDGED/scoring/approve", data={"run": number}),
            world.ask("office", "POST", "/rounds/new", data={"framework": f"SMALL@{number}"}),
        )
        assert all(answer.status_code < 500 for answer in answers), (number, answers)
    for revision in (10**40, -1, 2**63, 1.5, "x", None, [], {}):
        answer = world.ask("clerk", "PUT", cell, json={"revision": revision, "value": "5"})
        assert 400 <= answer.status_code < 500, revision


def test_sql_in_filters_is_text(world: World) -> None:
    for route in ROUTES:
        if route.writes:
            continue
        path = world.fill(route.path, OWN, route.code)
        for text in SQL:
            query = "&".join(f"{name}={quote(text)}" for name in TEXTS)
            answer = world.ask("office", "GET", f"{path}{route.query or '?'}&{query}")
            assert answer.status_code < 500, (path, text)
    everything = world.ask("auditor", "GET", "/audit").text.count("/audit/")
    assert everything > 5
    for text in ("' OR 1=1 --", "%", "_%"):
        assert world.ask("auditor", "GET", f"/audit?who={quote(text)}").text.count("/audit/") < 3


def test_no_address_leads_out_of_our_folders(world: World, settings: Settings) -> None:
    secret = "the-secret-of-this-server"
    (settings.data / "secret.key").write_text(secret)
    ways = ("../secret.key", "..%2fsecret.key", "%2e%2e/secret.key", "....//secret.key",
            "..%5csecret.key", "/etc/passwd", "%2fetc%2fpasswd", "..%2f..%2fapp.py",
            "x%00.pdf")  # fmt: skip
    bases = ("/static/", "/static/css/", f"/rounds/SHOWN/cities/{OWN}/I2/evidence/",
             f"/rounds/OPEN/filing/{OWN}/evidence/", f"/rounds/OPEN/filing/{OWN}/uploads/",
             "/rounds/OPEN/observations/uploads/", "/schema/", "/language/")  # fmt: skip
    for base in bases:
        for way in ways:
            answer = world.ask("office", "GET", base + way)
            assert answer.status_code in (303, 400, 404, 405), (base + way, answer.status_code)
            assert secret not in answer.text
            assert "root:" not in answer.text
            assert "create_app" not in answer.text


def test_uploaded_names_are_only_names(world: World) -> None:
    where = f"/rounds/OPEN/filing/{OWN}/values/I2/evidence"
    for name in ("../../../evil.pdf", "a\r\nSet-Cookie: x=1.pdf", "C:\\evil.pdf", '"><script>.pdf'):
        pdf = (name, Path(__file__).name.encode() and b"%PDF-1.4\n%%EOF\n", "text/html")
        answer = world.ask("clerk", "POST", where, files={"file": pdf})
        assert answer.status_code in (303, 400, 422), name
    for number in range(1, 12):
        answer = world.ask("clerk", "GET", f"/rounds/OPEN/filing/{OWN}/evidence/{number}")
        if answer.status_code == 200:
            said = answer.headers["content-disposition"]
            assert said.startswith("attachment")
            assert ".." not in said
            assert "/" not in said.partition("''")[2]
            assert "set-cookie: x" not in str(answer.headers).lower()
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert not answer.headers["content-type"].startswith("text/html")


def test_sign_in_leads_nowhere_else(world: World) -> None:
    for there in ("//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example",
                  "javascript:alert(1)", "/\n/evil.example", "\\\\evil.example"):  # fmt: skip
        answer = world.ask(None, "GET", f"/language/zh?next={quote(there)}")
        location = answer.headers["location"]
        assert location.startswith("/"), location
        assert not location.lstrip("/\t\r\n\\").startswith("evil"), location
        assert world.ask(None, "GET", f"/sign-in?next={quote(there)}").status_code == 200


def test_a_line_in_a_log_is_one_line(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    forged = "forged-line status=200"
    world.ask(None, "GET", f"/rounds/{quote(chr(10) + forged)}/ranking")
    world.ask("office", "GET", f"/rounds/{quote(chr(13) + chr(10) + forged)}")
    world.ask(None, "POST", "/sign-in", data={"username": f"x\r\n{forged}", "password": "wrong"})
    world.ask("office", "GET", "/rounds", headers={"accept-language": "zh", "user-agent": "x"})
    said = capsys.readouterr()
    lines = (said.out + said.err).splitlines()
    assert any(forged.split()[0] in line for line in lines), "nothing was logged"
    assert not [line for line in lines if line.lstrip().startswith("forged-line")]


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"a": "\xff"}', b"\xff", b'{"revision": 0, "note": "\\ud800"}', b"NaN"],
)
def test_json_that_cannot_be_decoded_is_the_senders_fault(world: World, body: bytes) -> None:
    kind = {"content-type": "application/json", "accept": "application/json"}
    where = f"/rounds/OPEN/filing/{OWN}/values/I3"
    answer = world.ask("clerk", "PUT", where, content=body, headers=kind)
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:yingshang:problem:http-400"

"""Hostile and mistaken sendings: each gets a clear answer, and a genuine record loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from evaluation.platform import clock
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.submissions import refusing, rules
from surveys.submissions.models import Edition, EditionFile, Refusal, Submission
from surveys.visits.models import Visit
from tests.conftest import Person, Server
from tests.factories import field as factory
from tests.surveys.openrosa.collect import message
from tests.surveys.submissions.phones import Phone, a_ledger, a_phone, picture

Parts = list[tuple[str, Any]]


@pytest.fixture
def database_kind() -> str:
    """What is refused before the database matters on one only; the others have their own."""
    return "sqlite"


@pytest.fixture
def post(server: Server, phone: Phone) -> Callable[..., httpx.Response]:
    """Post parts as they are: ``post([("xml_submission_file", ("r.xml", b"…"))])``."""

    def send(parts: Parts, *, key: str = "", accept: str = "") -> httpx.Response:
        return httpx.post(
            f"{server.url}/openrosa/k/{key or phone.key}/submission",
            files=parts,
            headers={"Accept": accept} if accept else {"Accept": "*/*"},
            timeout=60,
        )

    return send


def record(xml: bytes) -> tuple[str, tuple[str, bytes]]:
    return ("xml_submission_file", ("record.xml", xml))


def kept(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(sa.select(Refusal.reason).order_by(Refusal.id)))


def count(database: Database, table: Any) -> int:
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


NOT_TEXT = b"\r\n".join(
    (b"--x", b'Content-Disposition: form-data; name="xml_submission_file"', b"", b"\xff", b"--x--")
)
LAUGHS = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
BROKEN = {
    "nothing": b"",
    "no xml": b"hello",
    "cut": b'<data id="hall" version="1"><visit>',
    "doctype": b'<!DOCTYPE data SYSTEM "file:///etc/passwd"><data id="hall" version="1"/>',
    "entity": b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><data id="hall">&x;</data>',
    "laughs": f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><data id="hall">&l9;</data>'.encode(),
    "deep": b"<data>" + b"<g>" * 5000 + b"</g>" * 5000 + b"</data>",
    "wide": b"<data>" + b"<g/>" * 50_000 + b"</data>",
    "utf-16": '<?xml version="1.0" encoding="UTF-16"?><data id="hall"/>'.encode("utf-16"),
    "latin-1": '<?xml version="1.0" encoding="ISO-8859-1"?><data id="ä"/>'.encode("latin-1"),
    "a NUL": b'<data id="hall" version="1"><visit>\x00</visit></data>',
    "a NUL reference": b'<data id="hall" version="1"><visit>&#0;</visit></data>',
    "large": b'<data id="hall" version="1"><visit>' + b"x" * (2 * 2**20) + b"</visit></data>",
    "another root": b'<other id="hall" version="1"/>',
}


@pytest.mark.parametrize("broken", BROKEN, ids=BROKEN.keys())
def test_what_is_no_record_is_refused_in_words(
    post: Callable[..., httpx.Response], phone: Phone, broken: str
) -> None:
    answer = post([record(BROKEN[broken])])
    assert answer.status_code == 400
    assert answer.headers["content-type"].count("charset") == 1
    assert "手机上的记录" in (message(answer) or "")
    assert "passwd" not in answer.text
    assert count(phone.database, Edition) == 0
    assert post([record(phone.record())]).status_code == 201


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ((b'id="hall"', b'id="theirs"'), "form-unknown"),
        ((b'id="hall"', b'id=""'), "form-unknown"),
        ((b'version="1"', b'version="7"'), "version-unknown"),
        ((b'version="1"', b'version="2"'), "version-unknown"),  # a draft
        ((b'version="1"', b'version="1.0"'), "version-unknown"),
        ((b'version="1"', b'version="99999999999999999999"'), "version-unknown"),
        ((b"<visit>", b"<visit>X"), "visit-unknown"),
        ((b"uuid:", b"!"), "instance"),
        ((b"<photo></photo>", b"<photo>" + b"n" * 300 + b"</photo>"), "bad-name"),
        ((b"<photo></photo>", b"<photo>a/..</photo>"), "bad-name"),
    ],
)
def test_a_record_that_names_what_is_not_there_is_kept(
    post: Callable[..., httpx.Response],
    phone: Phone,
    evidence_store: EvidenceStore,
    change: tuple[bytes, bytes],
    reason: str,
) -> None:
    with phone.database.writing() as session:
        factory.a_form(session, evidence_store, "hall").state = "draft"
    xml = phone.record().replace(*change)
    answer = post([record(xml), ("stray", ("a.jpg", picture()))])
    assert answer.status_code == 422
    said = message(answer) or ""
    with phone.database.reading() as session:
        (refusal,) = session.scalars(sa.select(Refusal))
        assert refusal.reason == reason
        assert refusal.code in said
        assert phone.store.get(refusal.sha256) == xml
        assert phone.store.get(refusal.facts["files"][0]["sha256"]) == picture()
    assert count(phone.database, Submission) == 0


def test_another_evaluators_visit_is_said_like_one_that_is_not_there(
    post: Callable[..., httpx.Response],
    phone: Phone,
    database: Database,
    evidence_store: EvidenceStore,
    settings: Settings,
    person: Callable[..., Person],
) -> None:
    person("evaluator", name="wu")
    other = a_phone(database, evidence_store, settings, "wu", code="hall")
    theirs = message(post([record(phone.record(visit=other.visit.code))])) or ""
    nobodys = message(post([record(phone.record(visit="NOSUCH23"))])) or ""
    assert kept(database) == ["visit-other", "visit-unknown"]
    with database.reading() as session:
        codes = list(session.scalars(sa.select(Refusal.code).order_by(Refusal.id)))
    assert theirs.replace(other.visit.code, "…").replace(codes[0], "") == nobodys.replace(
        "NOSUCH23", "…"
    ).replace(codes[1], "")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": "cancelled"}, "visit-cancelled"),
        ({"state": "draft"}, "visit-unknown"),
        ({"opens_at": timedelta(days=1)}, "window-early"),
        ({"closes_at": timedelta(minutes=-1)}, "window-closed"),
    ],
)
def test_a_visit_that_is_not_open(
    post: Callable[..., httpx.Response], phone: Phone, change: dict[str, Any], reason: str
) -> None:
    values = {
        key: clock.now() + value if isinstance(value, timedelta) else value
        for key, value in change.items()
    }
    with phone.database.writing() as session:
        session.execute(sa.update(Visit).values(**values))
    answer = post([record(phone.record())])
    assert answer.status_code == 422
    assert kept(phone.database) == [reason]


def test_a_record_made_inside_the_window_may_come_after_it(
    post: Callable[..., httpx.Response], phone: Phone
) -> None:
    now = clock.now()
    with phone.database.writing() as session:
        session.execute(
            sa.update(Visit).values(
                opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=2)
            )
        )
    ended = now - timedelta(days=3)
    ledger = a_ledger(
        sent_at=now.isoformat(),
        started_at=(ended - timedelta(hours=1)).isoformat(),
        ended_at=ended.isoformat(),
    )
    answer = post([record(phone.record()), ("ledger", ("ledger.json", ledger))])
    assert answer.status_code == 201
    with phone.database.reading() as session:
        assert session.scalars(sa.select(Edition)).one().flags == ["late"]


def test_a_clock_set_back_does_not_open_a_closed_window(
    post: Callable[..., httpx.Response], phone: Phone
) -> None:
    now, back = clock.now(), timedelta(days=3)
    with phone.database.writing() as session:
        session.execute(sa.update(Visit).values(closes_at=now - timedelta(days=2)))
    ledger = a_ledger(sent_at=(now - back).isoformat(), ended_at=(now - back).isoformat())
    answer = post([record(phone.record()), ("ledger", ("ledger.json", ledger))])
    assert answer.status_code == 422
    assert kept(phone.database) == ["window-closed"]


def test_a_name_with_a_path_is_only_a_name(
    post: Callable[..., httpx.Response], phone: Phone
) -> None:
    xml = phone.record(photo="../../../../tmp/evil.jpg")
    answer = post([record(xml), ("f", ("..\\..\\evil.jpg", picture()))])
    assert answer.status_code == 201
    with phone.database.reading() as session:
        held = session.scalars(sa.select(EditionFile)).one()
        assert held.name == "evil.jpg"
        assert held.sha256 is not None
    found = [p.name for p in phone.settings.data.rglob("*") if "evil" in p.name]
    assert found == []


def test_more_parts_than_anybody_sends(post: Callable[..., httpx.Response], phone: Phone) -> None:
    parts: Parts = [record(phone.record())]
    parts += [(f"f{at}", (f"{at}.jpg", b"x")) for at in range(1001)]
    answer = post(parts)
    assert answer.status_code == 413
    assert "1000" in (message(answer) or "")
    assert count(phone.database, Edition) == 0


def test_hundreds_of_files_that_nobody_named_cost_the_record_nothing(
    post: Callable[..., httpx.Response], phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: Parts = [record(phone.record(photo="a.jpg")), ("a.jpg", ("a.jpg", picture()))]
    parts += [(f"f{at}", (f"{at}.jpg", b"x%d" % at)) for at in range(600)]
    monkeypatch.setattr(refusing, "MOST_A_DAY", 20)
    answer = post(parts)
    assert answer.status_code == 201
    with phone.database.reading() as session:
        assert session.scalars(sa.select(Submission)).one().state == rules.RECEIVED
    assert kept(phone.database) == ["unexpected-file"] * 20


def test_a_record_that_names_too_many_files(
    post: Callable[..., httpx.Response], phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    from surveys.submissions import sending

    monkeypatch.setattr(sending, "MAX_FILES", 0)
    assert post([record(phone.record(photo="a.jpg"))]).status_code == 422
    assert kept(phone.database) == ["too-many-files"]

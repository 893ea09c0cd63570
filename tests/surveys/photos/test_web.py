"""Who may open the files of a submission, and in what shape they leave."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image
from structlog.testing import capture_logs

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.photos import pieces, store
from surveys.submissions.models import Edition
from tests.factories.field import a_form, a_visit
from tests.factories.province import a_round
from tests.surveys.photos import samples
from tests.surveys.photos.records import a_file, a_submission

SignIn = Callable[..., Any]


@dataclass(frozen=True)
class World:
    """One submission of evaluator ``eve`` in C1: a photo, a HEIC, a polyglot, one not arrived."""

    code: str
    base: str


@pytest.fixture
def world(database: Database, evidence_store: EvidenceStore) -> World:
    with database.writing() as session:
        found = a_round(session)
        a_round(session, code="R2")
        version = a_form(session, evidence_store)
        visit = a_visit(session, found, version, "eve")
        sent = a_submission(
            session, evidence_store, visit, version, files={"IMG_eve_hall.jpg": samples.located()}
        )
        edition = session.get_one(Edition, sent.edition_id)
        kept = samples.picture() + samples.archive()
        a_file(session, evidence_store, edition, "b.heic", samples.film(b"heic"),
               media_type="image/heic")  # fmt: skip
        a_file(session, evidence_store, edition, "c.jpg", kept, problem="polyglot")
        a_file(session, evidence_store, edition, "d.jpg", None)
        return World(sent.code, f"/rounds/R1/submissions/{sent.code}")


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        ("office", {}, 200),
        ("auditor", {}, 200),
        ("supervisor", {}, 200),
        ("supervisor", {"cities": ["C1"]}, 200),
        ("supervisor", {"cities": ["C2"]}, 404),
        ("supervisor", {"rounds": ["R2"]}, 404),
        ("clerk", {"cities": ["C1"]}, 404),
        ("approver", {"cities": ["C1"]}, 404),
        ("leader", {}, 404),
        ("department", {}, 404),
        ("evaluator", {"name": "eve"}, 404),  # theirs is below /field
        ("evaluator", {}, 404),
    ],
)
def test_who_opens_them(
    sign_in_as: SignIn, world: World, role: str, scope: dict[str, Any], status: int
) -> None:
    browser = sign_in_as(role, **scope)
    for path in ("files/1", "files/1/thumb", "files/1/large"):
        assert browser.get(f"{world.base}/{path}").status_code == status


def test_nobody_without_a_session(client: Any, world: World) -> None:
    assert client.get(f"{world.base}/files/1").status_code == 303
    assert client.get(f"/field/evidence/{world.code}/files/1").status_code == 303


def test_an_evaluator_opens_their_own_and_the_log_does_not_say_who(
    sign_in_as: SignIn, world: World
) -> None:
    mine, other = sign_in_as("evaluator", name="eve"), sign_in_as("evaluator")
    with capture_logs() as lines:
        for path in ("1", "1/thumb"):
            address = f"/field/evidence/{world.code}/files/{path}"
            assert mine.get(address).status_code == 200
            assert other.get(address).status_code == 404
    assert lines
    assert "eve" not in "".join(str(line.get("user")) for line in lines)
    assert sign_in_as("office").get(f"/field/evidence/{world.code}/files/1").status_code == 404


def test_the_original_leaves_sealed_under_our_name(sign_in_as: SignIn, world: World) -> None:
    answer = sign_in_as("office").get(f"{world.base}/files/1")
    assert answer.content == samples.located()
    assert answer.headers["content-disposition"].startswith(
        f'attachment; filename="{world.code}-1.jpg"'
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "eve" not in str(answer.headers)


def test_what_did_not_pass_leaves_as_bytes_only(sign_in_as: SignIn, world: World) -> None:
    office = sign_in_as("office")
    answer = office.get(f"{world.base}/files/3")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert f"{world.code}-3.bin" in answer.headers["content-disposition"]
    assert office.get(f"{world.base}/files/3/large").status_code == 422
    assert office.get(f"{world.base}/files/2/large").status_code == 422
    assert "heic" in office.get(f"{world.base}/files/2").headers["content-disposition"]


def test_the_picture_is_small_and_bare(sign_in_as: SignIn, world: World) -> None:
    answer = sign_in_as("auditor").get(f"{world.base}/files/1/thumb")
    assert answer.headers["content-type"] == "image/jpeg"
    assert "content-disposition" not in answer.headers
    picture = Image.open(io.BytesIO(answer.content))
    assert not picture.getexif()
    assert picture.size == (30, 40)


def test_unchanged_is_said_only_to_those_who_may_see_it(sign_in_as: SignIn, world: World) -> None:
    address = f"{world.base}/files/1/large"
    first = sign_in_as("office").get(address)
    asked = {"if-none-match": first.headers["etag"]}
    assert sign_in_as("office", name="o2").get(address, headers=asked).status_code == 304
    assert sign_in_as("clerk", cities=["C1"]).get(address, headers=asked).status_code == 404
    assert first.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    "path", ["files/0", "files/4", "files/5", "files/1/huge", "files/99999999999", "files/x"]
)
def test_what_is_not_there(sign_in_as: SignIn, world: World, path: str) -> None:
    assert sign_in_as("office").get(f"{world.base}/{path}").status_code == 404


def test_another_round_does_not_open_it(sign_in_as: SignIn, world: World) -> None:
    address = f"/rounds/R2/submissions/{world.code}/files/1"
    assert sign_in_as("office").get(address).status_code == 404


def test_pieces_are_numbered_and_judged(
    database: Database, evidence_store: EvidenceStore, world: World
) -> None:
    with database.writing() as session:
        sent = store.submission(session, world.code)
        assert sent is not None
        visit = store.visit_of(session, sent)
        version = a_form(session, evidence_store)
        a_submission(
            session, evidence_store, visit, version, files={"again.jpg": samples.located()}
        )
        found = pieces.pieces(session, sent, world.base)
    assert [each.number for each in found] == [1, 2, 3, 4]
    assert [each.is_shown for each in found] == [True, False, False, False]
    assert [each.badge.level for each in found] == ["red", "grey", "red", "grey"]
    assert found[0].href == f"{world.base}/files/1"


def test_the_address_of_a_piece_opens_for_reviewers_and_for_its_evaluator(
    sign_in_as: SignIn, database: Database, world: World
) -> None:
    """Pages of both build on what `pieces` says, so both bases must lead to the file."""
    bases = {"office": world.base, "evaluator": f"/field/evidence/{world.code}"}
    for role, base in bases.items():
        browser = sign_in_as(role, name="eve" if role == "evaluator" else "")
        with database.reading() as session:
            sent = store.submission(session, world.code)
            assert sent is not None
            first = pieces.pieces(session, sent, base)[0]
        for address in (first.href, f"{first.href}/thumb", f"{first.href}/large"):
            assert browser.get(address).status_code == 200, address

"""Publishing seals; what is changed afterwards is named."""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from evaluation.platform import audit
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds import rules as rounds
from evaluation.rounds import store as round_store
from scoring.runs import rules, service
from scoring.sealing import keys, store
from scoring.sealing.checking import check, unsealed
from scoring.sealing.sealer import NotWhatWasScored, Sealer, sealer_of
from scoring.sealing.verifying import verify
from tests.scoring.runs.results import KEY, OFFICE, OTHER, published_round, scored_round, sealer


def test_publishing_seals_what_was_published(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
    with database.reading() as session:
        found = round_store.by_code(session, "R1")
        (each,) = store.seals(session, found)
        content = evidence_store.get(each.seal.package_sha256)
        verdict = verify(content, key_id=keys.key_id(KEY.public_key()))
        assert verdict.holds, [str(problem) for problem in verdict.problems]
        manifest = verdict.manifest
        assert manifest is not None
        assert (manifest["round.code"], manifest["version"], manifest["run"]) == ("R1", 1, 1)
        assert manifest["two_people"] is True
        assert manifest["previous"] is None
        for name in (OFFICE.username, OTHER.username):
            assert name.encode() not in content
        entries = {row["number"]: row for row in audit.entries(session)}
        anchor = entries[manifest["audit.number"]]
        assert (anchor["action"], anchor["digest"]) == (
            "result.published",
            manifest["audit.digest"],
        )
        assert [row["action"] for row in entries.values()].count("result.sealed") == 1
        assert audit.verify(session) is None
        assert check(session, evidence_store, found, calculate=True) == []
        assert unsealed(session, found) == []


def test_a_key_that_cannot_be_read_publishes_nothing(
    database: Database, evidence_store: EvidenceStore, settings: Settings
) -> None:
    from dataclasses import replace

    gone = replace(settings, seal_key=str(settings.data / "elsewhere.pem"))
    with database.writing() as session:
        found, run = scored_round(session, evidence_store)
        service.approve(session, OFFICE, found, run)
    keyless = sealer_of(gone, evidence_store)
    with pytest.raises(keys.KeyUnusable), database.writing() as session:
        service.publish(session, keyless, OTHER, round_store.by_code(session, "R1"))
    with database.reading() as session:
        assert round_store.by_code(session, "R1").state == rounds.APPROVED
        assert store.seals(session) == []
    assert not Path(gone.seal_key).exists()


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "seal.pem"
    barrier = threading.Barrier(8)

    def make(_at: int) -> str:
        barrier.wait()
        keys.make_once(path)
        return keys.key_id(keys.read_private(path).public_key())

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(8)))) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["seal.pem"]


def test_two_publish_at_once_and_one_does(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, run = scored_round(session, evidence_store)
        service.approve(session, OFFICE, found, run)
    barrier = threading.Barrier(2)

    def publish(_at: int) -> bool:
        barrier.wait()
        try:
            with database.writing() as session:
                found = round_store.by_code(session, "R1")
                service.publish(session, sealer(evidence_store), OTHER, found)
        except rules.NotApproved:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(publish, range(2))) == [False, True]
    with database.reading() as session:
        assert len(store.seals(session)) == 1


def test_a_run_that_is_not_what_the_log_tells_of_is_not_published(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, run = scored_round(session, evidence_store)
        service.approve(session, OFFICE, found, run)
        session.execute(
            sa.text("UPDATE runs SET sheet_sha256 = snapshot_sha256 WHERE id = :id"), {"id": run.id}
        )
        session.expire_all()
        with pytest.raises(NotWhatWasScored):
            service.publish(session, sealer(evidence_store), OTHER, found)


Tamper = Callable[[Session, EvidenceStore], Any]


def sql(statement: str) -> Tamper:
    return lambda session, _files: session.execute(sa.text(statement))


def rot(session: Session, files: EvidenceStore) -> None:
    sha256 = store.seals(session)[0].seal.package_sha256
    path = files._folder / sha256[:2] / sha256
    path.write_bytes(path.read_bytes()[:-1])


def forge(session: Session, files: EvidenceStore) -> None:
    """Another package, well made by another key, put in the place of the sealed one."""
    from scoring.sealing.package import build
    from tests.scoring.sealing.sealed import facts, sheet, snapshot

    other = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
    made = build(snapshot().bytes, sheet(), facts(round="R1"), other)
    sha256 = files.put(made.content)
    session.execute(sa.text("UPDATE seals SET package_sha256 = :sha"), {"sha": sha256})


@pytest.mark.parametrize(
    ("tamper", "code", "said"),
    [
        (sql("UPDATE observations SET value = 3 WHERE city = 'C1' AND indicator = 'I1'"),
         "observation", "C1"),
        (sql("UPDATE observations SET adopted = :no WHERE city = 'C2' AND indicator = 'I3'"
             .replace(":no", "false")), "observation", "C2"),
        (sql("UPDATE runs SET sheet_sha256 = snapshot_sha256"), "run", "sheet_sha256"),
        (sql("UPDATE runs SET code_version = '9'"), "run", "code_version"),
        (sql("UPDATE publications SET approved_by = published_by"), "publication", "approved_by"),
        (sql("UPDATE publications SET published_at = approved_at"), "publication", "published_at"),
        (sql("UPDATE seals SET key_id = manifest_sha256"), "seal", "key_id"),
        (sql("UPDATE seals SET audit_number = audit_number - 1"), "anchor", ""),
        (sql("UPDATE seals SET audit_number = 9999"), "anchor-gone", "9999"),
        (rot, "package-gone", ""),
        (forge, "seal-log", ""),
    ],
)  # fmt: skip
def test_what_is_changed_behind_our_back_is_named(
    database: Database, evidence_store: EvidenceStore, tamper: Tamper, code: str, said: str
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
    with database.writing() as session:
        tamper(session, evidence_store)
    with database.reading() as session:
        found = check(session, evidence_store, round_store.by_code(session, "R1"))
        assert code in {each.code for each in found}
        assert any(said in each.explain() for each in found if each.code == code)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_publications_before_there_were_seals_are_told(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = published_round(session, evidence_store)
        session.execute(sa.text("DELETE FROM seals"))
        assert unsealed(session, found) == [1]
        assert check(session, evidence_store, found) == []


def test_the_key_is_asked_for_only_to_seal(
    database: Database, evidence_store: EvidenceStore
) -> None:
    def never() -> Ed25519PrivateKey:
        raise AssertionError("the key was read")

    with database.writing() as session:
        found, run = scored_round(session, evidence_store)
        service.approve(session, OFFICE, found, run)
        with pytest.raises(rules.SamePerson):
            service.publish(session, Sealer(evidence_store, never), OFFICE, found)

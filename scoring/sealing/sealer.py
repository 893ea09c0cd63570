"""Sealing a publication, in the transaction that publishes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor, AuditEntry
from evaluation.platform.errors import DomainError
from evaluation.platform.evidence import EvidenceStore, keep
from evaluation.platform.i18n import N_
from evaluation.platform.settings import Settings
from evaluation.rounds.models import Round
from scoring.runs.models import Publication, Run
from scoring.sealing import keys, store
from scoring.sealing.models import Seal
from scoring.sealing.package import Anchor, Facts, Previous, build

ZIP = "application/zip"


class NotWhatWasScored(DomainError):
    """The run no longer says what the audit log says of it."""

    code = "not-what-was-scored"
    title = N_("这次计算的记录被改动过，没有发布")
    detail = N_(
        "第 {number} 次计算的快照或结果与审计日志的记载不符。"
        "请停止操作，联系系统管理员核验审计日志。"
    )


@dataclass(frozen=True)
class Sealer:
    """Where sealed packages go, and the key that seals them, asked for when it is needed."""

    files: EvidenceStore
    key: Callable[[], Ed25519PrivateKey]
    demo: bool = False


def sealer_of(settings: Settings, files: EvidenceStore) -> Sealer:
    """The sealer of a deployment."""
    return Sealer(files, lambda: keys.signing_key(settings), settings.demo)


def anchor(session: Session, action: str, subject: str) -> Anchor:
    """The newest row of the audit log that tells of *action* on *subject*."""
    row = session.execute(
        sa.select(AuditEntry.number, AuditEntry.digest, AuditEntry.algorithm)
        .where(AuditEntry.action == action, AuditEntry.subject == subject)
        .order_by(AuditEntry.number.desc())
        .limit(1)
    ).one()
    return Anchor(row.number, row.digest, row.algorithm)


def seal(
    session: Session, sealer: Sealer, who: Actor, found: Round, publication: Publication, run: Run
) -> Seal:
    """Seal *publication*, anchored to the audit row that tells of it.

    The package is stored before the row. Raises `NotWhatWasScored`, `keys.KeyUnusable`,
    `evaluation.platform.evidence.EvidenceGone`.
    """
    require_as_scored(session, found, run)
    subject = f"round:{found.code}/publication:{publication.version}"
    at = anchor(session, "result.published", subject)
    before = store.newest(session, found)
    moment = clock.now()
    published = publication.published_at or moment
    package = build(
        sealer.files.get(run.snapshot_sha256),
        sealer.files.get(run.sheet_sha256),
        Facts(
            round=found.code,
            name=found.name,
            name_en=found.name_en,
            version=publication.version,
            run=run.number,
            scored_with=run.code_version,
            scored_at=run.scored_at,
            approved_at=publication.approved_at,
            published_at=published,
            sealed_at=moment,
            two_people=publication.approved_by != publication.published_by,
            anchor=at,
            previous=Previous(before.version, before.seal.package_sha256) if before else None,
            note=publication.note if publication.changes else "",
            changes=publication.changes,
            demo=sealer.demo,
        ),
        sealer.key(),
    )
    added = Seal(
        publication_id=publication.id,
        package_sha256=keep(
            session,
            sealer.files,
            who,
            package.content,
            name=f"{found.code}-result-{publication.version}.zip",
            media_type=ZIP,
        ),
        manifest_sha256=package.manifest_sha256,
        algorithm=keys.ALGORITHM,
        key_id=package.key_id,
        signature=package.signature,
        audit_number=at.number,
        audit_digest=at.digest,
        sealed_at=moment,
    )
    session.add(added)
    session.flush()
    audit.record(
        session,
        who,
        "result.sealed",
        subject,
        after={
            "package": added.package_sha256,
            "manifest": added.manifest_sha256,
            "key": added.key_id,
            "anchor": at.number,
        },
    )
    return added


def require_as_scored(session: Session, found: Round, run: Run) -> None:
    """Raise `NotWhatWasScored` where the run's files are not those that the log tells of."""
    said = session.scalar(
        sa.select(AuditEntry.after)
        .where(
            AuditEntry.action == "run.scored",
            AuditEntry.subject == f"round:{found.code}/run:{run.number}",
        )
        .order_by(AuditEntry.number)
        .limit(1)
    )
    held = json.loads(said or "{}")
    if (held.get("snapshot"), held.get("sheet")) != (run.snapshot_sha256, run.sheet_sha256):
        raise NotWhatWasScored(number=run.number)

"""Whether the database still says what was sealed: each row that does not is named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform import audit
from evaluation.platform.audit import AuditEntry
from evaluation.platform.evidence import EvidenceGone, EvidenceStore
from evaluation.platform.i18n import N_, _
from evaluation.rounds.models import Round
from scoring.runs import store as runs
from scoring.runs.models import Publication
from scoring.runs.snapshot import Adopted
from scoring.sealing import archive, store
from scoring.sealing.contents import SHEET, SNAPSHOT
from scoring.sealing.package import MANIFEST, SIGNATURE
from scoring.sealing.reading import Manifest, read_manifest
from scoring.sealing.store import Sealed
from scoring.sealing.verifying import verify

WORDS = {
    "package-gone": N_("封存包文件丢失或被改动：{sha256}"),
    "seal": N_("封存记录与封存包不符：{column}"),
    "seal-log": N_("封存记录与审计日志的记载不符。"),
    "anchor-gone": N_("审计日志里没有锚点第 {number} 行。"),
    "anchor": N_("审计日志第 {number} 行（锚点）被改动过。"),
    "publication": N_("发布记录与封存包不符：{column}"),
    "run": N_("第 {number} 次计算的记录与封存包不符：{column}"),
    "run-file": N_("第 {number} 次计算的文件丢失或被改动：{sha256}"),
    "observation": N_("{city} × {indicator}：已采用的数据在封存之后有变动（观测值第 {id} 行）。"),
    "package": N_("封存包核验不通过：{finding}"),
}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something that is no longer as it was sealed; ``code`` is in `WORDS`."""

    round: str
    version: int
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def explain(self) -> str:
        """What it is, in the current language."""
        return _(WORDS[self.code], **self.facts)


def check(
    session: Session, files: EvidenceStore, found: Round, *, calculate: bool = False
) -> list[Mismatch]:
    """Compare every seal of a round with its package, the audit log, the result and the data.

    With *calculate* every result is scored again as well.
    """
    mismatches: list[Mismatch] = []
    sealed = store.seals(session, found)
    for each in sealed:
        mismatches += [
            Mismatch(found.code, each.version, code, facts)
            for code, facts in _of_seal(session, files, found, each, calculate=calculate)
        ]
    if sealed:
        mismatches += _of_data(session, files, found, sealed[0])
    return mismatches


def unsealed(session: Session, found: Round) -> list[int]:
    """Published versions that were published before results were sealed."""
    known = {each.publication.id for each in store.seals(session, found)}
    return [
        each.publication.version
        for each in runs.publications(session, found)
        if each.publication
        and each.publication.published_at is not None
        and each.publication.id not in known
    ]


Found = Iterator[tuple[str, dict[str, Any]]]


def _of_seal(
    session: Session, files: EvidenceStore, found: Round, each: Sealed, *, calculate: bool
) -> Found:
    seal = each.seal
    yield from _of_log(session, found, each)
    try:
        content = files.get(seal.package_sha256)
    except EvidenceGone:
        yield "package-gone", {"sha256": seal.package_sha256}
        return
    members, _spoiled = archive.read(content)
    held = members.get(MANIFEST, b"")
    try:
        manifest = read_manifest(held)
    except ValueError:
        yield "seal", {"column": "package_sha256"}
        return
    wanted = {
        "manifest_sha256": hashlib.sha256(held).hexdigest(),
        "signature": members.get(SIGNATURE, b"").decode("ascii", "replace").strip(),
        "algorithm": manifest["key.algorithm"],
        "key_id": manifest["key.id"],
        "audit_number": manifest["audit.number"],
        "audit_digest": manifest["audit.digest"],
    }
    for column, value in wanted.items():
        if getattr(seal, column) != value:
            yield "seal", {"column": column}
    if _moment(seal.sealed_at) != manifest["sealed_at"]:
        yield "seal", {"column": "sealed_at"}
    yield from _of_publication(each, manifest)
    yield from _of_run(files, each, manifest)
    if calculate:
        for finding in verify(content).problems:
            yield "package", {"finding": str(finding)}


def _of_log(session: Session, found: Round, each: Sealed) -> Found:
    """The anchor is the row that it was, and the log tells of this seal."""
    seal = each.seal
    columns = AuditEntry.__table__.columns
    row = session.execute(
        sa.select(*columns).where(AuditEntry.number == seal.audit_number)
    ).mappings().first()  # fmt: skip
    if row is None:
        yield "anchor-gone", {"number": seal.audit_number}
    elif row["digest"] != seal.audit_digest or audit.digest(dict(row)) != row["digest"]:
        yield "anchor", {"number": seal.audit_number}
    told = session.scalar(
        sa.select(AuditEntry.after)
        .where(
            AuditEntry.action == "result.sealed",
            AuditEntry.subject == f"round:{found.code}/publication:{each.version}",
        )
        .order_by(AuditEntry.number.desc())
        .limit(1)
    )
    if json.loads(told or "{}").get("package") != seal.package_sha256:
        yield "seal-log", {}


def _of_publication(each: Sealed, manifest: Manifest) -> Found:
    held: Publication = each.publication
    said = {
        "version": (held.version, manifest["version"]),
        "approved_at": (_moment(held.approved_at), manifest["approved_at"]),
        "published_at": (_moment(held.published_at), manifest["published_at"]),
        "approved_by": (held.approved_by != held.published_by, manifest["two_people"]),
        "changes": (held.changes or {}, manifest["changes"]),
    }
    for column, (now, sealed) in said.items():
        if now != sealed:
            yield "publication", {"column": column}


def _of_run(files: EvidenceStore, each: Sealed, manifest: Manifest) -> Found:
    run, listed = each.run, {member.name: member.sha256 for member in manifest.members}
    said = {
        "number": (run.number, manifest["run"]),
        "snapshot_sha256": (run.snapshot_sha256, listed.get(SNAPSHOT)),
        "sheet_sha256": (run.sheet_sha256, listed.get(SHEET)),
        "framework_sha256": (run.framework_sha256, manifest["framework.sha256"]),
        "code_version": (run.code_version, manifest["scored_with"]),
    }
    for column, (now, sealed) in said.items():
        if now != sealed:
            yield "run", {"number": run.number, "column": column}
    for sha256 in (run.snapshot_sha256, run.sheet_sha256):
        try:
            files.get(sha256)
        except EvidenceGone:
            yield "run-file", {"number": run.number, "sha256": sha256}


def _of_data(
    session: Session, files: EvidenceStore, found: Round, newest: Sealed
) -> Iterator[Mismatch]:
    """What is adopted is what was sealed, unless two people reopened it."""
    if store.agreed_reopening(session, found) is not None:
        return
    try:
        sealed = runs.held_snapshot(files, newest.run.snapshot_sha256).by_cell
    except (EvidenceGone, ValueError):
        return
    now = runs.snapshot(session, found).by_cell
    for cell in sorted({*sealed, *now}):
        before, after = sealed.get(cell), now.get(cell)
        if _said(before) != _said(after):
            row = after or before
            facts = {"city": cell[0], "indicator": cell[1], "id": row.id if row else 0}
            yield Mismatch(found.code, newest.version, "observation", facts)


def _said(held: Adopted | None) -> tuple[Any, ...]:
    if held is None:
        return ()
    number = None if held.value is None else float(held.value)
    return number, held.not_applicable, held.method, held.unit, held.id, held.revision


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

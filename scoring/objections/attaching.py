"""Files of objections: the same door as evidence of a filing, but kept as they came.

A picture is looked at and drawn once to see that it is one; what is stored is the original, for it
may have to be shown to somebody who doubts it, and it is only ever handed out as a file to save.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evaluation.platform import audit, clock, evidence
from evaluation.platform.audit import Actor
from evaluation.platform.errors import Fault
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import N_
from scoring.objections import rules, store
from scoring.objections.models import Objection, ObjectionFile
from surveys.filings.attaching import EXTENSIONS, IMAGES, PDF, clean, safe_name
from surveys.filings.errors import FileRefused

SIGNED = N_("签字页须是扫描件：PDF 或图片（JPG、PNG、WebP）。")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived. ``kind``: a key of `rules.PURPOSES`."""

    kind: str
    name: str
    content: bytes


def attach(
    session: Session,
    files: EvidenceStore,
    who: Actor,
    held: Objection,
    uploads: Sequence[Upload],
) -> tuple[list[Fault], list[ObjectionFile]]:
    """Keep what may be kept: gives what is wrong with the others, and what is new."""
    faults: list[Fault] = []
    added: list[ObjectionFile] = []
    present = store.files_of(session, [held.id])
    known = {(each.kind, each.sha256) for each in present}
    for upload in uploads:
        try:
            _cleaned, media_type = clean(upload.content)
            _require_scan(upload.kind, media_type)
            if len(present) + len(added) >= rules.MAX_FILES:
                raise FileRefused(why=N_("一条异议最多 {limit} 个文件。"), limit=rules.MAX_FILES)
        except FileRefused as error:
            faults.append(_fault(upload, error))
            continue
        name = safe_name(upload.name, EXTENSIONS[media_type])
        sha256 = evidence.keep(
            session, files, who, upload.content, name=name, media_type=media_type
        )
        if (upload.kind, sha256) in known:
            continue
        known.add((upload.kind, sha256))
        row = ObjectionFile(
            objection_id=held.id,
            kind=upload.kind,
            sha256=sha256,
            name=name,
            size=len(upload.content),
            media_type=media_type,
            added_by=who.username,
            added_at=clock.now(),
        )
        session.add(row)
        added.append(row)
    session.flush()
    return faults, added


def remove(session: Session, who: Actor, held: Objection, row: ObjectionFile, about: str) -> None:
    """Take a file out of a draft. Raises `rules.Overtaken` once it was filed."""
    if held.state != rules.DRAFT or row.objection_id != held.id:
        raise rules.Overtaken(state=held.state)
    audit.record(
        session,
        who,
        "objection.file_removed",
        about,
        before={"kind": row.kind, "name": row.name, "sha256": row.sha256},
    )
    session.delete(row)
    held.revision += 1
    session.flush()


def _require_scan(kind: str, media_type: str) -> None:
    if kind == rules.SIGNATURE and media_type != PDF and media_type not in IMAGES:
        raise FileRefused(why=SIGNED)


def _fault(upload: Upload, error: FileRefused) -> Fault:
    name = safe_name(upload.name, "") if upload.name else ""
    return Fault(
        "file-refused",
        N_("“{name}”没有上传：{why}"),
        "",
        {"name": name, "why": error.explain()},
        column=upload.kind,
    )

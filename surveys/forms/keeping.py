"""A draft and everything it is made of, kept in the evidence store and the database."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy.orm import Session

from evaluation.platform import audit, clock, evidence
from evaluation.platform.audit import Actor, canonical
from evaluation.platform.evidence import EvidenceStore
from surveys.forms import store
from surveys.forms.doctor import Draft
from surveys.forms.document import dump
from surveys.forms.media import MediaFile
from surveys.forms.models import Form, FormMedia, FormVersion
from surveys.forms.transform import to_page

XFORM = "application/xml"


def kept(
    session: Session,
    evidence_store: EvidenceStore,
    who: Actor,
    draft: Draft,
    files: Sequence[MediaFile],
    *,
    source: str,
    name: str,
) -> FormVersion:
    """Keep everything of a draft behind its hash; an earlier draft of the form gives way."""
    document, xform = draft.document, draft.xform.encode()
    page = to_page(draft.xform)
    stem = f"{document.code}-v{document.number}"

    def keep(content: bytes, ending: str, media_type: str) -> str:
        return evidence.keep(
            session, evidence_store, who, content, name=f"{stem}.{ending}", media_type=media_type
        )

    form = store.form_by_code(session, document.code)
    if form is None:
        form = Form(code=document.code, created_by=who.username, created_at=clock.now())
        session.add(form)
        session.flush()
    replaced = store.draft(session, document.code)
    before = (
        None if replaced is None else {"source": replaced.source, "document": replaced.document}
    )
    if replaced is not None:
        remove(session, replaced)
        session.flush()
    made = FormVersion(
        form_id=form.id,
        number=document.number,
        state=store.DRAFT,
        title=document.title.zh or document.title.en,
        title_en=document.title.en,
        method=document.method,
        source=source,
        source_name=name[-255:],
        xform=keep(xform, "xml", XFORM),
        document=keep(dump(document), "json", "application/json"),
        page=keep(
            canonical({"form": page.form, "model": page.model}).encode(), "page", "application/json"
        ),
        md5=hashlib.md5(xform, usedforsecurity=False).hexdigest(),
        created_by=who.username,
        created_at=clock.now(),
    )
    session.add(made)
    session.flush()
    for file in files:
        _keep_media(session, evidence_store, who, made, file)
    session.flush()
    audit.record(
        session,
        who,
        "form.uploaded",
        subject(made),
        before=before,
        after={
            "source": made.source,
            "xform": made.xform,
            "document": made.document,
            "questions": len(document.questions),
            "media": [file.name for file in files],
        },
    )
    return made


def _keep_media(
    session: Session,
    evidence_store: EvidenceStore,
    who: Actor,
    version: FormVersion,
    file: MediaFile,
) -> None:
    sha256 = evidence.keep(
        session, evidence_store, who, file.content, name=file.name, media_type=file.media_type
    )
    session.add(
        FormMedia(
            version_id=version.id,
            name=file.name,
            sha256=sha256,
            md5=hashlib.md5(file.content, usedforsecurity=False).hexdigest(),
            size=len(file.content),
            media_type=file.media_type,
        )
    )


def remove(session: Session, version: FormVersion) -> None:
    """Take a version and the rows of its files away; what they named stays in the store."""
    for file in store.media(session, version.id):
        session.delete(file)
    session.flush()
    session.delete(version)
    session.flush()


def subject(version: FormVersion) -> str:
    """A version as the audit log names it."""
    return f"form:{version.form.code}@{version.number}"

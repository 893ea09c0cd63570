"""From an uploaded workbook to a published version, and out of use again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.framework.models import FrameworkVersion
from evaluation.framework.store import framework_of
from evaluation.framework.tree import Framework
from evaluation.platform import audit, clock, evidence
from evaluation.platform.audit import Actor
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.evidence import EvidenceStore
from surveys.forms import documents, media, store
from surveys.forms.doctor import Diagnosis, Draft, examine
from surveys.forms.errors import FormInUse, NotADraft, NothingNew, NotPublished
from surveys.forms.keeping import kept, remove, subject
from surveys.forms.models import Form, FormVersion

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Who writes forms; the auditor reads them.
AUTHORS = (roles.OFFICE, roles.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Examined:
    """What an upload would become: the doctor's word, and the files that came with it."""

    diagnosis: Diagnosis
    media: tuple[media.MediaFile, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        """What keeps it from being kept."""
        return self.diagnosis.errors


def upload(
    session: Session,
    evidence_store: EvidenceStore,
    who: Actor,
    content: bytes,
    name: str,
    media_files: Iterable[tuple[str, bytes]] = (),
) -> FormVersion:
    """Keep a workbook as the draft of its form's next version; an earlier draft gives way.

    Raises Faulty with every fault of the form doctor, and `NothingNew` where the newest
    published version says the same.
    """
    found = check(session, content, name, media_files)
    if found.errors or found.diagnosis.draft is None:
        raise Faulty(found.errors)
    draft = found.diagnosis.draft
    _require_new(session, evidence_store, draft, found)
    source = evidence.keep(session, evidence_store, who, content, name=name, media_type=XLSX)
    return kept(session, evidence_store, who, draft, found.media, source=source, name=name)


def check(
    session: Session, content: bytes, name: str, media_files: Iterable[tuple[str, bytes]] = ()
) -> Examined:
    """What the doctor says of a workbook, nothing kept. Raises Faulty where it is none."""
    files, faults = media.taken(media_files)
    said = examine(
        content,
        name,
        version=lambda code: next_number(session, code),
        framework=newest_framework(session),
        media=[each.name for each in files],
    )
    if faults:
        said = replace(said, faults=(*faults, *said.faults), draft=None)
    return Examined(said, tuple(files))


def warnings_of(
    session: Session, evidence_store: EvidenceStore, version: FormVersion
) -> tuple[Fault, ...]:
    """What the doctor would still have looked at in a draft; nothing of a published version."""
    if store.was_published(version):
        return ()
    said = examine(
        evidence_store.get(version.source),
        version.source_name,
        framework=newest_framework(session),
        media=[file.name for file in store.media(session, version.id)],
    )
    return said.warnings


def publish(session: Session, who: Actor, version: FormVersion) -> None:
    """Phones get it from now on; what began on an earlier version is finished on that.

    It never changes afterwards. A form out of use is in use again. Raises `NotADraft`.
    """
    now = clock.now()
    moved = session.execute(
        sa.update(FormVersion)
        .where(FormVersion.id == version.id, FormVersion.state == store.DRAFT)
        .values(state=store.PUBLISHED, published_by=who.username, published_at=now)
        .returning(FormVersion.id)
    ).scalar_one_or_none()
    if moved is None:
        raise NotADraft(code=version.form.code, number=version.number)
    session.refresh(version)
    retired = version.form.retired_at is not None
    version.form.retired_at = None
    audit.record(
        session,
        who,
        "form.published",
        subject(version),
        after={"xform": version.xform, "document": version.document, "was_retired": retired},
    )


def discard(session: Session, who: Actor, version: FormVersion) -> None:
    """Throw a draft away; a form that has nothing else goes with it. Raises `NotADraft`."""
    if version.state != store.DRAFT:
        raise NotADraft(code=version.form.code, number=version.number)
    form, named = version.form, subject(version)
    before = {"source": version.source, "document": version.document}
    remove(session, version)
    if not store.versions(session, form.code):
        session.delete(form)
    session.flush()
    audit.record(session, who, "form.discarded", named, before=before)


def retire(session: Session, who: Actor, form: Form) -> None:
    """Out of use: no new visit gets it; what was collected with it stays as it is.

    Raises `NotPublished`, and `FormInUse` while visits with it are out.
    """
    if store.newest_published(session, form.code) is None:
        raise NotPublished(code=form.code)
    count = store.visits_out(session, form.id, clock.now())
    if count:
        raise FormInUse(code=form.code, count=count)
    if form.retired_at is None:
        form.retired_at = clock.now()
        audit.record(session, who, "form.retired", f"form:{form.code}")


def restore(session: Session, who: Actor, form: Form) -> None:
    """In use again, with its newest published version."""
    if form.retired_at is not None:
        form.retired_at = None
        audit.record(session, who, "form.restored", f"form:{form.code}")


def next_number(session: Session, code: str) -> int:
    """The number that an upload of this form gets: its draft's, else one more than the newest."""
    newest = next(iter(store.versions(session, code)), None)
    if newest is None:
        return 1
    return newest.number if newest.state == store.DRAFT else newest.number + 1


def newest_framework(session: Session) -> Framework | None:
    """The framework brought in last, against which codes are looked up."""
    found = session.scalar(
        sa.select(FrameworkVersion).order_by(FrameworkVersion.id.desc()).limit(1)
    )
    return None if found is None else framework_of(found)


def _require_new(
    session: Session, evidence_store: EvidenceStore, draft: Draft, found: Examined
) -> None:
    document = draft.document
    newest = store.newest_published(session, document.code)
    if newest is None:
        return
    held = documents.document(evidence_store, newest)
    shown = {each.name: each.sha256 for each in store.media(session, newest.id)}
    same_files = shown == {
        each.name: hashlib.sha256(each.content).hexdigest() for each in found.media
    }
    before = documents.xform(evidence_store, newest)
    here = draft.xform.replace(_version(document.number), _version(newest.number), 1)
    if replace(document, number=newest.number) == held and here == before and same_files:
        raise NothingNew(code=document.code, number=newest.number)


def _version(number: int) -> str:
    return f' version="{number}">'

"""An accepted record, read: its form, its answers, and the files that prove them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evaluation.platform.evidence import EvidenceStore
from surveys.forms import answers as answering
from surveys.forms import documents
from surveys.forms.answers import Answers
from surveys.forms.document import FormDocument, Question
from surveys.forms.models import FormVersion
from surveys.readings import store
from surveys.submissions.models import Edition, Submission
from surveys.visits.models import Visit


@dataclass(frozen=True)
class Record:
    """A submission with everything that values and findings are made of.

    ``hashes`` holds, by the file's name in the record, what arrived and passed; ``media_types``
    what each of them is, by hash.
    """

    submission: Submission
    edition: Edition
    visit: Visit
    version: FormVersion
    document: FormDocument
    answers: Answers
    hashes: dict[str, str]
    media_types: dict[str, str]

    @property
    def counts(self) -> bool:
        """Whether it is a first look; a second look is compared with it and not counted."""
        return self.visit.second_of is None


def record(session: Session, evidence: EvidenceStore, submission: Submission) -> Record:
    """Read the edition that a submission stands for. Raises EvidenceGone, BadXml."""
    edition = store.edition_of(session, submission)
    version = store.version_of(session, edition.version_id)
    document = documents.document(evidence, version)
    files = store.files(session, [edition.id])
    return Record(
        submission,
        edition,
        store.visit_of(session, submission),
        version,
        document,
        answering.read(document, evidence.get(edition.xml)),
        {name: sha256 for _edition, name, sha256, _type in files},
        {sha256: media_type for _edition, _name, sha256, media_type in files},
    )


def proof(
    question: Question, document: FormDocument, answers: Answers, hashes: dict[str, str]
) -> list[tuple[str, str]]:
    """Media question and hash of the files that must accompany an answer, and of its own."""
    names: Iterable[str] = (*question.evidence, *([question.name] if question.is_media else ()))
    return [
        (name, hashes[file])
        for name in names
        if name in document.by_name
        for file in answers.of(name)
        if file in hashes
    ]

"""A round whose indicators are supplied by visits, a form, and accepted submissions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from evaluation.framework.tree import Framework
from evaluation.platform.audit import System
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds.models import Round
from surveys.forms.document import FormDocument, Question, Words, dump
from surveys.forms.models import FormVersion
from surveys.submissions.models import Submission
from surveys.visits.models import Visit
from tests.factories.field import a_document, a_form, a_visit
from tests.factories.province import a_round, small_framework
from tests.surveys.photos import samples
from tests.surveys.photos.records import a_submission

REVIEWER = System("second", "supervisor")


def field_framework() -> Framework:
    """The small framework, where visits may supply I1 beside the cities' own filing."""
    small = small_framework()
    nodes = tuple(
        replace(node, methods=("full_filing", "inspection")) if node.code == "I1" else node
        for node in small.nodes
    )
    measures = (
        replace(small.measures[0], responsible_unit="省示例局", text_en="Example measure one"),
    )
    return replace(small, nodes=nodes, measures=measures)


def a_field_round(session: Session, **changes: Any) -> Round:
    """A round in collection whose I1 is supplied by inspection."""
    return a_round(session, framework=field_framework(), **changes)


def a_document_with(*more: tuple[str, str], evidence: tuple[str, ...] = ()) -> FormDocument:
    """The small form with further number questions (name, indicator); *evidence* of minutes."""
    small = a_document()
    questions = [
        replace(each, evidence=evidence) if each.name == "minutes" else each
        for each in small.questions
    ]
    questions += [
        Question(
            name, f"/data/{name}", "decimal", 10, Words(name), indicator=code, score_rule="value"
        )
        for name, code in more
    ]
    return replace(small, questions=tuple(questions))


def a_form_of(session: Session, store: EvidenceStore, document: FormDocument) -> FormVersion:
    """A published version that asks what *document* says."""
    version = a_form(session, store, document.code)
    version.document = store.put(dump(replace(document, number=version.number)))
    session.flush()
    return version


def a_record(
    session: Session,
    store: EvidenceStore,
    found: Round,
    version: FormVersion | None = None,
    *,
    city: str = "C1",
    evaluator: str = "evelyn.wu",
    state: str = "accepted",
    second_of: Visit | None = None,
    photo: bytes | None = b"",
    **answers: Any,
) -> Submission:
    """A submission of a visit of its own, by default accepted, with a photo of its own."""
    version = version or a_form(session, store)
    visit = a_visit(
        session, found, version, evaluator, city, second_of=second_of.id if second_of else None
    )
    body = samples.located() + visit.code.lower().encode() if photo == b"" else photo
    files = {f"{visit.code}.jpg": body} if body is not None else {}
    return a_submission(session, store, visit, version, state=state, files=files, **answers)

"""What pages say of forms: lists, counts, rules in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import _, current_locale
from surveys.forms import documents, store
from surveys.forms import vocabulary as words
from surveys.forms.diff import PARTS, Change
from surveys.forms.document import FormDocument, Question
from surveys.forms.models import FormVersion
from surveys.forms.score_rules import ACROSS, ScoreRuleError, parse

__all__ = ["ACROSS", "SEVERITIES", "by_item", "counts", "forms", "groups", "rule_said", "type_name"]
SEVERITIES = words.SEVERITIES


@dataclass(frozen=True, slots=True)
class Listed:
    """A form on the list: its newest version, the published one, and how much it is used."""

    newest: FormVersion
    published: FormVersion | None
    questions: int
    visits: int

    @property
    def state(self) -> str:
        """``draft``, ``published`` or ``retired``, of the form as a whole."""
        if self.newest.form.retired_at is not None:
            return "retired"
        return store.DRAFT if self.published is None else store.PUBLISHED


def forms(session: Session, evidence: EvidenceStore) -> list[Listed]:
    """Every form by its id; those in use first."""
    visits = store.visits_with(session)
    by_form: dict[int, list[FormVersion]] = {}
    for version in store.everything(session):
        by_form.setdefault(version.form_id, []).append(version)
    found = []
    for form_id, versions in by_form.items():
        published = next((each for each in versions if store.was_published(each)), None)
        document = documents.document(evidence, published or versions[0])
        asked = sum(1 for _question in document.asked())
        found.append(Listed(versions[0], published, asked, visits.get(form_id, 0)))
    return sorted(found, key=lambda each: each.state == "retired")


def counts(document: FormDocument) -> dict[str, int]:
    """Questions asked, required ones, indicators, checkpoints, media."""
    asked = list(document.asked())
    return {
        "asked": len(asked),
        "required": sum(question.required for question in asked),
        "indicators": len({q.indicator for q in document.questions if q.indicator}),
        "checkpoints": sum(bool(question.fails_when) for question in document.questions),
        "media": sum(question.is_media for question in asked),
        "integrity": sum(bool(question.integrity) for question in asked),
    }


def groups(document: FormDocument) -> list[tuple[str, list[Question]]]:
    """Questions under the group they stand in, in the form's order."""
    found: list[tuple[str, list[Question]]] = []
    for question in document.questions:
        place = document.place(question)
        if not found or found[-1][0] != place:
            found.append((place, []))
        found[-1][1].append(question)
    return found


def rule_said(text: str) -> str:
    """A score rule in words; the rule itself where it cannot be read."""
    try:
        return parse(text).said()
    except ScoreRuleError:
        return text


def type_name(question: Question) -> str:
    """The kind of a question as the reader's language calls it."""
    also = words.TYPES.get(question.kind, ())
    return also[0] if also and current_locale() == "zh" else question.kind.replace("_", " ")


def by_item(changes: Iterable[Change]) -> list[tuple[str, list[tuple[str, Sequence[Change]]]]]:
    """Changes under their part and item, in order."""
    parts: dict[str, dict[str, list[Change]]] = {part: {} for part in PARTS}
    for change in changes:
        parts[change.part].setdefault(change.item, []).append(change)
    return [
        (_(PARTS[part]), [(item, found) for item, found in items.items()])
        for part, items in parts.items()
        if items
    ]

"""Which answers are findings, and who may know of which. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.framework.tree import Framework
from evaluation.platform.i18n import N_
from evaluation.rounds.rules import is_public
from surveys.findings.models import Finding
from surveys.forms.answers import Answers
from surveys.forms.document import NUMBERS, SELECTS, FormDocument, Question
from surveys.forms.score_rules import fails
from surveys.photos.kinds import kind_named

OPEN, WITHDRAWN = "open", "withdrawn"
HIGH, MEDIUM, LOW = "high", "medium", "low"
SEVERITIES = {HIGH: N_("严重"), MEDIUM: N_("一般"), LOW: N_("轻微")}
SEVERITY_BADGES = {HIGH: "conflict", MEDIUM: "pending", LOW: "saved"}

#: Those who look after field work, and see where a finding comes from.
INSIDE = frozenset({roles.OFFICE, roles.SUPERVISOR, roles.AUDITOR})
#: Those who learn of findings with the publication.
OUTSIDE = frozenset({roles.CLERK, roles.APPROVER, roles.DEPARTMENT, roles.LEADER})
READERS = (*sorted(INSIDE), *sorted(OUTSIDE))

#: Answers to these say nothing but what the form's author wrote, or a number.
TOLD = SELECTS | NUMBERS | {"calculate"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of a finding. ``shown`` is whether it may be seen outside."""

    sha256: str
    media_type: str
    shown: bool

    @property
    def is_picture(self) -> bool:
        """Whether there is something to look at."""
        return kind_named(self.media_type).displayable


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose findings somebody may see; None means all."""

    cities: Collection[str] | None = None
    department: str | None = None


def pieces(finding: Finding) -> dict[int, Piece]:
    """The files of a finding by their number, from 1."""
    return {
        number: Piece(each["sha256"], each["media_type"], each["shown"])
        for number, each in enumerate(finding.evidence, 1)
    }


def failed(document: FormDocument, answers: Answers) -> list[Question]:
    """The checkpoints that failed, in the order of the form."""
    return [question for question in document.questions if fails(question, answers)]


def department_of(question: Question, framework: Framework) -> str:
    """Who has to put it right: as the form says, else as the framework says of the measure."""
    if question.department:
        return question.department
    measure = next((each for each in framework.measures if each.no == question.measure), None)
    return measure.responsible_unit if measure else ""


def severity_of(question: Question) -> str:
    """How grave it is; medium where the form does not say."""
    return question.severity if question.severity in SEVERITIES else MEDIUM


def is_told(question: Question) -> bool:
    """Whether its answer may be told: what a visitor typed may tell who, where and when."""
    return question.kind in TOLD


def may_be_shown(question: Question, media_type: str) -> bool:
    """Whether the file of a media question may be shown outside: a picture of the place.

    Sound and film carry a voice, a signature a name; they stay inside.
    """
    is_signature = question.kind == "signature" or "signature" in question.appearance.split()
    return kind_named(media_type).displayable and not is_signature


def scope_of(who: Principal, round_state: str) -> Scope | None:
    """What *who* may see of a round's findings; None where that is nothing at all.

    Those inside see them as they come, a supervisor those of their cities. A city sees its own, a
    department its own and a leader all of them, from publication on.
    """
    if who.role in INSIDE:
        limited = who.role == roles.SUPERVISOR and who.cities
        return Scope(who.cities if limited else None)
    if not is_public(round_state):
        return None
    if who.role in roles.OF_A_CITY:
        return Scope(who.cities)
    if who.role == roles.DEPARTMENT:
        return Scope(department=who.department) if who.department else None
    return Scope() if who.role == roles.LEADER else None

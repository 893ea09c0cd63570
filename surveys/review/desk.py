"""Who stands at the desk: the round, the person, and what the application gives to reviewers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evaluation.accounts.principal import Principal
from evaluation.platform.errors import NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.pages import AnyRequest
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.review import rules
from surveys.submissions.models import Submission
from surveys.visits import masking

#: What follows when a record is accepted, or opened again: values and findings come and go.
Hook = Callable[[Session, EvidenceStore, Principal, Submission], object]


@dataclass(frozen=True, slots=True)
class Desk:
    """A person before the records of a round."""

    who: Principal
    round: Round
    store: EvidenceStore
    secret: str
    timezone: str = "Asia/Shanghai"
    accepted: tuple[Hook, ...] = ()
    reopened: tuple[Hook, ...] = ()

    @property
    def home(self) -> str:
        """Address of the queue."""
        return f"/rounds/{self.round.code}/submissions"

    @property
    def reviews(self) -> bool:
        """Whether this person takes steps, and so may know who collected what."""
        return self.who.role in rules.REVIEWERS

    def alias(self, username: str) -> str:
        """What stands for an evaluator in addresses, in the log and before an auditor."""
        return masking.alias(self.secret, username)


def sit(request: AnyRequest, session: Session, code: str) -> Desk:
    """The desk of whoever asks. Raises `NotFound` unless they may read that round's records."""
    who: Principal = request.user
    if who.role not in rules.READERS:
        raise NotFound(round=code)
    state = request.app.state
    return Desk(
        who,
        rounds.get(session, who, code),
        state.evidence,
        state.settings.secret,
        state.settings.timezone,
        tuple(state.get("accepted", ())),
        tuple(state.get("reopened", ())),
    )

"""A round whose sites were looked at twice, by evaluators of known severity."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

from sqlalchemy.orm import Session

from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import rules, store
from evaluation.rounds.models import Round
from tests.surveys.review.submitted import Field, a_field, submit

#: What the first and the second of two people said of the same sign; minutes differ by one.
Said = tuple[str, str]
AGREE: Sequence[Said] = (("yes", "yes"), ("no", "no"))
DIFFER: Sequence[Said] = (("yes", "no"), ("no", "yes"))
PEOPLE = (("evelyn.wu", "adam.li"), ("adam.li", "bella.qi"), ("bella.qi", "evelyn.wu"))


def looked_twice(
    session: Session,
    files: EvidenceStore,
    said: Sequence[Said],
    *,
    state: str = rules.VERIFYING,
    alone: int = 0,
    city: str = "C1",
) -> Round:
    """One accepted pair for each of *said*, and *alone* records that nobody looked at again."""
    field = a_field(session, files)
    for at, (pair, people) in enumerate(zip(said, cycle(PEOPLE), strict=False)):
        look_twice(field, pair, people, minutes=10 + at, city=city)
    for _ in range(alone):
        submit(field, evaluator="evelyn.wu", state="accepted", city=city)
    field.round.state = state
    session.flush()
    return store.by_code(session, "R1")


def look_twice(
    field: Field, said: Said, people: tuple[str, str], *, minutes: int = 10, city: str = "C1"
) -> None:
    """Two accepted records of one site."""
    first = field.visit(people[0], city)
    submit(field, visit=first, sign=said[0], minutes=minutes, state="accepted")
    again = field.visit(people[1], city, site=first.site, second_of=first.id)
    submit(field, visit=again, sign=said[1], minutes=minutes + 1, state="accepted")

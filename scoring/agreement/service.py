"""What a round asks of agreement: set, checked, and passed over for a written reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from evaluation.platform.errors import DomainError, Fault, Faulty
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import N_, _
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from scoring.agreement import judging, looks
from scoring.agreement.looks import FormLooks, Seen
from scoring.agreement.requirement import Requirement, held
from scoring.raters.gate import Verdict

#: What is asked may be set freely in the first, and for a written reason in the others.
FREE = (round_rules.PLANNED,)
REASONED = (round_rules.COLLECTING, round_rules.VERIFYING)


class NothingAsked(DomainError):
    """The round asks nothing of agreement."""

    code = "nothing-asked"
    title = N_("本轮没有一致性要求")
    detail = N_("请先设定要求，再核对。")


class NothingShort(DomainError):
    """There is nothing to pass over."""

    code = "nothing-short"
    title = N_("没有未达要求的项")
    detail = N_("只有核对后未达要求时，才需要写明理由继续。请刷新页面。")


@dataclass(frozen=True)
class Judged:
    """A form with its agreement and what the requirement says of it (empty: asks nothing)."""

    looks: FormLooks
    agreed: judging.Agreed
    verdicts: tuple[Verdict, ...]

    @property
    def numeric(self) -> frozenset[str]:
        """Which items are numbers."""
        return frozenset(item for item in self.looks.judged if self.looks.numeric(item))


def require(
    session: Session, who: Actor, found: Round, asked: Requirement | None, *, reason: str = ""
) -> None:
    """Set what the round asks of agreement; None asks nothing. What was checked is forgotten.

    Raises `RoundClosed` once it is scored, and `Faulty` without a reason once it has begun.
    """
    found = rounds.lock(session, found)
    if found.state not in (*FREE, *REASONED):
        raise round_rules.RoundClosed(state=_(round_rules.STATES[found.state]))
    if found.state in REASONED and not reason.strip():
        what = N_("采集开始之后修改要求，须写明原因。")
        raise Faulty([Fault("reason-needed", what, column="reason")])
    before = held(found.agreement)
    if before == asked:
        return
    found.agreement = {} if asked is None else asked.stored()
    _record(
        session,
        who,
        found,
        "agreement.required",
        before=None if before is None else before.stored(),
        after={"asked": dict(found.agreement), "reason": reason.strip()},
    )


def judge(asked: Requirement | None, forms: Sequence[FormLooks]) -> list[Judged]:
    """Agreement of every form; verdicts on those whose method the requirement covers."""
    made = []
    for each in forms:
        numeric = frozenset(item for item in each.judged if each.numeric(item))
        found = judging.agreed(each.pairs, numeric)
        covered = asked is not None and each.method in asked.methods
        said = judging.verdicts(asked, found, numeric) if asked and covered else ()
        made.append(Judged(each, found, said))
    return made


def check(session: Session, store: EvidenceStore, who: Actor, found: Round) -> bool:
    """Hold the records against what is asked, and keep the outcome; True where all is met.

    Raises `NothingAsked`, `RoundClosed` once the round is scored.
    """
    found = rounds.lock(session, found)
    asked = held(found.agreement)
    if asked is None:
        raise NothingAsked
    if found.state not in REASONED:
        raise round_rules.RoundClosed(state=_(round_rules.STATES[found.state]))
    seen = looks.records(session, found.id, None)
    forms = looks.by_form(store, seen, str)
    wanting = [*_shares(asked, forms), *_short(asked, forms)]
    outcome = {
        "fingerprint": looks.fingerprint(found, seen),
        "short": wanting,
        "by": who.username,
        "at": clock.now().isoformat(),
    }
    kept = {key: value for key, value in found.agreement.items() if key != "found"}
    if [_what(each) for each in wanting] != [
        _what(each) for each in found.agreement.get("found", {}).get("short", ())
    ]:
        kept.pop("waived", None)  # somebody passed over something else
    found.agreement = {**kept, "found": outcome}
    _record(session, who, found, "agreement.checked", after={"short": wanting})
    return not wanting


def waive(session: Session, who: Actor, found: Round, *, reason: str) -> None:
    """Let the round be scored although something is short, for a reason everybody can read.

    Raises `NothingShort`, `ReasonNeeded`, `RoundClosed`.
    """
    found = rounds.lock(session, found)
    if found.state not in REASONED:
        raise round_rules.RoundClosed(state=_(round_rules.STATES[found.state]))
    wanting = found.agreement.get("found", {}).get("short", [])
    if not wanting:
        raise NothingShort
    if not reason.strip():
        raise round_rules.ReasonNeeded
    said = {"reason": reason.strip()[:2000], "by": who.username, "at": clock.now().isoformat()}
    found.agreement = {**found.agreement, "waived": said}
    _record(
        session, who, found, "agreement.waived",
        after={"short": wanting, "reason": said["reason"]},
    )  # fmt: skip


def current(found: Round, seen: Sequence[Seen]) -> bool:
    """Whether what was checked is what is there now."""
    kept: dict[str, Any] = found.agreement.get("found", {})
    return kept.get("fingerprint") == looks.fingerprint(found, seen)


def _short(asked: Requirement, forms: Sequence[FormLooks]) -> Iterator[dict[str, Any]]:
    for each in judge(asked, forms):
        for verdict in judging.short(each.verdicts):
            agreed = each.agreed.items.get(verdict.item) or each.agreed.choices
            alpha = agreed.alpha if agreed else None
            question = each.looks.judged.get(verdict.item)
            yield {
                "kind": "agreement",
                "form": each.looks.code,
                "title": [each.looks.document.title.zh, each.looks.document.title.en],
                "item": verdict.item,
                "label": [question.label.zh, question.label.en] if question else ["", ""],
                "indicator": question.indicator if question else "",
                "why": [problem.code for problem in verdict.reasons],
                "value": verdict.value,
                "alpha": [alpha.value, alpha.low, alpha.high] if alpha else None,
                "pairs": agreed.pairs if agreed else 0,
            }


def _shares(asked: Requirement, forms: Sequence[FormLooks]) -> Iterator[dict[str, Any]]:
    for method in asked.methods:
        own = [each for each in forms if each.method == method]
        first, again = sum(each.first for each in own), sum(each.again for each in own)
        if first and 100 * again < asked.share * first:
            yield {"kind": "share", "method": method, "first": first, "again": again}


def _what(short: dict[str, Any]) -> tuple[Any, ...]:
    """What is short, however short it is."""
    return tuple(short.get(key) for key in ("kind", "method", "form", "item"))


def _record(session: Session, who: Actor, found: Round, action: str, **said: Any) -> None:
    found.revision += 1
    session.flush()
    audit.record(session, who, action, f"round:{found.code}", **said)

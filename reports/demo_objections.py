"""Objections of the demonstration: a published round with one accepted and one rejected."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evaluation.accounts.service import principal_of
from evaluation.framework.methods import FULL_FILING
from evaluation.framework.tree import Node
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from reports.demo_filings import picture
from scoring.objections import deciding, rules, service
from scoring.objections.attaching import Upload
from scoring.objections.deciding import Verdict
from scoring.objections.service import Asked
from surveys.observations import store as observations

CITY = "620500"
LETTER = "演示：来函确认无异议（虚构）"


def object_and_decide(session: Session, store: EvidenceStore, found: Round) -> None:
    """Tianshui objects to two indicators; the second administrator decides."""
    better, worse = _two(session, found)
    _decided(
        session,
        store,
        found,
        better[0],
        "复核台账时发现把上季度的数计入了本季度，附更正后的台账。（演示）",
        better[1],
        Verdict(True, "更正后的台账与系统记录一致，予以采纳。（演示）", better[1]),
    )
    _decided(
        session,
        store,
        found,
        worse[0],
        "认为口径与往年不同，要求按往年口径计。（演示）",
        worse[1],
        Verdict(False, "本轮口径在方案中已写明，各市州一致，不予采纳。（演示）"),
    )


def all_agree(session: Session, found: Round) -> None:
    """Every city has written that it agrees, so that the round may go on."""
    cities = [unit.code for unit in rounds.framework(found).units]
    office = principal_of(session, "office")
    service.consent_on_paper(session, office, found, cities, reference=LETTER)


def _decided(
    session: Session,
    store: EvidenceStore,
    found: Round,
    node: Node,
    reasons: str,
    asked: float,
    verdict: Verdict,
) -> None:
    approver = principal_of(session, "approver.tianshui")
    uploads = [
        Upload(rules.EVIDENCE, "演示台账.png", picture(f"LEDGER {node.code}")),
        Upload(rules.SIGNATURE, "演示签字页.png", picture(f"SIGNED {node.code}")),
    ]
    held, _faults = service.prepare(
        session, store, approver, found, CITY, node.code, Asked(reasons, asked), uploads
    )
    service.file(session, approver, found, CITY, node.code, read=held.revision)
    for username, said in (
        ("office", "已请牵头部门核对台账。（演示）"),
        ("supervisor", "采集时的记录与市州填报一致，以台账为准。（演示）"),
    ):
        who = principal_of(session, username)
        deciding.answer(session, store, who, found, CITY, node.code, said)
    second = principal_of(session, "office2")
    deciding.decide(session, store, second, found, CITY, node.code, verdict, read=held.revision)


def _two(session: Session, found: Round) -> list[tuple[Node, float]]:
    """Two indicators that the city filed, each with a value a little better than its own."""
    framework = rounds.framework(found)
    made: list[tuple[Node, float]] = []
    for each in observations.observations(session, found.id, cities=[CITY], method=FULL_FILING):
        node = framework.by_code[each.indicator]
        if not each.adopted or each.value is None or node.best is None or node.worst is None:
            continue
        better = round(each.value + (node.best - each.value) / 3, node.decimals or 0)
        if better != each.value and abs(node.best - each.value) > 0.1 * abs(node.best - node.worst):
            made.append((node, better))
        if len(made) == 2:
            break
    return made

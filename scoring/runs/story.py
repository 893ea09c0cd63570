"""What scoring adds to the round's story: tasks, blockers and the step in the side bar."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.names import display_names
from evaluation.accounts.principal import Principal
from evaluation.platform.i18n import _, named
from evaluation.rounds import rules as rounds
from evaluation.rounds.models import Round
from evaluation.rounds.story import Blocker, NavStep, Task
from scoring.runs import service, store


def tasks(session: Session, who: Principal, found: Round) -> list[Task]:
    """For the office: score, confirm, approve; for another than the approver: publish."""
    if who.role != roles.OFFICE:
        return []
    href, name = f"/rounds/{found.code}/scoring", named(found.name, found.name_en)
    if found.state == rounds.VERIFYING:
        newest = store.latest(session, found)
        title = (
            _("计算“{name}”的得分", name=name)
            if newest is None
            else _("确认“{name}”的评分", name=name)
        )
        return [Task(title, href, _("核验完成后计算得分，确认后本轮转入“已评分”。"))]
    if found.state == rounds.OBJECTION:
        return [
            Task(
                _("审定“{name}”的结果", name=name),
                href,
                _("异议处理完毕后审定；发布须由另一位管理员进行。"),
                found.objection_closes_at,
            )
        ]
    pending = store.waiting(session, found)
    if pending is None or pending.publication is None:
        return []
    if pending.publication.approved_by == who.username:
        return []
    title = _("发布“{name}”的结果", name=name)
    approver = pending.publication.approved_by
    called = display_names(session, [approver]).get(approver, approver)
    return [Task(title, href, _("已由 {who} 审定，等待您发布。", who=called))]


def blockers(session: Session, found: Round, target: str) -> list[Blocker]:
    """A round is scored by a run of what is adopted now, approved by an approval."""
    href = f"/rounds/{found.code}/scoring"
    if target == rounds.SCORED:
        newest = store.latest(session, found)
        if newest is None:
            return [Blocker(_("还没有计算得分。"), href)]
        if service.is_stale(session, found, newest):
            return [
                Blocker(
                    _("第 {number} 次计算之后数据有变动，请重新计算。", number=newest.number), href
                )
            ]
    if target == rounds.OBJECTION and store.latest(session, found) is None:
        return [Blocker(_("还没有计算得分。"), href)]
    return []


def steps(who: Principal, found: Round) -> list[NavStep]:
    """评分, for those who may see results before they are published."""
    if not who.sees_unpublished:
        return []
    at = rounds.ORDER.index(found.state)
    state = "waiting"
    if at > rounds.ORDER.index(rounds.APPROVED):
        state = "done"
    elif at >= rounds.ORDER.index(rounds.VERIFYING):
        state = "active"
    return [NavStep("scoring", _("评分"), f"/rounds/{found.code}/scoring", state)]

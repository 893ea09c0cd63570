"""The home page: what waits for whom, by when."""

from __future__ import annotations

from litestar import Controller, Response, get
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import signed_in
from evaluation.accounts.principal import Principal
from evaluation.platform import clock, pages
from evaluation.platform.i18n import N_, _, named
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from evaluation.rounds import rules, service, store
from evaluation.rounds.models import Round
from evaluation.rounds.story import Story, Task, story_of

#: What the home page says to a role for which nothing waits: where its work will turn up.
IDLE = {
    roles.OFFICE: N_("有提交的填报、需要核验、评分或发布的轮次时，会按期限列在这里。"),
    roles.CLERK: N_("有需要填报或退回修改的指标时，会按期限列在这里。"),
    roles.APPROVER: N_("有需要核对并提交的填报时，会按期限列在这里。"),
    roles.SUPERVISOR: N_("各市州的填报进度和核验情况在下面各轮次的页面里。"),
    roles.EVALUATOR: N_("派给您的访查和退回补正的记录会按期限列在这里。"),
    roles.AUDITOR: N_("每一次改动都记在审计日志里，可以查看，也可以校验是否完整。"),
    roles.DEPARTMENT: N_("结果发布后会列在这里。"),
    roles.LEADER: N_("结果发布后会列在这里。"),
}


class HomeController(Controller):
    """What waits for me, by when."""

    include_in_schema = False
    guards = [signed_in]

    @get("/", sync_to_thread=True)
    def home(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """The home page of every role."""
        who: Principal = request.user
        story = story_of(request)
        rounds = store.visible(db_session, who)
        tasks = [
            task for each in rounds for find in story.tasks for task in find(db_session, who, each)
        ]
        tasks += [task for each in rounds for task in moves(db_session, who, story, each)]
        tasks.sort(key=lambda task: (task.due is None, task.due or clock.now()))
        return pages.render(
            request,
            "home.html",
            tasks=tasks,
            home_rounds=rounds,
            rules=rules,
            idle=_(IDLE[who.role]),
        )


def moves(session: Session, who: Principal, story: Story, found: Round) -> list[Task]:
    """The next steps of a round before publication that this person may take now.

    Steps back, and those with a page of their own (whose slice tells of them), are left out.
    """
    if rules.is_public(found.state):
        return []
    return [
        Task(
            _("{label}：{name}", label=_(step.label), name=named(found.name, found.name_en)),
            f"/rounds/{found.code}",
            _("前一步已经办完，可以转入“{state}”。", state=_(rules.STATES[step.target])),
        )
        for step in rules.steps_from(found.state)
        if who.role in step.roles
        and not (step.back or step.at)
        and not service.blockers(session, story, found, step.target)
    ]

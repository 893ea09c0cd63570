"""The demonstration accounts: shown on the sign-in page in demo mode and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from evaluation.accounts import roles, service
from evaluation.platform.audit import Actor
from evaluation.platform.i18n import N_, _

PASSWORD = "Demo-Shuiqi-2026"  # noqa: S105 - printed for everybody, in demo mode only


@dataclass(frozen=True)
class DemoAccount:
    """One account of the demonstration province."""

    username: str
    role: str
    display_name: str
    cities: tuple[str, ...] = ()
    department: str = ""
    password: str = PASSWORD

    @property
    def role_name(self) -> str:
        """The role in the current language."""
        return _(roles.NAMES[self.role])


DEMO_ACCOUNTS = (
    DemoAccount("leader", roles.LEADER, N_("演示·分管领导")),
    DemoAccount("clerk.tianshui", roles.CLERK, N_("演示·天水填报员"), ("620500",)),
    DemoAccount("approver.tianshui", roles.APPROVER, N_("演示·天水审核员"), ("620500",)),
    DemoAccount("clerk.lanzhou", roles.CLERK, N_("演示·兰州填报员"), ("620100",)),
    DemoAccount("office", roles.OFFICE, N_("演示·省级管理员甲")),
    DemoAccount("office2", roles.OFFICE, N_("演示·省级管理员乙")),
    DemoAccount("supervisor", roles.SUPERVISOR, N_("演示·评价督导甲")),
    DemoAccount("supervisor2", roles.SUPERVISOR, N_("演示·评价督导乙")),
    DemoAccount("evaluator", roles.EVALUATOR, N_("演示·评价员甲")),
    DemoAccount("evaluator2", roles.EVALUATOR, N_("演示·评价员乙")),
    DemoAccount("evaluator3", roles.EVALUATOR, N_("演示·评价员丙")),
    DemoAccount(
        "department", roles.DEPARTMENT, N_("演示·责任部门"), (), N_("政务服务部门（示例）")
    ),
    DemoAccount("auditor", roles.AUDITOR, N_("演示·审计员")),
)


def add_demo_accounts(session: Session, who: Actor) -> None:
    """Create the demonstration accounts, ready to use without a change of password."""
    for account in DEMO_ACCOUNTS:
        service.add_user(
            session,
            who,
            username=account.username,
            role=account.role,
            display_name=account.display_name,
            cities=account.cities,
            department=account.department,
            password=account.password,
            must_change_password=False,
        )

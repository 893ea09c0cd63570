"""What filing adds to the pages of a round: tasks, blockers, a panel, a step."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.framework.methods import FULL_FILING
from evaluation.platform import clock, pages
from evaluation.platform.i18n import N_, _, listed, named
from evaluation.platform.pages import AnyRequest
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from evaluation.rounds.story import Blocker, NavStep, Task
from surveys.filings import overview, progress_store, rules, store
from surveys.filings.desk import WATCHERS
from surveys.filings.overview import Standing

FILERS = (roles.CLERK, roles.APPROVER)


def tasks(session: Session, who: Principal, found: Round) -> list[Task]:
    """What waits for a clerk, an approver or the office."""
    if who.role == roles.OFFICE:
        return _office(session, found)
    if who.role not in FILERS or found.state != round_rules.COLLECTING:
        return []
    cities = [c for c in rounds.framework(found).unit_by_code if who.sees_filing(c)]
    make = _clerk if who.role == roles.CLERK else _approver
    return [
        task
        for standing in overview.standings(session, found, cities)
        if (task := make(session, found, standing)) is not None
    ]


def blockers(session: Session, found: Round, target: str) -> list[Blocker]:
    """Verifying waits for every city's submission, scoring for the office's acceptance.

    A city is not waited for where the framework names no filing, or where other methods have
    already supplied everything that it would file.
    """
    move = (found.state, target)
    if move == (round_rules.COLLECTING, round_rules.VERIFYING):
        waited_for: tuple[str, ...] = (rules.OPEN, rules.RETURNED)
        text = N_("{count} 个市州还没有提交填报：{cities}")
    elif move == (round_rules.VERIFYING, round_rules.SCORED):
        waited_for = (rules.OPEN, rules.RETURNED, rules.SUBMITTED)
        text = N_("{count} 个市州的填报还没有采信：{cities}")
    else:
        return []
    named_ones = [
        node.code
        for node in rules.indicators(rounds.framework(found))
        if FULL_FILING in node.methods
    ]
    supplied = progress_store.supplied(session, found.id, named_ones)
    waiting = [
        standing
        for standing in overview.standings(session, found)
        if standing.state in waited_for and supplied.get(standing.city.code, 0) < len(named_ones)
    ]
    if not waiting:
        return []
    said = _(text, count=len(waiting), cities=_list(waiting))
    return [Blocker(said, f"/rounds/{found.code}/filing")]


def panel(request: AnyRequest, session: Session, found: Round) -> Markup | None:
    """Progress by city, for those who see more than one; those who file go from it to theirs."""
    if request.user.role not in (*WATCHERS, *FILERS) or found.state == round_rules.PLANNED:
        return None
    cities = [c for c in rounds.framework(found).unit_by_code if request.user.sees_filing(c)]
    text = (
        pages.environment()
        .get_template("filing_panel.html")
        .render(shown=found, standings=overview.standings(session, found, cities), rules=rules)
    )
    return Markup(text)  # noqa: S704 - an autoescaped template of ours


def steps(who: Principal, found: Round) -> Sequence[NavStep]:
    """采集, for those who file or watch filing."""
    if who.role not in (*WATCHERS, *FILERS):
        return []
    order = round_rules.ORDER
    at, mine = order.index(found.state), order.index(round_rules.COLLECTING)
    state = "active" if at == mine else ("done" if at > mine else "waiting")
    return [NavStep("filing", _("采集"), f"/rounds/{found.code}/filing", state)]


def _clerk(session: Session, found: Round, standing: Standing) -> Task | None:
    city = named(standing.city.name, standing.city.name_en)
    href = f"/rounds/{found.code}/filing/{standing.city.code}"
    if standing.state == rules.RETURNED:
        cells = store.cells(session, found.id, standing.city.code).values()
        count = sum(cell.state == rules.RETURNED for cell in cells)
        if not count:
            return None
        return Task(
            _("修改退回的 {count} 项指标（{city}）", count=count, city=city),
            href,
            named(found.name, found.name_en),
            found.filing_closes_at,
            standing.light,
        )
    if standing.state == rules.OPEN and clock.now() > found.filing_closes_at:
        return _overdue(found, standing)
    if standing.state != rules.OPEN or standing.filled == standing.total:
        return None
    return Task(
        _("填报{city}数据", city=city),
        href,
        _("{round}：已填 {filled} / {total}", round=named(found.name, found.name_en),
          filled=standing.filled, total=standing.total),
        found.filing_closes_at,
        standing.light,
    )  # fmt: skip


def _approver(session: Session, found: Round, standing: Standing) -> Task | None:
    if standing.state == rules.OPEN and clock.now() > found.filing_closes_at:
        return _overdue(found, standing)
    if standing.state not in (rules.OPEN, rules.RETURNED):
        return None
    city = named(standing.city.name, standing.city.name_en)
    return Task(
        _("核对并提交{city}的填报", city=city),
        f"/rounds/{found.code}/filing/{standing.city.code}/check",
        _("{round}：已填 {filled} / {total}", round=named(found.name, found.name_en),
          filled=standing.filled, total=standing.total),
        found.filing_closes_at,
        standing.light,
    )  # fmt: skip


def _overdue(found: Round, standing: Standing) -> Task:
    return Task(
        _("填报已截止，{city}没有提交", city=named(standing.city.name, standing.city.name_en)),
        f"/rounds/{found.code}/filing/{standing.city.code}",
        _("{round}：需要补报，请联系省级管理员退回填报。", round=named(found.name, found.name_en)),
        found.filing_closes_at,
        standing.light,
    )


def _office(session: Session, found: Round) -> list[Task]:
    if found.state not in (round_rules.COLLECTING, round_rules.VERIFYING):
        return []
    standings = overview.standings(session, found)
    waiting = [s for s in standings if s.state == rules.SUBMITTED]
    overdue = [s for s in standings if s.light == "red"]
    title, href = named(found.name, found.name_en), f"/rounds/{found.code}/filing"
    tasks = []
    if waiting:
        tasks.append(
            Task(
                _("审核 {count} 个市州提交的填报", count=len(waiting)),
                f"{href}/{waiting[0].city.code}/review" if len(waiting) == 1 else href,
                _("{title}：{names}", title=title, names=_list(waiting)),
            )
        )
    if overdue:
        tasks.append(
            Task(
                _("{count} 个市州逾期没有提交：退回补报，或按现有数据截止", count=len(overdue)),
                f"{href}/{overdue[0].city.code}/review" if len(overdue) == 1 else href,
                _("{title}：{names}", title=title, names=_list(overdue)),
                found.filing_closes_at,
                "red",
            )
        )
    return tasks


def _list(standings: Sequence[Standing]) -> str:
    names = [named(s.city.name, s.city.name_en) for s in standings]
    return listed(names[:6]) + ("…" if len(names) > 6 else "")

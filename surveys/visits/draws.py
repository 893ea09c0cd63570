"""Drawing a plan, and issuing it by another person."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evaluation.platform import audit, clock, evidence
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import N_, _, named
from evaluation.rounds import store as rounds
from surveys.visits import explaining, gathering, plans, plans_store, progress_store, reasons, rules
from surveys.visits.drawing import Impossible
from surveys.visits.drawing.record import Record, Seed, dump, load, record
from surveys.visits.errors import AnotherPerson
from surveys.visits.gathering import Gathered
from surveys.visits.models import Visit, VisitPlan
from surveys.visits.plans import Office

JSON = "application/json"


class DrawRefused(Faulty):
    """The draw cannot be made; each fault says what lacks, with numbers. Nothing was drawn."""

    code = "draw-impossible"
    title = N_("抽不出来，没有保存任何结果")
    detail = N_("有 {count} 处条件不能满足，没有抽取任何访查：")


class NotReady(Faulty):
    """Something changed since the draw; nothing was issued."""

    code = "plan-not-ready"
    title = N_("还不能下发")
    detail = N_("抽取之后情况有变，有 {count} 处需要先处理：")


def draw(
    session: Session,
    office: Office,
    plan: VisitPlan,
    *,
    read: int,
    public: str = "",
    source: str = "",
    reason: str = "",
) -> Record:
    """Draw a plan, or draw it again for a *reason*; the whole record goes to the evidence store.

    Raises `DrawRefused`, `Faulty`, `ReasonWanted`, `NamesPerson`, `WrongState`, `Moved`,
    `PlanNotYours`, `RoundClosed`.
    """
    plans.require_open(session, office)
    plan = plans.hold(session, plan, rules.DRAFT, rules.DRAWN, read=read)
    plans.require_scope(session, office, plan)
    _check(session, plan, public, source)
    again = plans.times_drawn(session, plan) > 0
    reason = reasons.require(session, reason) if again else ""
    gathered = gathering.gather(
        session, office.store, office.secret, office.timezone, office.round, plan
    )
    try:
        made = record(gathered.inputs, Seed(plan.seed, public.strip(), source.strip()))
    except Impossible as impossible:
        raise DrawRefused(
            explaining.faults(impossible.lacks, *names(session, office, plan))
        ) from None
    before = plan.draw
    sha256 = evidence.keep(
        session, office.store, office.who, dump(made), name="draw.json", media_type=JSON
    )
    plans.take_back(session, plan)
    _write(session, office, plan, made, gathered)
    plan.state, plan.draw = rules.DRAWN, sha256
    plan.drawn_by, plan.drawn_at = office.who.username, clock.now()
    plan.revision += 1
    session.flush()
    visits = made.draw.visits
    after = {
        "draw": sha256,
        "algorithm": made.algorithm,
        "visits": len(visits),
        "seconds": sum(bool(each.second_of) for each in visits),
        "warnings": {each.kind: dict(each.facts) for each in made.draw.warnings},
        "public": {"number": made.seed.public, "source": made.seed.source},
    }
    audit.record(
        session,
        office.who,
        "visits.drawn",
        plans.subject(plan),
        before={"draw": before} if before else None,
        after={**after, "reason": reason} if again else after,
    )
    return made


def issue(session: Session, office: Office, plan: VisitPlan, *, read: int) -> int:
    """Send a drawn plan to the phones; gives the number of visits.

    Raises `AnotherPerson`, `NotReady`, `WrongState`, `Moved`, `PlanNotYours`, `RoundClosed`.
    """
    plans.require_open(session, office)
    plan = plans.hold(session, plan, rules.DRAWN, read=read)
    plans.require_scope(session, office, plan)
    if not plans.may_issue(session, office.who, plan):
        raise AnotherPerson
    visits = plans_store.visits(session, plan.id)
    found = _unready(session, office, plan, visits)
    if found:
        raise NotReady(found)
    for visit in visits:
        visit.state = rules.ISSUED
        visit.revision += 1
    plan.state = rules.ISSUED
    plan.issued_by, plan.issued_at = office.who.username, clock.now()
    plan.revision += 1
    session.flush()
    after = {"visits": len(visits), "draw": plan.draw}
    audit.record(session, office.who, "visits.issued", plans.subject(plan), after=after)
    return len(visits)


def kept_record(store: EvidenceStore, plan: VisitPlan) -> Record | None:
    """The record of the draw that stands; None for a plan not drawn."""
    return load(store.get(plan.draw)) if plan.draw else None


def names(
    session: Session, office: Office, plan: VisitPlan
) -> tuple[dict[str, str], dict[str, str]]:
    """Names of cities and of the plan's forms in the current language, by code."""
    units = rounds.framework(office.round).unit_by_code
    titles = {
        code: named(version.title, version.title_en)
        for code, version in gathering.versions(session, plan).items()
    }
    return {code: named(unit.name, unit.name_en) for code, unit in units.items()}, titles


def troubled(session: Session, office: Office, visits: list[Visit]) -> dict[str, str]:
    """Visits that may not be made as they stand, by code: why, as a message id.

    One of which a record came is the review's to judge.
    """
    records = progress_store.records(session, (visit.id for visit in visits))
    conflicts = plans_store.standing_conflicts(session)
    pool = {each.username: each for each in plans_store.pool(session, office.round)}
    found: dict[str, str] = {}
    for visit in visits:
        if visit.state == rules.CANCELLED or visit.id in records:
            continue
        person = pool.get(visit.evaluator)
        if visit.city in conflicts.get(visit.evaluator, ()):
            found[visit.code] = CONFLICT
        elif person is None:
            found[visit.code] = N_("评价员已停用或不再参加本轮")
        elif person.cities and visit.city not in person.cities:
            found[visit.code] = N_("评价员不再负责该市州")
        elif not visit.site.active:
            found[visit.code] = N_("场所已停用")
    return found


CONFLICT = N_("评价员声明了与该市州的利益冲突")


def _unready(session: Session, office: Office, plan: VisitPlan, visits: list[Visit]) -> list[Fault]:
    found = []
    if plan.closes_at <= clock.now():
        found.append(Fault("plan-over", N_("访查期已经结束。"), N_("请修改计划，重新抽取。")))
    reasons = troubled(session, office, visits)
    for text in dict.fromkeys(reasons.values()):
        count = sum(each == text for each in reasons.values())
        found.append(
            Fault(
                "visits-troubled",
                N_("{count} 次访查：{why}。"),
                N_("请更换这些访查的评价员或场所，或重新抽取。"),
                {"count": count, "why": _(text)},
            )
        )
    known = gathering.versions(session, plan)
    if any(visit.form.code not in known for visit in visits):
        found.append(Fault("form-gone", N_("有表单已停用。"), N_("请修改计划，重新抽取。")))
    return found


def _check(session: Session, plan: VisitPlan, public: str, source: str) -> None:
    found = []
    if not any(plans_store.quotas(session, plan.id).values()):
        found.append(Fault("no-quotas", N_("还没有填写配额。"), column="quotas"))
    known = gathering.versions(session, plan)
    found += [
        Fault("form-gone", N_("表单“{form}”已停用。"), N_("请从计划中去掉它。"), {"form": form})
        for form in sorted({form for _city, form in plans_store.quotas(session, plan.id)})
        if form not in known
    ]
    if plan.closes_at <= clock.now():
        found.append(Fault("plan-over", N_("访查期已经结束。"), N_("请修改计划的日期。")))
    if bool(public.strip()) != bool(source.strip()):
        column = "source" if public.strip() else "public"
        what = N_("公开随机数和它的来源要一起填写。")
        found.append(
            Fault("public-source", what, N_("例如：某日某期彩票开奖号码。"), column=column)
        )
    if len(public) > 100 or len(source) > 200:
        found.append(Fault("public-long", N_("公开随机数或来源太长。"), column="public"))
    if found:
        raise Faulty(found)


def _write(
    session: Session, office: Office, plan: VisitPlan, made: Record, gathered: Gathered
) -> None:
    rows: dict[str, Visit] = {}
    for drawn in sorted(made.draw.visits, key=lambda each: bool(each.second_of)):
        visit = Visit(
            code=drawn.code,
            plan_id=plan.id,
            round_id=plan.round_id,
            city=drawn.city,
            site_id=gathered.site_ids[drawn.site],
            form_id=gathered.form_ids[drawn.form],
            evaluator=gathered.usernames[drawn.alias],
            story=drawn.story,
            opens_at=gathering.moment_of(plan, office.timezone, drawn.first),
            closes_at=gathering.moment_of(plan, office.timezone, drawn.last, end=True),
            second_of=rows[drawn.second_of].id if drawn.second_of else None,
            state=rules.DRAFT,
        )
        session.add(visit)
        rows[drawn.code] = visit
        if not drawn.second_of:
            session.flush([visit])
    session.flush()

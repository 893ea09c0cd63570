"""What objections add to the round's story: who must act by when, what holds approval up."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from evaluation.platform.i18n import _, listed, named
from evaluation.rounds import rules as rounds
from evaluation.rounds import store as round_store
from evaluation.rounds.models import Round
from evaluation.rounds.story import Blocker, NavStep, Task
from scoring.objections import overview, rules, store
from scoring.objections.models import Objection
from surveys.filings.rules import light


def tasks(session: Session, who: Principal, found: Round) -> list[Task]:
    """For a city: look at its scores; for both sides: answer; for who had no part: decide."""
    if found.state != rounds.OBJECTION or who.role not in rules.PARTIES:
        return []
    if who.role in roles.OF_A_CITY:
        return _of_city(session, who, found)
    if who.role not in rules.SIDE_OF:
        return []
    waiting = [each for each in store.undecided(session, found) if who.sees_filing(each.city)]
    return [task for each in waiting if (task := _step(session, who, found, each)) is not None]


def blockers(session: Session, found: Round, target: str) -> list[Blocker]:
    """No result is approved over an open objection, nor while a city may still raise one.

    Before the period is over it takes every city's own word that it has none. Going back to
    verifying would take the ground from under an objection, so those are decided first as well.
    """
    if found.state != rounds.OBJECTION or target not in (rounds.APPROVED, rounds.VERIFYING):
        return []
    href, held = f"/rounds/{found.code}/objections", []
    waiting = store.undecided(session, found)
    if waiting:
        said = _("{count} 条异议还没有复核。", count=len(waiting))
        held.append(Blocker(said, f"{href}?state={rules.FILED}"))
    if target == rounds.APPROVED and rules.is_open(
        found.state, found.objection_closes_at, clock.now()
    ):
        agreed = store.consents(session, found)
        silent = [unit for unit in round_store.framework(found).units if unit.code not in agreed]
        if silent:
            names = [named(unit.name, unit.name_en) for unit in silent[:6]]
            more = "…" if len(silent) > len(names) else ""
            text = _(
                "异议期还没有截止，{count} 个市州尚未确认无异议：{names}",
                count=len(silent), names=listed(names) + more,
            )  # fmt: skip
            held.append(Blocker(text, href))
    return held


def settled(session: Session, who: Actor, found: Round, target: str) -> None:
    """As a result is approved, write down who agreed in words and who by saying nothing."""
    if found.state != rounds.OBJECTION or target != rounds.APPROVED:
        return
    agreed = store.consents(session, found)
    objected = {
        each.city
        for each in store.listed(session, found)
        if each.state in (rules.FILED, *rules.DECIDED)
    }
    cities = [unit.code for unit in round_store.framework(found).units]
    closes = found.objection_closes_at
    audit.record(
        session,
        who,
        "objection.period_closed",
        f"round:{found.code}",
        after={
            "closed_at": None if closes is None else closes.isoformat(),
            "consented": [city for city in cities if city in agreed],
            "objected": [city for city in cities if city in objected],
            "silent": [city for city in cities if city not in agreed and city not in objected],
        },
    )


def steps(who: Principal, found: Round) -> list[NavStep]:
    """异议, for those who take part."""
    if who.role not in rules.PARTIES:
        return []
    at, mine = rounds.ORDER.index(found.state), rounds.ORDER.index(rounds.OBJECTION)
    state = "active" if at == mine else ("done" if at > mine else "waiting")
    href = f"/rounds/{found.code}/objections"
    shown = at >= mine or who.role not in roles.OF_A_CITY
    return [NavStep("objections", _("异议"), href if shown else "", state)]


def _of_city(session: Session, who: Principal, found: Round) -> list[Task]:
    if not rules.is_open(found.state, found.objection_closes_at, clock.now()):
        return []
    units = [u for u in round_store.framework(found).units if who.of_city(u.code)]
    closes = found.objection_closes_at
    assert closes is not None
    made = []
    for each in overview.standings(session, found, units):
        if each.word in (overview.CONSENTED, overview.ON_PAPER):
            continue
        if each.word == overview.OBJECTED and not each.drafts:
            continue
        city = named(each.city.name, each.city.name_en)
        title = _("核对{city}的得分：提出异议，或确认无异议", city=city)
        if each.drafts and who.role == roles.APPROVER:
            title = _("提交{city}的 {count} 条异议草稿", city=city, count=each.drafts)
        made.append(
            Task(
                title,
                f"/rounds/{found.code}/objections/{each.city.code}",
                _("{round}：逾期不提出的，视为认可。", round=named(found.name, found.name_en)),
                closes,
                light(closes, clock.now()),
            )
        )
    return made


def _step(session: Session, who: Principal, found: Round, each: Objection) -> Task | None:
    answers = store.answers_of(session, [each.id])
    sides, now = {answer.side for answer in answers}, clock.now()
    framework = round_store.framework(found)
    node, unit = framework.by_code[each.indicator], framework.unit_by_code[each.city]
    facts = {"city": named(unit.name, unit.name_en), "name": named(node.name, node.name_en)}
    href = f"/rounds/{found.code}/objections/{each.city}/{each.indicator}"
    detail = named(found.name, found.name_en)
    if rules.SIDE_OF[who.role] not in sides:
        title, due = _("答复{city}对“{name}”的异议", **facts), each.answer_due_at
        if now <= due or who.role != roles.OFFICE:
            return Task(title, href, detail, due, light(due, now))
    may = not rules.hindrance(
        who.role,
        who.username,
        scored_by=store.run(session, each.run_id).scored_by,
        filed_by=each.filed_by,
        answered_by={answer.by for answer in answers},
    )
    if not may or not rules.heard(sides, each.answer_due_at, now):
        return None
    title, due = _("复核{city}对“{name}”的异议", **facts), each.decision_due_at
    return Task(title, href, detail, due, light(due, now))

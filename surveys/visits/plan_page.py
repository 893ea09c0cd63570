"""What the page of a plan shows, in every state."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from litestar import Response
from sqlalchemy.orm import Session

from evaluation.accounts.names import display_names
from evaluation.platform import pages
from evaluation.platform.audit import AuditEntry
from evaluation.platform.errors import DomainError, Faulty
from evaluation.platform.i18n import N_, _
from surveys.forms import documents
from surveys.visits import (
    coverage,
    draws,
    explaining,
    gathering,
    plan_rules,
    plans,
    plans_store,
    progress_store,
    rules,
    sites_store,
)
from surveys.visits.desk import Desk, Opened
from surveys.visits.kinds import KINDS
from surveys.visits.models import VisitPlan

#: What the log calls the steps of a plan.
VERBS = {
    "visits.planned": N_("建立计划"),
    "visits.plan_changed": N_("修改计划"),
    "visits.quotas_set": N_("修改配额"),
    "visits.drawn": N_("抽取"),
    "visits.changed_by_hand": N_("人工更换"),
    "visits.issued": N_("下发"),
    "visits.reassigned": N_("改派"),
    "visits.cancelled": N_("取消访查"),
    "visits.closed": N_("结束计划"),
}
#: What became of a visit's record, for those who plan; the rest is the review's.
RECORDS = {
    progress_store.RETURNED: ("returned", N_("记录已退回")),
    progress_store.ACCEPTED: ("accepted", N_("记录已采信")),
}
RECORDED = ("submitted", N_("已有记录"))


def render(
    opened: Opened,
    *,
    data: Mapping[str, str] | None = None,
    error: DomainError | None = None,
    read: str = "",
) -> Response[str]:
    """The page, with what was typed or *read* from a file, and why it was refused."""
    session, at, plan = opened.session, opened.desk, opened.plan
    office = at.office
    visits = plans_store.visits(session, plan.id, at.units)
    kept = draws.kept_record(office.store, plan)
    return pages.render(
        opened.request,
        "visit_plan.html",
        status=type(error).status if error else 200,
        desk=at,
        shown=office.round,
        plan=plan,
        rules=rules,
        entry=plans.entry_of(plan),
        units=at.units,
        forms=coverage.titles(session, plan.kinds),
        kinds=KINDS,
        field=plan_rules.quota_field,
        quotas=plans_store.quotas(session, plan.id),
        sites=site_counts(session, at, plan),
        visits=visits,
        visitors=at.visitors(session, (visit.evaluator for visit in visits)),
        stories=stories(session, at, plan),
        firsts={visit.id: visit.code for visit in visits},
        looked_at={visit.second_of for visit in visits if visit.second_of},
        troubled=draws.troubled(session, office, visits),
        records=progress_store.records(session, (visit.id for visit in visits)),
        record_words=RECORDS,
        recorded=RECORDED,
        warnings=[explaining.warning(each) for each in kept.draw.warnings] if kept else [],
        people=people(session, at, plan),
        names=display_names(session, (plan.created_by, plan.drawn_by, plan.issued_by)),
        fingerprint=plans.fingerprint(plan),
        drawn=plans.times_drawn(session, plan),
        may_plan=at.plans and office.round.state in plans.OPEN,
        may_issue=plans.may_issue(session, at.who, plan),
        typed=data or {},
        read=read,
        error=error,
        faults=error.faults if isinstance(error, Faulty) else (),
    )


def site_counts(session: Session, at: Desk, plan: VisitPlan) -> dict[tuple[str, str], int]:
    """Sites in use that a form may be drawn for, by (city, form)."""
    held = Counter(
        (site.city, site.kind) for site in sites_store.listed(session, at.units) if site.active
    )
    return {
        (city, form): sum(
            count for (there, kind), count in held.items() if there == city and (not k or kind in k)
        )
        for form, k in plan.kinds.items()
        for city in at.units
    }


def stories(session: Session, at: Desk, plan: VisitPlan) -> dict[tuple[str, str], str]:
    """Cover stories in the current language, by (form, story)."""
    return {
        (code, story.code): str(story.text)
        for code, version in gathering.versions(session, plan).items()
        for story in documents.document(at.office.store, version).kit.stories
    }


def people(session: Session, at: Desk, plan: VisitPlan) -> list[dict[str, Any]]:
    """Evaluators of the round: whether they take part, where they may go, how much they do."""
    away = plans_store.standing_conflicts(session)
    loads = plans_store.loads(session, at.office.round.id)
    pool = plans_store.pool(session, at.office.round)
    names = at.visitors(session, (user.username for user in pool))
    return [
        {
            "name": names[user.username],
            "takes_part": user.username not in plan.left_out,
            "cities": [at.units[city] for city in user.cities if city in at.units],
            "everywhere": not user.cities,
            "conflicts": [
                at.units[c] for c in sorted(away.get(user.username, ())) if c in at.units
            ],
            "load": loads.get(user.username, 0),
        }
        for user in sorted(pool, key=lambda user: names[user.username])
    ]


def facts_of(row: AuditEntry) -> list[str]:
    """What a row of the log says of a plan, in words."""
    held: dict[str, Any] = json.loads(row.after or "{}")
    said = []
    if "visits" in held:
        said.append(_("{count} 次访查", count=held["visits"]))
    if held.get("seconds"):
        said.append(_("其中复访 {count} 次", count=held["seconds"]))
    if "visit" in held:
        said.append(_("访查 {code}", code=held["visit"]))
    if held.get("public", {}).get("number"):
        said.append(_("公开随机数 {number}（{source}）", **held["public"]))
    for key, label in (("draw", N_("记录 {value}")), ("seed_sha256", N_("种子指纹 {value}"))):
        if held.get(key):
            said.append(_(label, value=f"{held[key][:16]}…"))
    if held.get("reason"):
        said.append(_("原因：{reason}", reason=held["reason"]))
    return said

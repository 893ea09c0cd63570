"""What a draw is made from, gathered from the tables. Evaluators go in under their aliases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from evaluation.platform import clock
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds.models import Round
from surveys.forms import documents
from surveys.forms import store as forms
from surveys.forms.models import FormVersion
from surveys.visits import drawing, masking, plans_store, rules, sites_store
from surveys.visits.codes import random_code
from surveys.visits.drawing import days
from surveys.visits.models import Visit, VisitPlan


@dataclass(frozen=True)
class Gathered:
    """Inputs of a draw, and what its aliases and codes stand for."""

    inputs: drawing.Inputs
    usernames: Mapping[str, str]
    site_ids: Mapping[str, int]
    form_ids: Mapping[str, int]


def first_day(plan: VisitPlan, timezone: str) -> date:
    """The day on which a plan opens."""
    return clock.local(plan.opens_at, timezone).date()


def length(plan: VisitPlan, timezone: str) -> int:
    """Days from the first to the last, both counted."""
    last = clock.local(plan.closes_at, timezone).date()
    return (last - first_day(plan, timezone)).days + 1


def moment_of(plan: VisitPlan, timezone: str, day: int, *, end: bool = False) -> datetime:
    """Beginning or end of the plan's day number *day*, from 0."""
    there = first_day(plan, timezone) + timedelta(days=day)
    return clock.end_of_day(there, timezone) if end else clock.start_of_day(there, timezone)


def day_of(plan: VisitPlan, timezone: str, moment: datetime) -> int:
    """The plan's day number of a moment; negative before it opens."""
    return (clock.local(moment, timezone).date() - first_day(plan, timezone)).days


def versions(session: Session, plan: VisitPlan) -> dict[str, FormVersion]:
    """The newest published version of each form of a plan that is not retired, by form code."""
    return {
        each.form.code: each for each in forms.published(session) if each.form.code in plan.kinds
    }


def stories(store: EvidenceStore, version: FormVersion) -> tuple[str, ...]:
    """Codes of a form's cover stories."""
    return tuple(each.code for each in documents.document(store, version).kit.stories)


def gather(
    session: Session,
    store: EvidenceStore,
    secret: str,
    timezone: str,
    round_: Round,
    plan: VisitPlan,
) -> Gathered:
    """Everything that decides the plan's draw, with fresh random codes for its visits."""
    quotas = {key: n for key, n in plans_store.quotas(session, plan.id).items() if n}
    cities = {city for city, _form in quotas}
    sites = [each for each in sites_store.listed(session, cities) if each.active]
    found = versions(session, plan)
    usernames, people = _people(session, secret, round_, plan)
    lasting = max(plan.site_days, plan.story_days, rules.MOST_DAYS)
    since = plan.opens_at - timedelta(days=lasting)
    whole = length(plan, timezone)
    inputs = drawing.Inputs(
        opens=first_day(plan, timezone).isoformat(),
        days=whole,
        span=days.span_of(whole),
        quotas=tuple(drawing.Quota(city, form, count) for (city, form), count in quotas.items()),
        places=tuple(drawing.Place(each.code, each.city, each.kind) for each in sites),
        forms=tuple(
            drawing.FormNeeds(code, tuple(plan.kinds[code]), stories(store, version))
            for code, version in found.items()
        ),
        people=people,
        before=tuple(
            _before(plan, timezone, secret, each)
            for each in plans_store.elsewhere(session, plan.id, cities, since)
        ),
        second_percent=round(plan.second_share * 100),
        site_days=plan.site_days,
        story_days=plan.story_days,
        recent=rules.RECENT,
        codes=(),
    )
    codes = tuple(random_code() for _n in range(drawing.needed(inputs)))
    return Gathered(
        inputs.with_codes(codes),
        usernames,
        {each.code: each.id for each in sites},
        {code: version.form_id for code, version in found.items()},
    )


def _people(
    session: Session, secret: str, round_: Round, plan: VisitPlan
) -> tuple[dict[str, str], tuple[drawing.Person, ...]]:
    conflicts = plans_store.standing_conflicts(session)
    usernames: dict[str, str] = {}
    people = []
    for user in plans_store.pool(session, round_):
        if user.username in plan.left_out:
            continue
        alias = masking.alias(secret, user.username)
        if alias in usernames:
            continue  # two names, one alias: the first of them goes, the other stays at home
        usernames[alias] = user.username
        kept_away = tuple(conflicts.get(user.username, ()))
        people.append(drawing.Person(alias, tuple(user.cities), kept_away))
    return usernames, tuple(people)


def _before(plan: VisitPlan, timezone: str, secret: str, visit: Visit) -> drawing.Before:
    return drawing.Before(
        last=day_of(plan, timezone, visit.closes_at),
        first=day_of(plan, timezone, visit.opens_at),
        site=visit.site.code,
        city=visit.city,
        form=visit.form.code,
        story=visit.story,
        alias=masking.alias(secret, visit.evaluator),
    )

"""Plans of the demonstration: made and drawn by a supervisor, issued by the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from evaluation.accounts.service import principal_of
from evaluation.framework.tree import Framework
from evaluation.platform import clock
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds.models import Round
from surveys.demonstration import places
from surveys.visits import draws, plans
from surveys.visits.models import VisitPlan
from surveys.visits.plan_rules import PlanEntry
from surveys.visits.plans import Office

COVERT, REGISTRATION, POWER = "service_hall_covert", "company_registration", "power_connection"
INSPECTION, BASIC = "open_inspection", "basic_data_on_the_spot"
FIFTH = {
    "trading_centre": "bid_deposit_refund",
    "real_estate": "property_registration",
    "water_gas": "water_gas_connection",
}
#: How many units, from the first of the framework on, the published round had visited.
VISITED = 8

Quotas = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Batch:
    """A plan: from and to (days from today), the share looked at again, forms and quotas."""

    title: str
    first: int
    last: int
    second_percent: int
    forms: Mapping[str, tuple[str, ...]]
    quotas: Quotas


def published(framework: Framework) -> Batch:
    """What the published round had: one visit to a hall in each of the first units."""
    cities = [unit.code for unit in framework.units[:VISITED]]
    quotas = {(city, COVERT): 1 for city in cities}
    return Batch("大厅暗访（演示）", 0, 0, 0, {COVERT: ("hall",)}, quotas)


def looked_at_again(framework: Framework) -> Batch:
    """A first batch that is over: inspections and figures, a third of it by two people."""
    quotas: dict[tuple[str, str], int] = {}
    for place, unit in enumerate(framework.units[VISITED : VISITED + 6]):
        quotas[unit.code, (INSPECTION, BASIC)[place % 2]] = 1
    forms = {INSPECTION: ("hall",), BASIC: ("hall",)}
    return Batch("第一批：明察与数据核实（演示）", -6, 0, 34, forms, quotas)


def under_way(framework: Framework) -> Batch:
    """The batch that is under way: three visits a unit, a tenth of them by two people."""
    quotas: dict[tuple[str, str], int] = {}
    for place, unit in enumerate(framework.units):
        third = FIFTH[places.kind_of_fifth(place)]
        for form in (COVERT, REGISTRATION if place % 2 == 0 else POWER, third):
            quotas[unit.code, form] = 1
    forms = {COVERT: ("hall",), REGISTRATION: ("hall",), POWER: ("power",)}
    forms |= {form: (kind,) for kind, form in FIFTH.items()}
    return Batch("第二批：暗访与模拟体验（演示）", -5, 6, 10, forms, quotas)


def issue(
    session: Session, store: EvidenceStore, settings: Settings, found: Round, batch: Batch
) -> VisitPlan:
    """Make the plan, draw it, and send it to the phones."""
    today = clock.local(clock.now(), settings.timezone).date()
    drawer = _office(session, store, settings, found, "supervisor")
    entry = PlanEntry(
        title=batch.title,
        opens_at=clock.start_of_day(today + timedelta(days=batch.first), settings.timezone),
        closes_at=clock.end_of_day(today + timedelta(days=batch.last), settings.timezone),
        second_percent=batch.second_percent,
        forms=batch.forms,
    )
    plan = plans.create(session, drawer, entry)
    plan = plans.set_quotas(session, drawer, plan, dict(batch.quotas), read=plan.revision)
    draws.draw(session, drawer, plan, read=plan.revision)
    issuer = _office(session, store, settings, found, "office")
    draws.issue(session, issuer, plan, read=plan.revision)
    return plan


def _office(
    session: Session, store: EvidenceStore, settings: Settings, found: Round, username: str
) -> Office:
    who = principal_of(session, username)
    return Office(who, found, store, settings.secret, settings.timezone)

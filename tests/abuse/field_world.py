"""Field work in the world of abuse: records of every round, of the judged city and of another."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as rounds
from surveys.findings import service as findings
from surveys.findings.models import Finding
from surveys.forms.models import FormVersion
from surveys.submissions.models import Device, Edition, Refusal
from surveys.visits.codes import random_code
from surveys.visits.models import Site, Visit, VisitPlan
from tests.factories.field import a_device, a_form, a_plan, a_site, a_visit
from tests.surveys.photos import samples
from tests.surveys.photos.records import a_submission
from tests.surveys.readings.desk import REVIEWER

#: Nobody of this name signs in: what one visitor did is asked for by everybody else.
VISITOR = "evelyn.wu"


@dataclass
class FieldWorld:
    """Codes by round and city, and everything that must never be told outside."""

    sites: dict[str, str] = field(default_factory=dict)
    plans: dict[str, str] = field(default_factory=dict)
    visits: dict[tuple[str, str], str] = field(default_factory=dict)
    submissions: dict[tuple[str, str], str] = field(default_factory=dict)
    instances: dict[tuple[str, str], str] = field(default_factory=dict)
    findings: dict[tuple[str, str], str] = field(default_factory=dict)
    refusals: dict[tuple[str, str], str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    own_submission: str = ""
    device: str = ""

    def fill(self, city: str, code: str) -> dict[str, str | int]:
        """Values for the places of an address."""
        key = (code, city)
        return {
            "plan": self.plans.get(code, "NOPLAN"),
            "visit": self.visits.get(key, "NOVISIT"),
            "submission": self.submissions.get(key, "NOSUBMISSION"),
            "finding": self.findings.get(key, "NOFINDING"),
            "refusal": self.refusals.get(key, "NOREFUSAL"),
            "instance": self.instances.get(key, "uuid:nobody-at-all"),
            "form": "hall",
            "key": "no-such-key",
            "name": "thing.jpg",
            "seal": "0" * 16,
            "size": "thumb",
            "action": "reject",
            "step": "dismiss",
            "receipt": "NORECEIPT",
        }


def build(
    session: Session, store: EvidenceStore, codes: tuple[str, ...], cities: tuple[str, ...]
) -> FieldWorld:
    """A plan a round, and for each city an accepted record with a failed checkpoint."""
    world = FieldWorld()
    version = a_form(session, store)
    places = {city: a_site(session, city, code=f"SITE-{city}") for city in cities}
    world.sites = {city: site.code for city, site in places.items()}
    world.secrets |= {site.name for site in places.values()}
    phone, _key = a_device(session, VISITOR)
    world.device = phone.code
    for code in codes:
        found = rounds.by_code(session, code)
        plan = a_plan(session, found)
        world.plans[code] = plan.code
        for city in cities:
            visit = a_visit(session, found, version, VISITOR, city, places[city], plan=plan)
            _record(session, store, world, code, version, visit, phone)
    world.secrets |= {*world.plans.values(), *world.visits.values(), VISITOR, phone.code}
    world.secrets |= {*world.submissions.values(), *world.instances.values()}
    return world


def give_to(session: Session, store: EvidenceStore, world: FieldWorld, username: str) -> None:
    """A record of somebody who does sign in, for what evaluators see of their own."""
    plan = session.scalars(sa.select(VisitPlan).where(VisitPlan.code == world.plans["OPEN"])).one()
    found = rounds.by_code(session, "OPEN")
    version = session.scalars(sa.select(FormVersion)).one()
    site = session.scalars(sa.select(Site).order_by(Site.id)).first()
    assert site is not None
    visit = a_visit(session, found, version, username, site.city, site, plan=plan)
    files = {f"{visit.code}.jpg": samples.located() + b"own"}
    sent = a_submission(session, store, visit, version, state="returned", files=files)
    world.own_submission = sent.code


def _record(
    session: Session,
    store: EvidenceStore,
    world: FieldWorld,
    code: str,
    version: FormVersion,
    visit: Visit,
    phone: Device,
) -> None:
    key = (code, visit.city)
    files = {f"{visit.code}.jpg": samples.located() + visit.code.lower().encode()}
    sent = a_submission(
        session, store, visit, version, state="accepted", files=files, sign="no",
        remark=f"remark of {visit.code}",
    )  # fmt: skip
    findings.on_accept(session, store, REVIEWER, sent)
    edition = session.get_one(Edition, sent.edition_id)
    made = session.scalars(sa.select(Finding).where(Finding.submission_id == sent.id)).one()
    refused = Refusal(
        code=random_code(),
        reason="altered",
        instance=edition.instance,
        sha256=edition.xml,
        size=1,
        device_id=phone.id,
        evaluator=VISITOR,
        facts={},
        received_at=edition.received_at,
    )
    session.add(refused)
    session.flush()
    world.visits[key], world.submissions[key] = visit.code, sent.code
    world.instances[key], world.findings[key] = edition.instance, made.code
    world.refusals[key] = refused.code

"""Who goes out in the demonstration: phones, a declared conflict; forms and places beforehand."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts.service import principal_of
from evaluation.framework.tree import Framework
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.demonstration import places
from surveys.forms import service as forms
from surveys.submissions import devices
from surveys.submissions.models import Device
from surveys.visits import conflicts, sites

LIBRARY = Path(forms.__file__).parent / "library"
EVALUATORS = ("evaluator", "evaluator2", "evaluator3")
#: Who has a declared conflict of interest, and with which city.
CONFLICT = ("evaluator3", "620500")
#: What each phone last said of itself.
REPORTS = {
    "evaluator": {"app": "demo", "drafts": 1, "unsent": 0, "persisted": True, "installed": True},
    "evaluator2": {"app": "demo", "drafts": 0, "unsent": 2, "persisted": True, "installed": True},
    "evaluator3": {"app": "demo", "drafts": 2, "unsent": 0, "persisted": False, "installed": False},
}


def publish_forms(session: Session, store: EvidenceStore) -> None:
    """Every form of the library, by one person of the office and into use by another."""
    author, publisher = principal_of(session, "office"), principal_of(session, "office2")
    for path in sorted(LIBRARY.glob("*.xlsx")):
        version = forms.upload(session, store, author, path.read_bytes(), path.name)
        forms.publish(session, publisher, version)


def add_sites(session: Session, framework: Framework) -> None:
    """The places, under one row of the audit log."""
    entries = list(places.sites(framework))
    who = principal_of(session, "supervisor")
    sites.save_many(session, who, entries, about={"demo": "synthetic"})


def equip(session: Session, settings: Settings, framework: Framework) -> None:
    """A phone for each evaluator, a second one with another app, and the conflict of interest."""
    for username in EVALUATORS:
        phone, _key = devices.register(
            session, username, "演示手机", devices.WEB, secret=settings.secret
        )
        devices.seen(session, phone, dict(REPORTS[username]))
    devices.register(
        session, EVALUATORS[1], "演示·ODK Collect", devices.COLLECT, secret=settings.secret
    )
    username, city = CONFLICT
    conflicts.declare(
        session,
        principal_of(session, username),
        settings.secret,
        username=username,
        city=city,
        reason="演示：近亲属在该市任职。",
        cities=framework.unit_by_code,
    )


def phone_of(session: Session, username: str, kind: str = devices.WEB) -> Device:
    """An evaluator's phone."""
    return session.scalars(
        sa.select(Device).where(Device.username == username, Device.kind == kind)
    ).one()

"""A temporary deployment on SQLite: two published rounds of the sample province, and its users."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from bench import province
from evaluation.accounts import roles
from evaluation.accounts.models import SignIn, User
from evaluation.accounts.principal import Principal
from evaluation.accounts.signing import find_principal, hash_token
from evaluation.framework import service as frameworks
from evaluation.framework.methods import FULL_FILING
from evaluation.migrations.upgrade import prepare
from evaluation.platform import clock
from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds import rules
from evaluation.rounds import service as rounds
from evaluation.rounds import store as round_store
from evaluation.rounds.models import Round
from scoring.runs import service as runs
from scoring.sealing.sealer import sealer_of
from surveys.observations import service as observations
from surveys.observations.service import Given

SYSTEM = System()
EARLIER, LATEST, OPEN = "B1", "B2", "B3"


@dataclass(frozen=True)
class Deployment:
    """Where it is, and the session token of the office, who may see everything."""

    settings: Settings
    token: str


def deploy(folder: Path) -> Deployment:
    """Two published rounds and one that collects, in *folder*."""
    settings = Settings(
        data=folder, database=f"sqlite:///{folder / 'yingshang.db'}", secret="0" * 64, demo=True
    )
    database = Database(settings.database)
    prepare(settings, database)
    files = EvidenceStore(settings.data / "evidence")
    approver, token = _person(database, settings, "approver")
    publisher, _ = _person(database, settings, "publisher")
    for code, shift in ((EARLIER, 0), (LATEST, 1)):
        with database.writing() as session:
            found = _collecting(session, code, EARLIER if code == LATEST else None)
            _observe(session, found, shift)
            found = rounds.advance(session, SYSTEM, found, rules.VERIFYING)
            run, _new = runs.score_round(session, files, approver, found)
            found = rounds.advance(session, SYSTEM, found, rules.SCORED)
            found = rounds.advance(session, SYSTEM, found, rules.OBJECTION)
            runs.approve(session, approver, found, run)
            sealer = sealer_of(settings, files)
            runs.publish(session, sealer, publisher, round_store.by_code(session, code))
    with database.writing() as session:
        _collecting(session, OPEN, LATEST)
    database.dispose()
    return Deployment(settings, token)


def _collecting(session: Session, code: str, previous: str | None) -> Round:
    moment = clock.now()
    version, _new = frameworks.add_version(session, SYSTEM, province.framework(province.SMALL))
    found = rounds.open_round(
        session,
        SYSTEM,
        code=code,
        name=f"轮次 {code}",
        kind="annual",
        framework_version=version,
        filing_opens_at=moment - timedelta(days=10),
        filing_closes_at=moment + timedelta(days=10),
        previous_code=previous,
    )
    return rounds.advance(session, SYSTEM, found, rules.COLLECTING)


def _observe(session: Session, found: Round, shift: int) -> None:
    cells = province.given(province.SMALL, shift)
    observations.record_many(
        session,
        SYSTEM,
        found,
        [
            Given(
                city,
                indicator,
                FULL_FILING,
                None if value is True else value,
                not_applicable=value is True,
                source="bench",
            )
            for (city, indicator), value in cells.items()
        ],
    )


def _person(database: Database, settings: Settings, name: str) -> tuple[Principal, str]:
    token, moment = f"token-of-{name}", clock.now()
    with database.writing() as session:
        user = User(
            username=name,
            display_name=name,
            role=roles.OFFICE,
            cities=[],
            rounds=[],
            department="",
            password_hash="!",
            must_change_password=False,
            active=True,
            created_at=moment,
        )
        session.add(user)
        session.flush()
        session.add(
            SignIn(token_hash=hash_token(token), user_id=user.id, created_at=moment, seen_at=moment)
        )
    with database.reading() as session:
        found = find_principal(session, settings, token)
    assert found is not None
    return found[0], token

"""What phones sent: a submission, its editions in order, their files, and what was refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from evaluation.platform.database import Base


class Device(Base):
    """A phone of an evaluator. Its key is stored hashed; revoking it wipes what it keeps.

    ``digest_ha1`` is what HTTP Digest needs of the key. ``unlock_key`` opens the phone's own
    store after a change of password. ``report`` is what the phone last said of itself.
    """

    __tablename__ = "devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    username: Mapped[str] = mapped_column(sa.String(64), index=True)
    name: Mapped[str] = mapped_column(sa.String(64))
    kind: Mapped[str] = mapped_column(sa.String(16))
    key_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    digest_ha1: Mapped[str] = mapped_column(sa.String(32))
    unlock_key: Mapped[str] = mapped_column(sa.String(64), default="")
    created_at: Mapped[datetime]
    unlocked_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(sa.String(64))


class Submission(Base):
    """A record of one visit, whatever its editions. ``root`` is the first edition's instance id;
    ``edition_id`` the newest edition in order, which is the one that counts."""

    __tablename__ = "submissions"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    root: Mapped[str] = mapped_column(sa.String(80), unique=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("forms.id"))
    city: Mapped[str] = mapped_column(sa.String(32))
    evaluator: Mapped[str] = mapped_column(sa.String(64), index=True)
    state: Mapped[str] = mapped_column(sa.String(16), index=True)
    edition_id: Mapped[int | None]
    revision: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(sa.String(64))
    approved_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None] = mapped_column(sa.String(64))
    accepted_at: Mapped[datetime | None]


class Edition(Base):
    """One sending: the XML as it came, never changed. ``place`` counts from 1 in the chain and
    is None while the edition it follows has not arrived.

    ``ledger`` is the phone's evidence ledger (hashes at capture, timings), where it keeps one.
    ``findings`` is what the form's own logic says of the answers; None while nobody asked it.
    """

    __tablename__ = "editions"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("submissions.id"), index=True)
    instance: Mapped[str] = mapped_column(sa.String(80), unique=True)
    follows: Mapped[str] = mapped_column(sa.String(80), default="", index=True)
    place: Mapped[int | None]
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("form_versions.id"))
    xml: Mapped[str] = mapped_column(sa.String(64))
    ledger: Mapped[str | None] = mapped_column(sa.String(64))
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("devices.id"), index=True)
    evaluator: Mapped[str] = mapped_column(sa.String(64))
    receipt: Mapped[str] = mapped_column(sa.String(24), unique=True)
    received_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    skew_seconds: Mapped[float | None] = mapped_column(sa.Double)
    answers_sha256: Mapped[str] = mapped_column(sa.String(64), default="", index=True)
    flags: Mapped[list[str]] = mapped_column(default=list)
    findings: Mapped[list[Any] | None] = mapped_column(sa.JSON(none_as_null=True))


class EditionFile(Base):
    """A file that an edition names. ``expected`` is its hash at capture, where the phone said so;
    ``sha256`` what arrived, None until then."""

    __tablename__ = "edition_files"
    __table_args__ = (sa.UniqueConstraint("edition_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("editions.id"))
    name: Mapped[str] = mapped_column(sa.String(255))
    question: Mapped[str] = mapped_column(sa.String(255), default="")
    expected: Mapped[str | None] = mapped_column(sa.String(64))
    sha256: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    size: Mapped[int | None]
    media_type: Mapped[str] = mapped_column(sa.String(128), default="")
    problem: Mapped[str] = mapped_column(sa.String(32), default="")
    received_at: Mapped[datetime | None]
    captured: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Refusal(Base):
    """What was refused is kept too: its bytes, why, and whether a supervisor let it in later."""

    __tablename__ = "refusals"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    reason: Mapped[str] = mapped_column(sa.String(32))
    instance: Mapped[str] = mapped_column(sa.String(80), default="", index=True)
    name: Mapped[str] = mapped_column(sa.String(255), default="")
    sha256: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    ledger: Mapped[str | None] = mapped_column(sa.String(64))
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("devices.id"))
    evaluator: Mapped[str] = mapped_column(sa.String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    received_at: Mapped[datetime]
    settled_by: Mapped[str | None] = mapped_column(sa.String(64))
    settled_at: Mapped[datetime | None]
    settled_how: Mapped[str] = mapped_column(sa.String(16), default="")

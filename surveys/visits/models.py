"""Where visits go, who may not go there, how they were drawn, and each visit itself.

Codes of visits and plans are random: neither order nor number tells when or how many.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluation.platform.database import Base
from surveys.forms.models import Form


class Site(Base):
    """A place that can be visited: a hall, a bank, a construction site."""

    __tablename__ = "sites"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(64), unique=True)
    city: Mapped[str] = mapped_column(sa.String(32), index=True)
    county: Mapped[str] = mapped_column(sa.String(64), default="")
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    kind: Mapped[str] = mapped_column(sa.String(32))
    address: Mapped[str] = mapped_column(sa.String(255), default="")
    lat: Mapped[float | None] = mapped_column(sa.Double)
    lon: Mapped[float | None] = mapped_column(sa.Double)
    active: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(default=1)


class Conflict(Base):
    """An evaluator's declared conflict of interest with a city; withdrawn ones stay on record."""

    __tablename__ = "conflicts"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(64), index=True)
    city: Mapped[str] = mapped_column(sa.String(32))
    reason: Mapped[str] = mapped_column(sa.Text)
    declared_by: Mapped[str] = mapped_column(sa.String(64))
    declared_at: Mapped[datetime]
    withdrawn_by: Mapped[str | None] = mapped_column(sa.String(64))
    withdrawn_at: Mapped[datetime | None]


class VisitPlan(Base):
    """A planned set of visits of a round, and what its draw was made with.

    ``second_share`` of the visits get a blind second look by another evaluator. A site is not
    visited twice within ``site_days``, nor with the same cover story within ``story_days``.
    ``kinds`` holds the plan's forms by code, each with the kinds of site it may be used at (an
    empty list is every kind); ``left_out`` the evaluators who do not take part.
    ``seed`` is secret and fixed when the plan is made. ``draw`` is the hash of the whole record
    of the draw, made again from it at any time.
    """

    __tablename__ = "visit_plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    state: Mapped[str] = mapped_column(sa.String(16))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    second_share: Mapped[float] = mapped_column(sa.Double, default=0.1)
    site_days: Mapped[int] = mapped_column(default=30)
    story_days: Mapped[int] = mapped_column(default=90)
    kinds: Mapped[dict[str, Any]] = mapped_column(default=dict)
    left_out: Mapped[list[str]] = mapped_column(default=list)
    seed: Mapped[str] = mapped_column(sa.String(64), default="")
    draw: Mapped[str | None] = mapped_column(sa.String(64))
    revision: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    drawn_by: Mapped[str | None] = mapped_column(sa.String(64))
    drawn_at: Mapped[datetime | None]
    issued_by: Mapped[str | None] = mapped_column(sa.String(64))
    issued_at: Mapped[datetime | None]


class VisitQuota(Base):
    """How many visits with a form a city gets in a plan."""

    __tablename__ = "visit_quotas"
    __table_args__ = (sa.UniqueConstraint("plan_id", "city", "form_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("visit_plans.id"))
    city: Mapped[str] = mapped_column(sa.String(32))
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("forms.id"))
    count: Mapped[int]


class Visit(Base):
    """One visit to make. ``second_of`` is the visit it looks at again, which its visitor cannot
    know. ``draft`` until the plan is issued, then ``issued``; ``cancelled`` with a reason."""

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("visit_plans.id"), index=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    city: Mapped[str] = mapped_column(sa.String(32))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("sites.id"))
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("forms.id"))
    evaluator: Mapped[str] = mapped_column(sa.String(64), index=True)
    story: Mapped[str] = mapped_column(sa.String(64), default="")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    second_of: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"))
    state: Mapped[str] = mapped_column(sa.String(16))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    revision: Mapped[int] = mapped_column(default=1)

    site: Mapped[Site] = relationship()
    form: Mapped[Form] = relationship()

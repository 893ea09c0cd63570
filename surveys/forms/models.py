"""Forms and their versions; what a version says lives in the evidence store, under its hash."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluation.platform.database import Base


class Form(Base):
    """A form by its id, which phones and submissions name. ``retired`` ones are not listed."""

    __tablename__ = "forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_by: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class FormVersion(Base):
    """One version: the uploaded workbook, the XForm, its document and its page for browsers.

    ``source``, ``xform``, ``document`` and ``page`` are hashes in the evidence store; ``md5`` is
    that of the XForm, as OpenRosa lists it. Published versions never change.
    """

    __tablename__ = "form_versions"
    __table_args__ = (sa.UniqueConstraint("form_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("forms.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(16))
    title: Mapped[str] = mapped_column(sa.String(200))
    title_en: Mapped[str] = mapped_column(sa.String(200), default="")
    method: Mapped[str] = mapped_column(sa.String(32))
    source: Mapped[str] = mapped_column(sa.String(64))
    source_name: Mapped[str] = mapped_column(sa.String(255))
    xform: Mapped[str] = mapped_column(sa.String(64))
    document: Mapped[str] = mapped_column(sa.String(64))
    page: Mapped[str] = mapped_column(sa.String(64))
    md5: Mapped[str] = mapped_column(sa.String(32))
    created_by: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    published_by: Mapped[str | None] = mapped_column(sa.String(64))
    published_at: Mapped[datetime | None]

    form: Mapped[Form] = relationship()


class FormMedia(Base):
    """A picture or sound that a version's questions show."""

    __tablename__ = "form_media"
    __table_args__ = (sa.UniqueConstraint("version_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("form_versions.id"))
    name: Mapped[str] = mapped_column(sa.String(255))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    md5: Mapped[str] = mapped_column(sa.String(32))
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(sa.String(128))

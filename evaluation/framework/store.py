"""Framework versions in the database."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.framework.document import from_document
from evaluation.framework.models import FrameworkVersion
from evaluation.framework.tree import Framework
from evaluation.platform.errors import NotFound


def versions(session: Session) -> list[FrameworkVersion]:
    """Every version of every framework, newest first within each."""
    return list(
        session.scalars(
            sa.select(FrameworkVersion).order_by(
                FrameworkVersion.code, FrameworkVersion.version.desc()
            )
        )
    )


def version(session: Session, code: str, number: int | None = None) -> FrameworkVersion:
    """One version, the newest where *number* is None. Raises NotFound."""
    query = sa.select(FrameworkVersion).where(FrameworkVersion.code == code)
    if number is None:
        query = query.order_by(FrameworkVersion.version.desc()).limit(1)
    else:
        query = query.where(FrameworkVersion.version == number)
    found = session.scalar(query)
    if found is None:
        raise NotFound(framework=code, version=number)
    return found


def framework_of(found: FrameworkVersion) -> Framework:
    """The framework that a version holds; kept in memory by its hash.

    The document is asked for only where the hash is new, so a query may leave it out.
    """
    return _load(_Held(found.sha256, found))


@dataclass(frozen=True)
class _Held:
    """A version known by its hash alone."""

    sha256: str
    version: FrameworkVersion = field(compare=False)


@lru_cache(maxsize=32)
def _load(held: _Held) -> Framework:
    return from_document(json.loads(held.version.document))

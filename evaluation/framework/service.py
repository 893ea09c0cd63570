"""Bringing a framework in as a new version, and freezing the version that a round uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.framework import document, workbook
from evaluation.framework.models import FrameworkVersion
from evaluation.framework.tree import Framework
from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from evaluation.platform.errors import Fault, Faulty

#: A question that a later step of the story asks of a framework before it is brought in.
Check = Callable[[Framework], Sequence[Fault]]


def import_workbook(
    session: Session, who: Actor, data: bytes, *, name: str, checks: Sequence[Check] = ()
) -> tuple[FrameworkVersion, bool]:
    """Read a framework workbook and keep it as the next version.

    The same content again is not a new version: the second value says whether it was new.
    Raises `Faulty` with every fault of the workbook, or that *checks* find.
    """
    framework = workbook.import_framework(data, name=name)
    faults = [fault for check in checks for fault in check(framework)]
    if faults:
        raise Faulty(faults)
    return add_version(session, who, framework)


def add_version(
    session: Session, who: Actor, framework: Framework
) -> tuple[FrameworkVersion, bool]:
    """Keep *framework* as the next version of its code, unless the newest is equal."""
    content = document.canonical_bytes(framework)
    sha256 = document.sha256(framework)
    newest = session.scalar(
        sa.select(FrameworkVersion)
        .where(FrameworkVersion.code == framework.code)
        .order_by(FrameworkVersion.version.desc())
        .limit(1)
    )
    if newest is not None and newest.sha256 == sha256:
        return newest, False
    added = FrameworkVersion(
        code=framework.code,
        version=newest.version + 1 if newest else 1,
        name=framework.name,
        name_en=framework.name_en,
        edition=framework.edition,
        official=framework.official,
        document=content.decode(),
        sha256=sha256,
        created_by=who.username,
        created_at=clock.now(),
    )
    session.add(added)
    session.flush()
    audit.record(
        session,
        who,
        "framework.imported",
        f"framework:{added.code}@{added.version}",
        before={"sha256": newest.sha256} if newest else None,
        after={"sha256": sha256, "indicators": len(framework.indicators)},
    )
    return added, True


def freeze(session: Session, who: Actor, version: FrameworkVersion) -> None:
    """From the first round that uses it on, a version never changes."""
    if version.frozen_at is None:
        version.frozen_at = clock.now()
        audit.record(
            session, who, "framework.frozen", f"framework:{version.code}@{version.version}"
        )

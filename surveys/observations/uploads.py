"""A values file of all units at once: kept, previewed, then committed once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.framework.methods import METHODS
from evaluation.framework.tree import Framework
from evaluation.platform import audit, clock, evidence
from evaluation.platform.audit import Actor
from evaluation.platform.errors import DomainError, Fault, NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import N_
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.filings.models import FilingUpload
from surveys.observations import service, store
from surveys.observations.rules import Given
from surveys.observations.scope import require_open
from surveys.observations.value_reading import read_values
from surveys.observations.value_sheet import Cell, Values

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A value this many times another size than before is told, not refused.
LEAP = 10.0


class ChangedSincePreview(DomainError):
    """Somebody recorded values between the preview and the commit."""

    code = "changed-since-preview"
    title = N_("预览之后数据有变化")
    detail = N_("预览之后，系统里的数据已经变化，没有导入。请核对新的预览，再次确认。")


@dataclass(frozen=True)
class Change:
    """One cell that differs. True stands for not applicable, None for nothing yet."""

    city: str
    indicator: str
    before: float | bool | None
    after: float | bool


@dataclass(frozen=True)
class Preview:
    """What a file would change, and what looks odd about it."""

    values: Values
    changes: tuple[Change, ...]
    warnings: tuple[Fault, ...]

    @property
    def new(self) -> int:
        """Cells that had no value."""
        return sum(change.before is None for change in self.changes)

    @property
    def equal(self) -> int:
        """Cells that already hold the same."""
        return self.values.count - len(self.changes)

    @property
    def digest(self) -> str:
        """Identifies exactly these changes, before and after."""
        said = [[c.city, c.indicator, c.before, c.after] for c in self.changes]
        return hashlib.sha256(audit.canonical(said).encode()).hexdigest()


def present(session: Session, found: Round, method: str) -> dict[Cell, float | bool]:
    """The values that *method* has in a round; True stands for not applicable."""
    return store.values(session, found.id, method)


def preview(session: Session, found: Round, method: str, data: bytes, name: str) -> Preview:
    """Compare a file with what is there. Raises `Faulty`, and `NotFound` for an odd method."""
    if method not in METHODS:
        raise NotFound(method=method)
    framework = rounds.framework(found)
    values = read_values(data, name=name, framework=framework, method=method)
    before = present(session, found, method)
    differing = values.differing(before)
    changes = tuple(
        Change(city, indicator, before.get((city, indicator)), value)
        for (city, indicator), value in differing.items()
    )
    return Preview(values, changes, (*values.warnings, *_leaps(framework, changes, name)))


def hold(
    session: Session, kept: EvidenceStore, who: Actor, found: Round, data: bytes, name: str
) -> FilingUpload:
    """Keep a file as evidence until its preview is confirmed; the same file waits only once."""
    sha256 = evidence.keep(session, kept, who, data, name=name, media_type=media_type(name))
    waiting = session.scalar(
        sa.select(FilingUpload).where(
            FilingUpload.round_id == found.id,
            FilingUpload.city == "",
            FilingUpload.sha256 == sha256,
            FilingUpload.by == who.username,
            FilingUpload.committed_at.is_(None),
        )
    )
    if waiting is not None:
        return waiting
    added = FilingUpload(
        code=secrets.token_hex(8),
        round_id=found.id,
        city="",
        sha256=sha256,
        name=name[-255:],
        by=who.username,
        at=clock.now(),
    )
    session.add(added)
    session.flush()
    return added


def held(session: Session, found: Round, code: str) -> FilingUpload:
    """An upload of all units in a round, locked. Raises `NotFound`."""
    upload = session.scalar(
        sa.select(FilingUpload)
        .where(
            FilingUpload.code == code, FilingUpload.round_id == found.id, FilingUpload.city == ""
        )
        .with_for_update()
    )
    if upload is None:
        raise NotFound(upload=code)
    return upload


def commit(
    session: Session,
    kept: EvidenceStore,
    who: Actor,
    found: Round,
    upload: FilingUpload,
    *,
    method: str,
    digest: str,
) -> int:
    """Record what the preview showed; a second time changes nothing. Returns changed cells.

    Raises `ChangedSincePreview`, `RoundClosed`, `Faulty`.
    """
    require_open(session, found)
    if upload.committed_at is not None:
        return 0
    seen = preview(session, found, method, kept.get(upload.sha256), upload.name)
    if seen.digest != digest:
        raise ChangedSincePreview
    changed = apply(session, who, found, seen, method=method, name=upload.name, sha=upload.sha256)
    upload.committed_at = clock.now()
    upload.changed = changed
    session.flush()
    return changed


def apply(
    session: Session,
    who: Actor,
    found: Round,
    seen: Preview,
    *,
    method: str,
    name: str,
    sha: str,
) -> int:
    """Record the changes of a preview, with the file as their source and evidence."""
    model = Given("", "", method, None, source=name[-255:], evidence=(sha,))
    rows = [
        replace(
            model,
            city=change.city,
            indicator=change.indicator,
            value=None if change.after is True else float(change.after),
            not_applicable=change.after is True,
        )
        for change in seen.changes
    ]
    about = {"method": method, "file": name, "sha256": sha}
    return service.record_many(session, who, found, rows, about=about).changed


def _leaps(framework: Framework, changes: tuple[Change, ...], name: str) -> list[Fault]:
    found = []
    for change in changes:
        if isinstance(change.before, bool | None) or isinstance(change.after, bool):
            continue
        low, high = sorted((abs(change.before), abs(change.after)))
        if low > 0 and high / low >= LEAP:
            unit, node = framework.unit_by_code[change.city], framework.by_code[change.indicator]
            facts: Mapping[str, str] = {
                "place": f"{unit.name} {node.code} {node.name}",
                "before": f"{change.before:.10g}",
                "after": f"{change.after:.10g}",
            }
            found.append(
                Fault(
                    "leap",
                    N_("{place}：由 {before} 变为 {after}，相差 10 倍以上。"),
                    N_("请核对单位和小数点。"),
                    facts,
                    file=name,
                    severity="warning",
                )
            )
    return found


def media_type(name: str) -> str:
    """By the ending of a file name that was already read as such."""
    return "text/csv" if name.lower().endswith(".csv") else XLSX

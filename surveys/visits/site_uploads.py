"""A workbook of sites: kept, previewed, then taken over once.

Between preview and confirmation the file lies in the evidence store; its address carries a seal,
so that nobody can open what somebody else sent.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evaluation.platform import audit, evidence
from evaluation.platform.audit import Actor
from evaluation.platform.errors import DomainError, Fault, Faulty, NotFound
from evaluation.platform.evidence import EvidenceFile, EvidenceStore
from evaluation.platform.i18n import N_
from surveys.visits import sites, sites_store
from surveys.visits.site_reading import read_sites
from surveys.visits.site_rules import SiteEntry

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SitesMoved(DomainError):
    """Sites changed between the preview and the confirmation."""

    code = "changed-since-preview"
    title = N_("预览之后场所有变化")
    detail = N_("预览之后，系统里的场所已经变化，没有导入。请核对新的预览，再次确认。")


@dataclass(frozen=True)
class SiteChange:
    """One site that would be added (``before`` is None) or changed."""

    before: SiteEntry | None
    after: SiteEntry

    @property
    def fields(self) -> list[tuple[str, object, object]]:
        """What differs: field, before, after."""
        if self.before is None:
            return []
        old, new = self.before.facts(), self.after.facts()
        return [(key, old[key], new[key]) for key in new if old[key] != new[key]]


@dataclass(frozen=True)
class SitePreview:
    """What a workbook would change."""

    changes: tuple[SiteChange, ...]
    equal: int

    @property
    def new(self) -> int:
        """Sites that would be added."""
        return sum(change.before is None for change in self.changes)

    @property
    def digest(self) -> str:
        """Identifies exactly these changes, before and after."""
        said = [[c.before.facts() if c.before else None, c.after.facts()] for c in self.changes]
        return hashlib.sha256(audit.canonical(said).encode()).hexdigest()


def seal(secret: str, who: Actor, sha256: str) -> str:
    """What shows that *who* sent the file with this hash."""
    said = f"sites-upload:{who.username}:{sha256}".encode()
    return hmac.digest(secret.encode(), said, hashlib.sha256).hex()[:32]


def preview(session: Session, data: bytes, name: str, cities: Collection[str]) -> SitePreview:
    """Compare a workbook with the sites that are there. Raises `Faulty`."""
    entries = read_sites(data, name=name, cities=cities)
    held = sites_store.by_codes(session, (entry.code for entry in entries))
    wrong = [
        Fault(
            "site-elsewhere",
            N_("场所代码“{code}”已用于另一市州的场所。"),
            N_("请换一个代码；场所的市州不能改。"),
            {"code": entry.code},
            file=name,
            column="code",
        )
        for entry in entries
        if entry.code in held and held[entry.code].city != entry.city
    ]
    if wrong:
        raise Faulty(wrong)
    changes = []
    for entry in entries:
        site = held.get(entry.code)
        before = sites.entry_of(site) if site else None
        if before != entry:
            changes.append(SiteChange(before, entry))
    return SitePreview(tuple(changes), len(entries) - len(changes))


def hold(session: Session, store: EvidenceStore, who: Actor, data: bytes, name: str) -> str:
    """Keep a workbook until its preview is confirmed; gives its hash."""
    return evidence.keep(session, store, who, data, name=name, media_type=XLSX)


def held(
    session: Session, store: EvidenceStore, secret: str, who: Actor, sha256: str, said: str
) -> tuple[bytes, str]:
    """The workbook and its name. Raises `NotFound` without the right seal."""
    row = session.get(EvidenceFile, sha256)
    if row is None or not hmac.compare_digest(seal(secret, who, sha256), said):
        raise NotFound(upload=sha256)
    return store.get(sha256), row.name


def commit(
    session: Session,
    who: Actor,
    data: bytes,
    name: str,
    sha256: str,
    *,
    cities: Collection[str],
    digest: str,
) -> SitePreview:
    """Take over what the preview showed. Raises `SitesMoved`, `Faulty`."""
    seen = preview(session, data, name, cities)
    if not seen.changes:
        return seen
    if seen.digest != digest:
        raise SitesMoved
    about = {"file": name, "sha256": sha256}
    sites.save_many(session, who, [change.after for change in seen.changes], about=about)
    return seen

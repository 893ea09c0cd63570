"""An uploaded workbook: kept, previewed against what stands now, saved at once when confirmed."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from evaluation.framework.tree import Framework
from evaluation.platform import clock, evidence
from evaluation.platform.audit import Actor
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import N_
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.filings import files_store, history_store, progress_store, rules, service, store
from surveys.filings.errors import PreviewStale
from surveys.filings.given import Filled, Given
from surveys.filings.models import FilingUpload
from surveys.filings.reading import read_filled
from surveys.filings.rules import Entry
from surveys.filings.store import Cell
from surveys.filings.whose import Expected

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Line:
    """One cell of the preview: what stands, what it would become, what is odd about it."""

    given: Given
    held: Cell
    after: Entry
    oddities: tuple[Fault, ...] = ()


@dataclass
class Preview:
    """What confirming an upload would do.

    ``conflicts`` were changed in the system after the workbook was made, and in the workbook
    too; ``overtaken`` only in the system, so the system's value stays.
    """

    filled: Filled
    changes: list[Line] = field(default_factory=list)
    conflicts: list[Line] = field(default_factory=list)
    overtaken: list[Line] = field(default_factory=list)
    same: int = 0
    left: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def errors(self) -> list[Fault]:
        """What keeps it from being confirmed."""
        return [fault for fault in self.faults if fault.severity == "error"]

    @property
    def warnings(self) -> list[Fault]:
        """What to look at before confirming, by cell."""
        odd = [each for line in (*self.changes, *self.conflicts) for each in line.oddities]
        return [fault for fault in self.faults if fault.severity != "error"] + odd

    def revisions(self) -> dict[str, int]:
        """The revisions this preview was computed on, by indicator."""
        return {
            line.given.node.code: line.held.revision for line in (*self.changes, *self.conflicts)
        }


def expected(round: Round, city: str) -> Expected:  # noqa: A002 - the story's own noun
    """What a workbook of *city* must say of itself."""
    version = round.framework_version
    return Expected(round.code, city, version.sha256, version.version)


def keep_upload(
    session: Session,
    evidence_store: EvidenceStore,
    who: Actor,
    round: Round,  # noqa: A002
    city: str,
    content: bytes,
    *,
    name: str,
) -> FilingUpload:
    """Keep an uploaded workbook for its preview; the same file again is the same upload.

    Raises ``Faulty``, keeping nothing, when it is not a plain workbook or nothing in it could be
    read: the form of another city, no such sheet. There would be no cell to show or to mark.
    """
    framework = rounds.framework(round)
    filled = read_filled(content, name=name, framework=framework, expected=expected(round, city))
    errors = [fault for fault in filled.faults if fault.severity == "error"]
    if errors and not filled.given and not any(fault.cell for fault in errors):
        raise Faulty(errors)
    sha256 = evidence.keep(session, evidence_store, who, content, name=name, media_type=XLSX)
    for earlier in files_store.uploads_of(session, round.id, city, sha256):
        if earlier.committed_at is None and earlier.by == who.username:
            return earlier
    added = FilingUpload(
        code=secrets.token_hex(8),
        round_id=round.id,
        city=city,
        sha256=sha256,
        name=name[-255:],
        by=who.username,
        at=clock.now(),
    )
    session.add(added)
    session.flush()
    return added


def preview(
    session: Session,
    round: Round,  # noqa: A002
    city: str,
    content: bytes,
    *,
    name: str,
) -> Preview:
    """What the workbook would change, computed against what stands now."""
    framework = rounds.framework(round)
    filled = read_filled(content, name=name, framework=framework, expected=expected(round, city))
    held = store.cells(session, round.id, city)
    last = progress_store.last_values(session, round, city)
    gate = store.filing(session, round.id, city)
    base = history_store.entries_at(session, round.id, city, filled.revisions)
    found = Preview(filled, faults=list(filled.faults))
    for given in filled.given:
        here = held.get(given.node.code, store.EMPTY)
        after = given.over(here.entry)
        if after == here.entry:
            empty = given.value is None and not given.not_applicable and not given.note
            found.left += empty
            found.same += not empty
            continue
        line = Line(given, here, after, _odd(framework, given, after, last))
        made_at = filled.revisions.get(given.node.code, 0)
        if filled.checked and made_at != here.revision:
            then = base.get(given.node.code, Entry())
            if given.over(then) == then:
                found.overtaken.append(line)
                continue
            found.conflicts.append(line)
        else:
            found.changes.append(line)
        if not rules.is_editable(
            round_state=round.state,
            closes_at=round.filing_closes_at,
            filing_state=gate.state,
            cell_state=here.state,
            now=clock.now(),
        ):
            found.faults.append(_locked(given, name))
    return found


def commit(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002
    city: str,
    upload: FilingUpload,
    content: bytes,
    *,
    seen: Mapping[str, int],
    overwrite: Collection[str] = (),
) -> int | None:
    """Save a previewed workbook; gives how many cells changed, None when it was saved before.

    *seen* holds the revisions of the preview, *overwrite* the conflicting cells that take the
    workbook's value. Raises ``Faulty``, or `PreviewStale` when a cell moved since the preview.
    """
    store.gate(session, round.id, city)
    session.refresh(upload, with_for_update=True)
    if upload.committed_at is not None:
        return None
    found = preview(session, round, city, content, name=upload.name)
    if found.errors:
        raise Faulty(found.errors)
    moved = [
        code
        for code in sorted({*seen, *found.revisions()})
        if seen.get(code) != found.revisions().get(code)
    ]
    differs = found.changes or found.conflicts or found.overtaken
    if moved and differs:  # else somebody saved just this: there is nothing left to do
        raise PreviewStale(count=len(moved), moved=moved)
    lines = [*found.changes, *(c for c in found.conflicts if c.given.node.code in overwrite)]
    changes = {
        line.given.node.code: service.Change(line.after, line.held.revision) for line in lines
    }
    about = {"file": upload.sha256, "name": upload.name, "upload": upload.code}
    changed = service.save_many(session, who, round, city, changes, how="workbook", about=about)
    upload.committed_at, upload.changed = clock.now(), changed
    session.flush()
    return changed


def _odd(
    framework: Framework, given: Given, after: Entry, last: Mapping[str, float | None]
) -> tuple[Fault, ...]:
    found = rules.oddities(given.node, after, last.get(given.node.code))
    return tuple(replace(each, cell=given.cell, column="") for each in found)


def _locked(given: Given, name: str) -> Fault:
    return Fault(
        "locked",
        N_("“{code} {name}”现在不能修改，而工作簿中的值与系统中的不同。"),
        N_("请恢复为系统中的值，或请省级管理员退回这项指标。"),
        {"code": given.node.code, "name": given.node.name},
        file=name,
        cell=given.cell,
    )

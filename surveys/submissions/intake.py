"""Everything that taking in a record needs: where it goes, and whose phone sends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.submissions.models import Device
from surveys.submissions.parcel import Inspect
from surveys.visits.masking import masked

XML, JSON = "text/xml", "application/json"


@dataclass(frozen=True)
class Intake:
    """Who sends, and where it is kept. ``inspect`` says what a file is by its content."""

    database: Database
    store: EvidenceStore
    settings: Settings
    device: Device
    inspect: Inspect

    @cached_property
    def who(self) -> System:
        """The evaluator as the audit log may name one."""
        return masked(self.settings.secret, self.device.username)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is on the disk, ready for its row."""

    sha256: str
    size: int
    name: str
    media_type: str

    def values(self, who: System, now: datetime) -> dict[str, Any]:
        """Its row in ``evidence_files``."""
        return {
            "sha256": self.sha256,
            "size": self.size,
            "media_type": self.media_type,
            "name": self.name,
            "stored_by": who.username,
            "stored_at": now,
        }


def put(intake: Intake, contents: Iterable[tuple[bytes, str, str]]) -> dict[str, Stored]:
    """Put contents (bytes, name, media type) on the disk before any row names them; by hash."""
    listed = list(contents)
    return stored(listed, intake.store.put_many([content for content, *_facts in listed]))


def stored(contents: Iterable[tuple[bytes, str, str]], hashes: Iterable[str]) -> dict[str, Stored]:
    """Contents that are put under these hashes, by hash."""
    return {
        sha256: Stored(sha256, len(content), name[-255:], media_type)
        for sha256, (content, name, media_type) in zip(hashes, contents, strict=True)
    }


def rows(stored: Mapping[str, Stored], who: System, now: datetime) -> list[dict[str, Any]]:
    """Rows of stored files, in a fixed order: two writers never wait for each other crosswise."""
    return [stored[sha256].values(who, now) for sha256 in sorted(stored)]

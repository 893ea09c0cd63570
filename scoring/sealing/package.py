"""A sealed package: what was published, everything it follows from, and who vouches for it. Pure.

The same run, sealed with the same facts by the same key, is the same bytes on every machine.
"""

from __future__ import annotations

import base64
import hashlib
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evaluation.framework import document
from scoring import composite
from scoring.runs.sheets import sheet_from_bytes
from scoring.runs.snapshot import canonical, snapshot_from_bytes
from scoring.sealing import archive, keys
from scoring.sealing.contents import MEMBERS, SHEET, SNAPSHOT, derived

FORMAT = "yingshang-package/1"
MANIFEST, SIGNATURE = "manifest.json", "signature"


def versions() -> dict[str, str]:
    """What a score depends on, as it is installed here."""
    return dict(_versions())


@lru_cache(maxsize=1)
def _versions() -> tuple[tuple[str, str], ...]:
    packages = ("yingshang", "numpy", "scipy")
    return (
        ("python", platform.python_version()),
        *((name, version(name)) for name in packages),
        ("engine", _engine()),
    )


def _engine() -> str:
    """The engine's own source, hashed: what a version number does not tell of an unreleased one."""
    folder = Path(composite.__path__[0])
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py"), key=lambda each: each.relative_to(folder).as_posix()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Anchor:
    """A row of the audit log: by its digest it stands for every row before it."""

    number: int
    digest: str
    algorithm: str


@dataclass(frozen=True)
class Previous:
    """The package that this one corrects."""

    version: int
    sha256: str


@dataclass(frozen=True)
class Facts:
    """What is said of a sealed result. Moments are aware; persons are not named.

    ``two_people`` says that whoever approved and whoever published were two; ``changes`` is what a
    correction tells the public.
    """

    round: str
    name: str
    name_en: str
    version: int
    run: int
    scored_with: str
    scored_at: datetime
    approved_at: datetime
    published_at: datetime
    sealed_at: datetime
    two_people: bool
    anchor: Anchor
    previous: Previous | None = None
    note: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    demo: bool = False
    sealed_with: Mapping[str, str] = field(default_factory=versions)


@dataclass(frozen=True)
class Package:
    """A package as bytes, with what its seal is remembered by."""

    content: bytes
    manifest: bytes
    signature: str
    key_id: str

    @property
    def sha256(self) -> str:
        """Of the whole file."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def manifest_sha256(self) -> str:
        """Of what is signed."""
        return hashlib.sha256(self.manifest).hexdigest()


def build(snapshot: bytes, sheet: bytes, facts: Facts, key: Ed25519PrivateKey) -> Package:
    """Seal a run. Raises ValueError where *snapshot* or *sheet* cannot be read."""
    frozen = snapshot_from_bytes(snapshot)
    members = derived(frozen, sheet_from_bytes(sheet)) | {SNAPSHOT: snapshot, SHEET: sheet}
    ordered = {name: members[name] for name in MEMBERS}
    public = key.public_key()
    manifest = canonical(
        {
            "format": FORMAT,
            "demo": facts.demo,
            "round": {"code": facts.round, "name": facts.name, "name_en": facts.name_en},
            "organiser": frozen.framework.organiser,
            "framework": {
                "code": frozen.framework.code,
                "edition": frozen.framework.edition,
                "sha256": document.sha256(frozen.framework),
            },
            "version": facts.version,
            "run": facts.run,
            "scored_with": facts.scored_with,
            "sealed_with": dict(facts.sealed_with),
            "scored_at": _moment(facts.scored_at),
            "approved_at": _moment(facts.approved_at),
            "published_at": _moment(facts.published_at),
            "sealed_at": _moment(facts.sealed_at),
            "two_people": facts.two_people,
            "audit": asdict(facts.anchor),
            "previous": asdict(facts.previous) if facts.previous else None,
            "note": facts.note,
            "changes": facts.changes,
            "key": {
                "algorithm": keys.ALGORITHM,
                "id": keys.key_id(public),
                "pem": keys.pem_of(public),
            },
            "members": [
                {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                for name, content in ordered.items()
            ],
        }
    )
    signature = base64.b64encode(key.sign(manifest)).decode()
    content = archive.write({MANIFEST: manifest, SIGNATURE: f"{signature}\n".encode(), **ordered})
    return Package(content, manifest, signature, keys.key_id(public))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

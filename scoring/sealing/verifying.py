"""Verification of a package: by its own bytes, on any machine, with no database. Pure.

Everything that is wrong is told at once, each with the member that it concerns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluation.framework import document
from scoring.runs.snapshot import Snapshot, canonical, snapshot_from_bytes
from scoring.sealing import archive, keys
from scoring.sealing.archive import first_difference
from scoring.sealing.contents import FRAMEWORK, MEMBERS, SHEET, SNAPSHOT
from scoring.sealing.finding import Finding
from scoring.sealing.package import MANIFEST, SIGNATURE, versions
from scoring.sealing.reading import Manifest, read_manifest, read_signature
from scoring.sealing.recomputing import ROUNDING, recompute, spoiled_sheet

ORDER = (MANIFEST, SIGNATURE, *MEMBERS)


@dataclass
class Verdict:
    """What a verification found. ``manifest`` is None where it cannot be read.

    ``ranks`` is how many places were calculated again and are the same, byte for byte.
    """

    sha256: str
    manifest: Manifest | None = None
    problems: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    ranks: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def as_mapping(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "holds": self.holds,
            "sha256": self.sha256,
            "ranks": self.ranks,
            "manifest": None if self.manifest is None else dict(self.manifest.held),
            "problems": [each.as_mapping() for each in self.problems],
            "notes": [each.as_mapping() for each in self.notes],
        }


def verify(content: bytes, *, key_id: str | None = None, calculate: bool = True) -> Verdict:
    """Check a package.

    *key_id* is the id of the key that it has to be sealed by; without it any key will do, which
    a note says. Without *calculate* the result is not scored again.
    """
    verdict = Verdict(hashlib.sha256(content).hexdigest())
    members, spoiled = archive.read(content)
    verdict.problems += [
        Finding(each.member, each.what, {} if each.at is None else {"at": each.at})
        for each in spoiled
    ]
    if not members:
        return verdict
    verdict.problems += _names(members)
    try:
        manifest = verdict.manifest = read_manifest(members.get(MANIFEST, b""))
    except ValueError as error:
        if MANIFEST in members:
            verdict.problems.append(Finding(MANIFEST, "manifest-unreadable", {"why": str(error)}))
        verdict.problems.append(Finding("", "not-recomputed"))
        return verdict
    verdict.problems += _signature(manifest, members, key_id)
    verdict.problems += _hashes(manifest, members)
    verdict.notes += _notes(manifest, key_id)
    snapshot = _inputs(verdict, manifest, members)
    if calculate:
        _calculate(verdict, snapshot, members)
    return verdict


def _names(members: Mapping[str, bytes]) -> Iterator[Finding]:
    yield from (Finding(name, "missing") for name in ORDER if name not in members)
    yield from (Finding(name, "unknown") for name in members if name not in ORDER)
    known = [name for name in members if name in ORDER]
    if known != [name for name in ORDER if name in members]:
        yield Finding("", "order")


def _signature(
    manifest: Manifest, members: Mapping[str, bytes], wanted: str | None
) -> Iterator[Finding]:
    spelled = canonical(manifest.held)
    if spelled != members[MANIFEST]:
        at = first_difference(members[MANIFEST], spelled)
        yield Finding(MANIFEST, "manifest-spelling", {"at": at})
    if not manifest["two_people"]:
        yield Finding(MANIFEST, "one-person")
    if wanted is not None and manifest["key.id"] != wanted:
        yield Finding(
            MANIFEST,
            "other-key",
            {
                "found": keys.fingerprint(manifest["key.id"][:64]),
                "wanted": keys.fingerprint(wanted),
            },
        )
    try:
        key = manifest.public_key
    except ValueError:
        yield Finding(MANIFEST, "key")
        return
    if SIGNATURE not in members:
        return
    try:
        signature = read_signature(members[SIGNATURE])
    except ValueError:
        yield Finding(SIGNATURE, "signature-unreadable")
        return
    if not keys.holds(key, signature, members[MANIFEST]):
        yield Finding(SIGNATURE, "signature")
        yield Finding(MANIFEST, "signature")


def _hashes(manifest: Manifest, members: Mapping[str, bytes]) -> Iterator[Finding]:
    listed = {each.name: each for each in manifest.members}
    if [each.name for each in manifest.members] != list(MEMBERS):
        yield Finding(MANIFEST, "manifest-unreadable", {"why": "members"})
    for name in MEMBERS:
        if name not in members:
            continue
        content = members[name]
        if name not in listed:
            yield Finding(name, "not-listed")
        elif len(content) != listed[name].size:
            facts = {"found": len(content), "wanted": listed[name].size}
            yield Finding(name, "size", facts)
        elif hashlib.sha256(content).hexdigest() != listed[name].sha256:
            yield Finding(name, "hash")


def _inputs(verdict: Verdict, manifest: Manifest, members: Mapping[str, bytes]) -> Snapshot | None:
    """The frozen inputs, where they can be read; whatever is wrong with them is a problem."""
    if SNAPSHOT not in members:
        return None
    try:
        snapshot = snapshot_from_bytes(members[SNAPSHOT])
        spelled = snapshot.bytes
    except Exception as error:
        why = f"{type(error).__name__}: {error}"[:200]
        verdict.problems.append(Finding(SNAPSHOT, "snapshot-unreadable", {"why": why}))
        return None
    if spelled != members[SNAPSHOT]:
        at = first_difference(members[SNAPSHOT], spelled)
        verdict.problems.append(Finding(SNAPSHOT, "snapshot-spelling", {"at": at}))
    if snapshot.round != manifest["round.code"]:
        facts = {"found": snapshot.round[:64], "wanted": manifest["round.code"][:64]}
        verdict.problems.append(Finding(SNAPSHOT, "other-round", facts))
    if document.sha256(snapshot.framework) != manifest["framework.sha256"]:
        verdict.problems.append(Finding(FRAMEWORK, "other-framework"))
    return snapshot


def _calculate(verdict: Verdict, snapshot: Snapshot | None, members: dict[str, bytes]) -> None:
    """Score again what is still what was sealed."""
    changed = {
        each.member
        for each in verdict.problems
        if each.code in ("hash", "size", "content", "missing", "not-listed")
    }
    if snapshot is None or SHEET not in members or changed & {SNAPSHOT, SHEET}:
        if snapshot is not None and SNAPSHOT not in changed:
            verdict.problems += spoiled_sheet(snapshot, members.get(SHEET, b""))
        else:
            verdict.problems.append(Finding("", "not-recomputed"))
        return
    found = recompute(snapshot, members)
    verdict.problems += found.problems
    verdict.ranks = found.ranks
    if found.rounded:
        facts = {"count": found.rounded, "most": f"{ROUNDING:g}"}
        verdict.notes.append(Finding(SHEET, "rounding", facts))


def _notes(manifest: Manifest, key_id: str | None) -> Iterator[Finding]:
    if manifest["demo"]:
        yield Finding("", "demo")
    here, sealed = versions(), manifest["sealed_with"]
    if here != sealed:
        yield Finding(
            "",
            "versions",
            {
                "sealed": " ".join(f"{name} {sealed[name]}" for name in sorted(sealed))[:200],
                "here": " ".join(f"{name} {here[name]}" for name in sorted(here)),
            },
        )
    if key_id is None:
        yield Finding("", "unpinned", {"key": keys.fingerprint(manifest["key.id"][:64])})

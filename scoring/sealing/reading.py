"""A manifest read with suspicion: every key that is used is there and is of its kind. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from scoring.runs.snapshot import canonical
from scoring.sealing import keys
from scoring.sealing.package import FORMAT

#: Where each value stands that is read, and its kind.
SHAPE: Mapping[str, type | tuple[type, ...]] = {
    "demo": bool,
    "round.code": str,
    "round.name": str,
    "round.name_en": str,
    "framework.sha256": str,
    "version": int,
    "run": int,
    "scored_with": str,
    "sealed_with": dict,
    "approved_at": str,
    "published_at": str,
    "sealed_at": str,
    "two_people": bool,
    "audit.number": int,
    "audit.digest": str,
    "audit.algorithm": str,
    "previous": (dict, type(None)),
    "note": str,
    "changes": dict,
    "key.algorithm": str,
    "key.id": str,
    "key.pem": str,
    "members": list,
}
EMPTY: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Listed:
    """A member as the manifest lists it."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A manifest whose values are what they should be; ``held`` is all of it."""

    held: Mapping[str, Any]
    members: tuple[Listed, ...]

    def __getitem__(self, path: str) -> Any:
        found: Any = self.held
        for key in path.split("."):
            found = found[key]
        return found

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The key that the package names. Raises ValueError where it is none, or another."""
        key = keys.read_public(self["key.pem"].encode())
        if keys.key_id(key) != self["key.id"] or self["key.algorithm"] != keys.ALGORITHM:
            raise ValueError("another key")
        return key


def read_manifest(content: bytes) -> Manifest:
    """Raises ValueError saying what is not as it should be."""
    try:
        held = json.loads(content)
        canonical(held)  # what has no spelling of its own is refused here
    except (ValueError, RecursionError) as error:
        raise ValueError(f"JSON: {error}"[:200]) from None
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        raise ValueError(f"format ≠ {FORMAT}")
    for path, kind in SHAPE.items():
        found: Any = held
        for key in path.split("."):
            found = found.get(key, EMPTY) if isinstance(found, dict) else EMPTY
        if found is EMPTY or not isinstance(found, kind) or (kind is int and found is True):
            raise ValueError(path)
    listed = []
    for each in held["members"]:
        fields = [each.get(key) for key in ("name", "size", "sha256")] if _is_dict(each) else []
        if [type(value) for value in fields] != [str, int, str]:
            raise ValueError("members")
        listed.append(Listed(*fields))
    return Manifest(held, tuple(listed))


def read_signature(content: bytes) -> bytes:
    """The 64 bytes of a signature member. Raises ValueError for any other spelling."""
    try:
        signature = base64.b64decode(content.removesuffix(b"\n"), validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    if len(signature) != 64 or base64.b64encode(signature) + b"\n" != content:
        raise ValueError("not a signature")
    return signature


def _is_dict(value: object) -> bool:
    return isinstance(value, dict)

"""HTTP Digest as ODK Collect speaks it (RFC 7616: MD5, qop=auth), without state on the server.

A nonce carries the moment it was made and a seal. It may be used more than once until it is too
old: what a phone sends twice is one record anyway, and what it reads is its own.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from surveys.submissions.devices import REALM

NONCE_LASTS = timedelta(minutes=30)
_PAIR = re.compile(r'([A-Za-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))')
_ESCAPED = re.compile(r"\\(.)")
_SCHEME = re.compile(r"digest\s+", re.IGNORECASE)
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Given:
    """What a client's Authorization header says."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str
    nc: str
    cnonce: str
    qop: str


def read(header: str) -> Given | None:
    """The header of a Digest answer; None for anything that is none."""
    start = _SCHEME.match(header)
    if start is None or len(header) > _LONGEST:
        return None
    said = {
        name.lower(): plain or _ESCAPED.sub(r"\1", quoted)
        for name, quoted, plain in _PAIR.findall(header, start.end())
    }
    if said.get("algorithm", "MD5").upper() != "MD5" or said.get("qop") != "auth":
        return None
    try:
        return Given(**{name: said[name] for name in Given.__slots__})
    except KeyError:
        return None


def answers(given: Given, ha1: str, methods: tuple[str, ...], address: str) -> bool:
    """Whether whoever answered knows the key behind *ha1*, and meant this address."""
    if not ha1 or given.realm != REALM or given.uri != address:
        return False
    middle = f"{given.nonce}:{given.nc}:{given.cnonce}:{given.qop}"
    return any(
        hmac.compare_digest(
            _md5(f"{ha1}:{middle}:{_md5(f'{method}:{given.uri}')}").encode(),
            given.response.lower().encode(),
        )
        for method in methods
    )


def new_nonce(secret: str, now: datetime) -> str:
    """A nonce of this moment."""
    said = f"{int(now.timestamp()):x}.{secrets.token_hex(8)}"
    return f"{said}.{_seal(secret, said)}"


def nonce_age(secret: str, nonce: str, now: datetime) -> timedelta | None:
    """How old a nonce of ours is; None for one that is not ours."""
    said, _, seal = nonce.rpartition(".")
    if not said or not hmac.compare_digest(seal.encode(), _seal(secret, said).encode()):
        return None
    made = int(said.partition(".")[0], 16)
    return timedelta(seconds=now.timestamp() - made)


def challenge(secret: str, now: datetime, *, stale: bool) -> Mapping[str, str]:
    """The header that asks for an answer; *stale* where only the nonce was too old."""
    said = f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{new_nonce(secret, now)}"'
    return {"WWW-Authenticate": f"{said}, stale=true" if stale else said}


def _seal(secret: str, said: str) -> str:
    return hmac.digest(secret.encode(), b"digest:" + said.encode(), hashlib.sha256).hex()[:32]


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(errors="replace"), usedforsecurity=False).hexdigest()

"""The key that seals: Ed25519, made once, readable by its owner only."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_
from evaluation.platform.settings import Settings

ALGORITHM = "ed25519"
NAME = "seal.pem"


class KeyUnusable(DomainError):
    """The key is missing where the settings say it is, or is no Ed25519 key."""

    code = "seal-key-unusable"
    title = N_("封存密钥不可用")
    detail = N_(
        "读不到 {path} 里的 Ed25519 私钥，结果不能封存，所以没有发布。请联系系统管理员恢复密钥。"
    )


def path_of(settings: Settings) -> Path:
    """Where this deployment keeps its key."""
    return Path(settings.seal_key) if settings.seal_key else settings.data / "keys" / NAME


def signing_key(settings: Settings) -> Ed25519PrivateKey:
    """This deployment's key; the first time it is needed it is made, unless a path was given.

    Raises `KeyUnusable`.
    """
    path = path_of(settings)
    if not settings.seal_key:
        make_once(path)
    return read_private(path)


def make_once(path: Path) -> None:
    """Make a key at *path* unless there is one; of several at once one wins, and it is whole."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    descriptor, made = tempfile.mkstemp(dir=path.parent)  # for its owner only
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(made, path)
        except FileExistsError:
            return
    finally:
        os.unlink(made)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_private(path: Path) -> Ed25519PrivateKey:
    """The key in a file. Raises `KeyUnusable`."""
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyUnusable(path=path.name) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(path=path.name)
    return key


def read_public(content: bytes) -> Ed25519PublicKey:
    """The public key of a PEM. Raises ValueError for anything but Ed25519."""
    try:
        key = load_pem_public_key(content)
    except UnsupportedAlgorithm:
        raise ValueError("not an Ed25519 key") from None
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")
    return key


def pem_of(key: Ed25519PublicKey) -> str:
    """The public key as others read it."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def key_id(key: Ed25519PublicKey) -> str:
    """SHA-256 of the public key's DER: ``openssl pkey -pubin -outform DER | sha256sum``."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def holds(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    """Whether *signature* is this key's over *content*."""
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def fingerprint(identity: str) -> str:
    """A key's id in groups of four, to be read aloud and compared."""
    return " ".join(identity[at : at + 4] for at in range(0, len(identity), 4))

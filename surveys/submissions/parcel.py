"""What a phone sends at once, and what it says in it, before anything is looked up. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_

MAX_PARTS = 1_000
MAX_LEDGER_BYTES = 2**20
MAX_FILES = 1_000  # named by one edition
LONGEST_INSTANCE = 80
LONGEST_NAME = 255

_INSTANCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{7,79}")
_SPACES = re.compile(r"[\s\-–—]+")


class ParcelTooLarge(DomainError):
    """More than one sending may hold; nothing of it was kept, the phone still has it."""

    status = 413
    code = "parcel-too-large"
    title = N_("一次发送的内容太多")
    detail = N_("{what}超过上限 {limit}。手机上的记录没有丢失，请不要删除，并联系评价督导。")


class NoRecord(DomainError):
    """A post without the XML of a record."""

    status = 400
    code = "no-record"
    title = N_("没有收到记录")
    detail = N_("请求中没有 xml_submission_file。手机上的记录没有丢失，请重新发送。")


@dataclass(frozen=True, slots=True)
class SentFile:
    """One file of a sending. ``name`` is only ever compared with what the XML names."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Its hash."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Parcel:
    """One post: the record, its ledger where the app keeps one, and some or all of its files."""

    xml: bytes
    ledger: bytes | None = None
    files: tuple[SentFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file is by its content; ``problem`` says why it is kept sealed and not shown."""

    media_type: str
    problem: str = ""


#: Says what a file is, from its bytes and its name.
Inspect = Callable[[bytes, str], Inspected]


def bare_name(name: str) -> str:
    """The last component of a file's name; names are compared, never used as a path."""
    return re.split(r"[\\/]", name)[-1].strip()


def storable(name: str) -> bool:
    """Whether a file name can be kept and shown as it is."""
    return 0 < len(name) <= LONGEST_NAME and name.isprintable() and name not in (".", "..")


def is_instance(text: str) -> bool:
    """Whether a record's id is one: random, short, and nothing but letters, digits, ``:._-``."""
    return _INSTANCE.fullmatch(text) is not None


def typed_code(text: str) -> str:
    """A visit's code as it is stored, from what somebody typed or scanned."""
    return _SPACES.sub("", text).upper()
